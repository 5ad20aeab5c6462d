"""Reading action items 奖惩事项: those of the units in the reader's scope, and one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from workflow.errors import Denied, not_seen
from workflow.lifecycle import action_item as lifecycle
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.organisation import Person, Unit
from workflow.models.plans import Plan
from workflow.policy import Action, Actor, unit_scope
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action item; each piece of evidence is `{period, group, rank, ranked}`, oldest first."""

    id: int
    plan: str
    plan_title: str
    period: str
    card_id: int
    code: str
    title: str
    kind: str | None
    by: str
    lasts: int | None
    bonus: str | None
    follows: int | None
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    evidence: tuple[Mapping[str, Any], ...]
    state: str
    owner: str | None
    owner_name: str | None
    due_on: date
    outcome: str | None
    done_on: date | None
    agreed: str | None
    passed: bool | None
    dismissal: str | None
    lapsed: bool
    version: int


@dataclass(frozen=True, slots=True)
class ActionDetail:
    """One action item with the moves that the reader can make, and of the others why not; or why none at all.

    `before` is the item that led to it, `after` are those that it led to, oldest first.
    """

    action: ActionRow
    before: ActionRow | None
    after: tuple[ActionRow, ...]
    forbidden: Denied | None
    allowed: tuple[str, ...]
    denied: Mapping[str, Denied]


class Whose(StrEnum):
    """Which action items of all that the reader may see: those to see to, or those about oneself."""

    MINE = "mine"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class ActionsWanted:
    """What the list is narrowed to; None where it is not. What has lapsed is left out unless it is asked for."""

    plan: str | None = None
    state: str | None = None
    subject: str | None = None
    owner: str | None = None
    whose: Whose | None = None
    lapsed: bool = False


def list_actions(actor: Actor, wanted: ActionsWanted, asked: PageAsked) -> Page[ActionRow]:
    """List the action items that the actor may see, the newest first; raises Refusal for a bad place to go on from."""
    query = _told().where(_seen_by(actor))
    narrowed = {Plan.code: wanted.plan, ActionItem.state: wanted.state, ActionItem.subject_code: wanted.subject}
    narrowed[Person.code] = wanted.owner
    for column, value in narrowed.items():
        if value:
            query = query.where(column == value)
    if wanted.whose is not None:
        query = query.where(_WHOSE[wanted.whose] == actor.person_id)
    if not wanted.lapsed:
        query = query.where(ActionItem.lapsed.is_(False))
    return page(query, (ActionItem.period, ActionItem.id), asked, _row, newest_first=True)


def is_concerned(actor: Actor) -> bool:
    """Say whether there is any action item about the actor's own person."""
    if actor.person_id is None:
        return False
    own = select(ActionItem.id).where(ActionItem.person_id == actor.person_id, ActionItem.lapsed.is_(False))
    return db.session.scalar(own.limit(1)) is not None


def count_to_do(actor: Actor) -> int:
    """Count the open action items that the actor sees to."""
    if actor.person_id is None:
        return 0
    query = (
        select(func.count())
        .select_from(ActionItem)
        .join(Unit, Unit.id == ActionItem.unit_id)
        .where(ActionItem.owner_id == actor.person_id, ActionItem.state.in_(OPEN), _seen_by(actor))
    )
    return db.session.scalar(query) or 0


def find_action(actor: Actor, action_id: int) -> ActionDetail:
    """Read one action item; raises Refusal (not seen) for one that the actor may not see."""
    row = db.session.execute(_told().where(ActionItem.id == action_id, _seen_by(actor))).first()
    if row is None:
        raise not_seen()
    item, unit_path = row[0], row[3].path
    facts = lifecycle.ActionFacts(item.state, item.version, unit_path, item.person_id)
    answers = {
        str(trigger): lifecycle.explain(trigger, facts, actor)
        for trigger in lifecycle.Trigger
        if trigger != lifecycle.Trigger.LAPSE
    }
    around = [
        _row(each)
        for each in db.session.execute(
            _told()
            .where(or_(ActionItem.id == item.follows_id, ActionItem.follows_id == item.id), _seen_by(actor))
            .order_by(ActionItem.id)
        )
    ]
    return ActionDetail(
        action=_row(row),
        before=next((each for each in around if each.id == item.follows_id), None),
        after=tuple(each for each in around if each.follows == item.id),
        forbidden=lifecycle.forbidden(actor, facts),
        allowed=tuple(trigger for trigger, denied in answers.items() if denied is None),
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
    )


OPEN = (lifecycle.State.PROPOSED, lifecycle.State.CONFIRMED)
_WHOSE = {Whose.MINE: ActionItem.owner_id, Whose.OWN: ActionItem.person_id}


def _told() -> Select[*tuple[Any, ...]]:
    return (
        select(ActionItem, Plan.code, Plan.title, Unit, Person.code, Person.name)
        .join(Plan, Plan.id == ActionItem.plan_id)
        .join(Unit, Unit.id == ActionItem.unit_id)
        .outerjoin(Person, Person.id == ActionItem.owner_id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `decide_see` says of one: of the units in scope, and one's own."""
    own = false() if actor.person_id is None else ActionItem.person_id == actor.person_id
    return or_(own, within(unit_scope(actor, Action.ACTIONS_SEE)))


def _row(row: AnyRow) -> ActionRow:
    item, plan, plan_title, unit, owner, owner_name = tuple(row)[:6]
    return ActionRow(
        id=item.id,
        plan=plan,
        plan_title=plan_title,
        period=item.period,
        card_id=item.scorecard_id,
        code=item.code,
        title=item.title,
        kind=item.kind,
        by=item.function,
        lasts=item.lasts,
        bonus=item.bonus,
        follows=item.follows_id,
        subject=item.subject_code,
        subject_name=item.subject_name,
        unit=unit.code,
        unit_name=unit.title,
        evidence=tuple(item.evidence),
        state=item.state,
        owner=owner,
        owner_name=owner_name,
        due_on=item.due_on,
        outcome=item.outcome,
        done_on=item.done_on,
        agreed=item.agreed,
        passed=item.passed,
        dismissal=item.dismissal,
        lapsed=item.lapsed,
        version=item.version,
    )
