"""What recorders 数据提报人 have to do: whom and which items they record, what is still missing and by when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select

from workflow.errors import FieldError, Refusal, invalid
from workflow.lifecycle import plan as plan_lifecycle
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import COMPANY, Action, Actor, Grant, Role, SchemeState, State, unit_items, unit_scope
from workflow.scoring.rules.adjustments import AdjustmentsRule, Cause
from workflow.services.clock import Clock
from workflow.services.people.look_up_organisation import named, within
from workflow.services.plans.plan import due_of_item
from workflow.services.recorders import entries
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import CardEdit, Edited, ItemEdit

MOST_FOUND = 12
"""As many people as a search for one shows."""


@dataclass(frozen=True, slots=True)
class RecordableItem:
    """An item that somebody may record entries of: a fixed amount for each, or free points in steps, or by its causes."""

    scheme: str
    scheme_title: str
    subject_kind: str
    code: str
    title: str
    each: str
    step: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody of the units in which one records."""

    code: str
    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What one recorder still owes a plan for one item: on how many drafts it is missing, and by when."""

    plan: str
    plan_title: str
    period: str
    item: str
    item_title: str
    by_entries: bool  # an item of additions and deductions, of which «nothing happened» is an answer
    missing: int
    due: date | None
    late: bool
    recorder: str = ""
    recorder_name: str = ""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Drafts of one unit and scheme on which an item is missing."""

    plan: Plan
    unit_path: str
    version_id: int
    item: str
    count: int


def recordable_items(actor: Actor) -> tuple[RecordableItem, ...]:
    """Give the items that the actor may record in some unit, of the newest approved versions, scheme by scheme."""
    newest = (
        select(SchemeVersion.code, func.max(SchemeVersion.number).label("number"))
        .where(SchemeVersion.state == SchemeState.APPROVED)
        .group_by(SchemeVersion.code)
        .subquery()
    )
    query = (
        select(SchemeVersion.id)
        .join(newest, (newest.c.code == SchemeVersion.code) & (newest.c.number == SchemeVersion.number))
        .order_by(SchemeVersion.code)
    )
    mine = [unit_items(actor, Action.LEDGER_RECORD, path) for path in unit_scope(actor, Action.LEDGER_RECORD)]
    return tuple(
        item
        for version_id in db.session.scalars(query)
        for item in _items_of(version_id)
        if any(item.code in items for items in mine)
    )


def find_people(actor: Actor, q: str, day: date) -> tuple[FoundPerson, ...]:
    """Find people of the units in which the actor records, by number, name or sound."""
    query = (
        select(Person.code, Person.name, Unit.title)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_force(Membership, day), within(unit_scope(actor, Action.LEDGER_RECORD)), named(q))
        .order_by(Person.name_key, Person.id)
        .limit(MOST_FOUND)
    )
    return tuple(FoundPerson(*row) for row in db.session.execute(query))


def my_duties(actor: Actor, today: date) -> tuple[Duty, ...]:
    """Give what the actor owes as a recorder in all open plans, what is due first."""
    grants = tuple(grant for grant in actor.grants if grant.role is Role.RECORDER and grant.items)
    if not grants:
        return ()
    query = _gaps().where(_reached(grants))
    return tuple(sorted(_duties(map(_gap, db.session.execute(query)), grants, today), key=_by_due))


def duties_of_plan(plan_id: int, today: date) -> tuple[Duty, ...]:
    """Give what each recorder still owes a plan, those who are late first, in two queries."""
    holders = select(Account, RoleGrant, Unit.path).join(RoleGrant, RoleGrant.account_id == Account.id)
    holders = holders.outerjoin(Unit, Unit.id == RoleGrant.unit_id).order_by(Account.name, Account.id)
    grants: dict[Account, list[Grant]] = defaultdict(list)
    in_office = (RoleGrant.role == Role.RECORDER, in_force(RoleGrant, today), Account.disabled.is_(False))
    for account, grant, path in db.session.execute(holders.where(*in_office)):
        grants[account].append(Grant(Role.RECORDER, path or COMPANY, frozenset(grant.items)))
    gaps = [_gap(row) for row in db.session.execute(_gaps().where(Plan.id == plan_id))]
    found = [
        duty for account, held in grants.items() for duty in _duties(gaps, held, today, account.username, account.name)
    ]
    return tuple(sorted(found, key=_by_due))


