"""Reading improvement plans 改进: those of the units in the reader's scope, those for oneself, those one carries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from workflow.errors import Denied, not_seen
from workflow.lifecycle import improvement as lifecycle
from workflow.models.database import db
from workflow.models.improvements import Improvement, ImprovementNote
from workflow.models.organisation import Person, Unit
from workflow.policy import Action, Actor, unit_scope
from workflow.services.following.effects import Effect, effect_of
from workflow.services.following.improve import facts_of
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within

_Owner = aliased(Person)


@dataclass(frozen=True, slots=True)
class ImprovementRow:
    """One improvement plan; it is late while it is open and its due date has passed."""

    id: int
    subject_kind: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    scheme: str
    item: str
    item_title: str
    measured_by: str
    better: str
    problem: str
    measures: str
    owner: str
    owner_name: str
    due_on: date
    late: bool
    state: str
    agreed_on: date | None
    finished_on: date | None
    before_value: Decimal | None
    after_value: Decimal | None
    judgement: str | None
    next_step: str | None
    version: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of the progress."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ImprovementDetail:
    """One improvement plan with its progress, its effect so far, and which moves the reader can make, of others why not."""

    improvement: ImprovementRow
    notes: tuple[NoteRow, ...]
    effect: Effect
    forbidden: Mapping[str, Denied]
    denied: Mapping[str, Denied]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The moves that the reader can make now."""
        return tuple(str(trigger) for trigger in lifecycle.Trigger if trigger not in self.denied)


class Whose(StrEnum):
    """Which improvement plans of all that the reader may see: those one carries out, or those for oneself."""

    MINE = "mine"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class ImprovementsWanted:
    """What the list is narrowed to; None where it is not."""

    state: str | None = None
    subject: str | None = None
    owner: str | None = None
    whose: Whose | None = None
    late: bool = False


def list_improvements(actor: Actor, wanted: ImprovementsWanted, asked: PageAsked, today: date) -> Page[ImprovementRow]:
    """List the improvement plans that the actor may see, the newest first; raises Refusal for a bad place to go on from."""
    query = _told().where(_seen_by(actor))
    narrowed = {Improvement.state: wanted.state, Improvement.subject_code: wanted.subject, _Owner.code: wanted.owner}
    for column, value in narrowed.items():
        if value:
            query = query.where(column == value)
    if wanted.whose is not None:
        query = query.where(_WHOSE[wanted.whose] == actor.person_id)
    if wanted.late:
        query = query.where(_is_late(today))
    return page(query, (Improvement.id,), asked, lambda row: _row(row, today), newest_first=True)


def is_concerned(actor: Actor) -> bool:
    """Say whether there is any improvement plan for the actor, or one that the actor carries out."""
    if actor.person_id is None:
        return False
    return db.session.scalar(select(Improvement.id).where(_is_own(actor.person_id)).limit(1)) is not None


def count_late(actor: Actor, today: date) -> int:
    """Count the improvement plans that the actor carries out and that are past their due date."""
    if actor.person_id is None:
        return 0
    query = select(func.count()).select_from(Improvement)
    return db.session.scalar(query.where(Improvement.owner_id == actor.person_id, _is_late(today))) or 0


def find_improvement(actor: Actor, improvement_id: int, today: date) -> ImprovementDetail:
    """Read one improvement plan; raises Refusal (not seen) for one that the actor may not see."""
    row = db.session.execute(_told().where(Improvement.id == improvement_id, _seen_by(actor))).first()
    if row is None:
        raise not_seen()
    improvement, unit = row[0], row[1]
    effect = effect_of(improvement)
    facts = facts_of(improvement, effect, unit.path)
    notes = db.session.scalars(
        select(ImprovementNote).where(ImprovementNote.improvement_id == improvement.id).order_by(ImprovementNote.number)
    )
    return ImprovementDetail(
        improvement=_row(row, today),
        notes=tuple(NoteRow(each.text, each.name, each.at) for each in notes),
        effect=effect,
        forbidden=_refused(lambda trigger: lifecycle.forbidden(trigger, facts, actor)),
        denied=_refused(lambda trigger: lifecycle.explain(trigger, facts, actor)),
    )


_WHOSE = {Whose.MINE: Improvement.owner_id, Whose.OWN: Improvement.person_id}


def _refused(ask: Any) -> dict[str, Denied]:
    answers = {str(trigger): ask(trigger) for trigger in lifecycle.Trigger}
    return {trigger: denied for trigger, denied in answers.items() if denied is not None}


def _told() -> Select[*tuple[Any, ...]]:
    return (
        select(Improvement, Unit, _Owner.code, _Owner.name)
        .join(Unit, Unit.id == Improvement.unit_id)
        .join(_Owner, _Owner.id == Improvement.owner_id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `decide_see` says of one."""
    in_scope = within(unit_scope(actor, Action.IMPROVEMENTS_SEE))
    return in_scope if actor.person_id is None else or_(in_scope, _is_own(actor.person_id))


def _is_own(person_id: int) -> ColumnElement[bool]:
    return or_(Improvement.person_id == person_id, Improvement.owner_id == person_id)


def _is_late(today: date) -> ColumnElement[bool]:
    return and_(Improvement.state.in_(lifecycle.OPEN), Improvement.due_on < today)


_SAME = (
    *("id", "subject_kind", "subject_name", "item_title", "measured_by", "better", "problem", "measures", "due_on"),
    *("state", "agreed_on", "finished_on", "before_value", "after_value", "judgement", "next_step", "version"),
)


def _row(row: AnyRow, today: date) -> ImprovementRow:
    found, unit, owner, owner_name = tuple(row)[:4]
    return ImprovementRow(
        **{name: getattr(found, name) for name in _SAME},
        subject=found.subject_code,
        unit=unit.code,
        unit_name=unit.title,
        scheme=found.scheme_code,
        item=found.item_code,
        owner=owner,
        owner_name=owner_name,
        late=found.state in lifecycle.OPEN and found.due_on < today,
    )
