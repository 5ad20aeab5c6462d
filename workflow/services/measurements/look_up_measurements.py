"""Reading measurements: the values of indicators within the reader's scope."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true

from workflow.models.measurements import Measurement
from workflow.models.organisation import Unit
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.fields import permit
from workflow.services.paging import Page, PageAsked, page
from workflow.services.people.look_up_organisation import within


@dataclass(frozen=True, slots=True)
class MeasurementsWanted:
    """What the list is narrowed to; codes as shown, None where not narrowed."""

    item: str | None = None
    subject: str | None = None
    period: str | None = None


def list_measurements(actor: Actor, wanted: MeasurementsWanted, asked: PageAsked) -> Page[Measurement]:
    """List what counts of the measurements in the actor's scope; raises Refusal for those who may see none."""
    permit(decide_unit(actor, Action.MEASUREMENTS_SEE))
    query = select(Measurement).where(_seen_by(actor), Measurement.withdrawn.is_(False))
    equal = {Measurement.item: wanted.item, Measurement.subject_code: wanted.subject, Measurement.period: wanted.period}
    for column, value in equal.items():
        if value is not None:
            query = query.where(column == value)
    return page(query, (Measurement.id,), asked, lambda row: row[0])


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what the actor may see: all in the scope of a role, a recorder's own items in theirs."""
    whole = actor.paths({Role.PREPARER, Role.ADMINISTRATOR, Role.AUDITOR})
    own = (
        and_(_below((grant.unit_path,)), Measurement.item.in_(sorted(grant.items)))
        for grant in actor.grants
        if grant.role is Role.RECORDER
    )
    return or_(_below(whole), *own)


def _below(paths: tuple[str, ...]) -> ColumnElement[bool]:
    if COMPANY in paths:
        return true()
    return Measurement.unit_id.in_(select(Unit.id).where(within(paths)))