def nothing_else(actor: Actor, clock: Clock, plan_code: str, item: str) -> int:
    """Say for every draft of a plan on which an item of the actor is missing that nothing happened; gives how many.

    Raises Refusal for an item that takes no entries.
    """
    query = (
        select(Scorecard)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .join(ScorecardItem, ScorecardItem.scorecard_id == Scorecard.id)
        .where(Plan.code == plan_code, *_is_missing(), ScorecardItem.code == item)
        .where(within(unit_scope(actor, Action.LEDGER_RECORD)))
    )
    drafts = [card for card in db.session.scalars(query.order_by(Scorecard.id)) if _counts_entries(card, item)]
    if not drafts:
        raise invalid(FieldError("item", entries.NOT_BY_ENTRIES))
    edits = [CardEdit(card.id, card.version, ItemEdit(item, {"adjustments": []})) for card in drafts]
    answers = appraise.edit_many(actor, clock, edits)
    done = sum(isinstance(each, Edited) for each in answers)
    refused = next((each for each in answers if isinstance(each, Refusal)), None)
    if not done and refused is not None:
        raise refused
    return done


def _items_of(version_id: int) -> Iterable[RecordableItem]:
    scheme = scorer_of(version_id).scheme
    for item in scheme.items.values():
        rule = item.rule
        if isinstance(rule, AdjustmentsRule):
            each = "" if rule.each is None else format(rule.each, "f")
            step = "" if rule.step is None else format(rule.step, "f")
            yield RecordableItem(
                scheme.code, scheme.title, scheme.subject, item.code, item.title, each, step, rule.causes
            )


def _is_missing() -> tuple[ColumnElement[bool], ...]:
    return Plan.state == plan_lifecycle.State.OPEN, Scorecard.state == State.DRAFT, ScorecardItem.points.is_(None)


def _gaps() -> Select[Plan, str, int, str, int]:
    """Begin a query for what is missing on drafts of open plans, by plan, unit, scheme and item."""
    query = (
        select(Plan, Unit.path, Scorecard.scheme_version_id, ScorecardItem.code, func.count())
        .join(Scorecard, Scorecard.plan_id == Plan.id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .join(ScorecardItem, ScorecardItem.scorecard_id == Scorecard.id)
        .where(*_is_missing())
    )
    return query.group_by(Plan.id, Unit.path, Scorecard.scheme_version_id, ScorecardItem.code)


def _reached(grants: Sequence[Grant]) -> ColumnElement[bool]:
    return or_(false(), *(ScorecardItem.code.in_(sorted(each.items)) & within([each.unit_path]) for each in grants))


def _gap(row: Row[Plan, str, int, str, int]) -> _Gap:
    return _Gap(*row)


def _duties(
    gaps: Iterable[_Gap], grants: Sequence[Grant], today: date, recorder: str = "", name: str = ""
) -> Iterable[Duty]:
    """Add up by plan and item what is missing within the grants."""
    mine: dict[tuple[int, str], list[_Gap]] = defaultdict(list)
    for gap in gaps:
        if any(gap.item in grant.items and grant.reaches(gap.unit_path) for grant in grants):
            mine[gap.plan.id, gap.item].append(gap)
    for found in mine.values():
        first = found[0]
        item = scorer_of(first.version_id).scheme.items[first.item]
        due = due_of_item(first.plan.calendar, first.item)
        yield Duty(
            plan=first.plan.code,
            plan_title=first.plan.title,
            period=first.plan.period,
            item=first.item,
            item_title=item.title,
            by_entries=isinstance(item.rule, AdjustmentsRule),
            missing=sum(each.count for each in found),
            due=due,
            late=due is not None and due < today,
            recorder=recorder,
            recorder_name=name,
        )


def _by_due(duty: Duty) -> tuple[date, str, str, str]:
    return duty.due or date.max, duty.plan, duty.recorder, duty.item


def _counts_entries(card: Scorecard, item: str) -> bool:
    return isinstance(scorer_of(card.scheme_version_id).scheme.items[item].rule, AdjustmentsRule)
