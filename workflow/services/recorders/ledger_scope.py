"""Which ledger entries somebody may see, in SQL: what `decide_see` says of one."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from workflow.models.ledger import LedgerEntry
from workflow.models.organisation import Unit
from workflow.models.scorecards import Adjustment, Scorecard
from workflow.policy import COMPANY, UNIT_ROLES, Action, Actor, Role, outermost
from workflow.services.people.look_up_organisation import within


def seen_by(actor: Actor, *, at_once: bool) -> ColumnElement[bool]:
    """Say that the actor may see an entry: their own as soon as it is shown, and those that they are responsible for."""
    return or_(is_own(actor, at_once=at_once), in_scope(actor, Action.LEDGER_SEE))


def is_own(actor: Actor, *, at_once: bool) -> ColumnElement[bool]:
    """Say that an entry concerns the actor and is shown to them."""
    if actor.person_id is None:
        return false()
    return and_(LedgerEntry.person_id == actor.person_id, is_shown(at_once=at_once))


def is_shown(*, at_once: bool) -> ColumnElement[bool]:
    """Say that whom an entry concerns sees it: at once, or once a card that counts it has been published."""
    if at_once:
        return true()
    counts = (Adjustment.ledger_entry_id == LedgerEntry.id, Scorecard.published_at.is_not(None))
    return select(Adjustment.id).join(Scorecard, Scorecard.id == Adjustment.scorecard_id).where(*counts).exists()


def in_scope(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Say that the actor does this for the entry's unit by a role, or for its item as a recorder."""
    roles = UNIT_ROLES[action]
    clauses = [_of_units(outermost(actor.paths(roles - {Role.RECORDER})), LedgerEntry.unit_id)]
    for grant in actor.grants:
        if grant.role is Role.RECORDER and Role.RECORDER in roles and grant.items:
            items = LedgerEntry.item_code.in_(sorted(grant.items))
            clauses.append(and_(items, _of_units((grant.unit_path,), LedgerEntry.unit_id)))
    return or_(false(), *clauses)


def _of_units(paths: tuple[str, ...], unit_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if not paths:
        return false()
    return true() if COMPANY in paths else unit_id.in_(select(Unit.id).where(within(paths)))
