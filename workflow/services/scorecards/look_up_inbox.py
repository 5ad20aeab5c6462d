"""审批中心: what waits for the reader, what they have handled, what they prepared; all of it derived from the cards' state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from workflow.lifecycle import plan as plan_lifecycle
from workflow.models import card_queries
from workflow.models.card_queries import FoundCard
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard, Signature, SignatureVoid
from workflow.policy import (
    CARD_ROLES,
    MOVES,
    Actor,
    CardFacts,
    Clause,
    Grant,
    Meaning,
    Role,
    Scope,
    State,
    Trigger,
    acting_grant,
    outermost,
)
from workflow.services.paging import MOST_COUNTED, AnyRow, Keys, PageAsked, page
from workflow.services.scorecards.look_up_cards import CardFilter, CardSummary, as_summary, conditions, summaries
from workflow.services.scorecards.risks import Risk, Surroundings, surroundings_of

CardQuery = tuple[Select[*tuple[Any, ...]], Keys]
"""A query for rows of `summaries`, and the keys of its order."""

WAITS_FOR: Mapping[State, Trigger] = {
    State.DRAFT: Trigger.PREPARE,
    State.PREPARED: Trigger.REVIEW,
    State.REVIEWED: Trigger.APPROVE,
    State.APPROVED: Trigger.PUBLISH,
}
"""The move that a card waits for; in other states it waits for none."""

HANDLED = (*card_queries.HANDLING, "scorecard.publish")
"""The events by which a card left the reader's own to-do list."""

MOST_PAST_COUNTED = 1_000

# The scope looks into the same tables on its own account.
_Last, _Later, _Given = aliased(Record), aliased(Record), aliased(Signature)

_SIGNS = frozenset(str(meaning) for meaning in Meaning)


class Tab(StrEnum):
    """The tabs of the inbox."""

    TODO = "todo"
    DONE = "done"
    PREPARED = "prepared"
    COPIED = "copied"  # nobody is copied on a card yet


@dataclass(frozen=True, slots=True)
class TabCounts:
    """How many cards stand under each tab, narrowed alike; `waiting` is the whole to-do list.

    Counted up to 10,000, what is over only up to 1,000: it grows for ever, and nobody reads it to its end.
    """

    todo: int = 0
    done: int = 0
    prepared: int = 0
    copied: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One card: the move it waits for (none: its way is over), whether for the reader, since when, and its risks."""

    card: CardSummary
    trigger: Trigger | None
    is_mine: bool
    since: datetime | None
    by: str | None
    previous_total: Decimal | None
    change: Decimal | None
    risks: tuple[Risk, ...]
    on_behalf_of: str | None = None  # whose grant the reader would use, acting as a delegate


@dataclass(frozen=True, slots=True)
class Inbox:
    """A part of one tab, where the next part begins, and how many cards stand under each tab."""

    tab: Tab
    rows: tuple[InboxRow, ...]
    after: str | None
    counts: TabCounts

    @property
    def total(self) -> int:
        """How many cards the shown tab holds."""
        return int(getattr(self.counts, self.tab))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cards of one unit in one plan wait for the reader's same move; `came_back`: returned or withdrawn before."""

    trigger: Trigger
    plan: str
    plan_title: str
    period: str
    calendar: Mapping[str, str]
    unit: str
    unit_name: str
    complete: bool
    came_back: bool
    count: int
    on_behalf_of: str | None = None  # whose grant the reader would use, acting as a delegate


def look_up_inbox(actor: Actor, tab: Tab, narrowed: CardFilter, asked: PageAsked) -> Inbox:
    """Give a part of a tab, in six queries, narrowed by plan, period, unit, name or number; raises Refusal for a bad place."""
    counts = _count_tabs(actor, narrowed)
    if tab is Tab.COPIED:
        return Inbox(tab, (), None, counts)
    query, keys = _LISTED[tab](actor, narrowed)
    total, newest_first = int(getattr(counts, tab)), tab is not Tab.TODO
    listed = query.add_columns(Unit.path, Plan.state)
    found = page(listed, keys, asked, _read, newest_first=newest_first, total=total)
    around = surroundings_of(actor, {card.id: each for card, each in found.rows})
    rows = tuple(
        replace(
            _row(card, around[card.id], is_mine=tab is Tab.TODO),
            on_behalf_of=_on_behalf_of(actor, found_card) if tab is Tab.TODO else None,
        )
        for card, found_card in found.rows
    )
    return Inbox(tab, rows, found.after, counts)


def count_waiting(actor: Actor) -> int:
    """Count the cards that wait for the reader, up to 10,000."""
    return db.session.scalar(select(_counted(_todo(actor, CardFilter())))) or 0


def waiting_by_unit(actor: Actor) -> tuple[Waiting, ...]:
    """Give what waits for the reader by plan, unit and move, in one query; here also the drafts still to be filled in."""
    came_back = case((_came_back(), 1), else_=0).label("came_back")
    waiting = (
        select(Scorecard.plan_id, Scorecard.unit_id, Scorecard.state, Scorecard.complete, came_back)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(_waits_for(actor, ready=False))
        .subquery()
    )
    place = (Plan.id, Unit.id, waiting.c.state, waiting.c.complete, waiting.c.came_back)
    query = (
        select(Plan, Unit, *place[2:], func.count())
        .select_from(waiting)
        .join(Plan, Plan.id == waiting.c.plan_id)
        .join(Unit, Unit.id == waiting.c.unit_id)
        .group_by(*place)
        .order_by(Plan.period, Plan.code, Unit.code, waiting.c.state, waiting.c.complete, waiting.c.came_back)
    )
    return tuple(_waiting(actor, row) for row in db.session.execute(query))


def _todo(actor: Actor, narrowed: CardFilter) -> CardQuery:
    """What the reader can sign or publish now: by plan and move, and in each first what came back."""
    query = summaries().where(_narrowed(actor, narrowed), _waits_for(actor))
    first = case((and_(Scorecard.state == State.DRAFT, _came_back()), 0), else_=1)
    return query, (Scorecard.plan_id, Scorecard.state, first, Scorecard.id)


def _done(actor: Actor, narrowed: CardFilter) -> CardQuery:
    """What the reader has signed, returned or published, by the last time they did."""
    again = exists().where(
        _Later.entity_kind == "scorecard",
        _Later.entity_id == _Last.entity_id,
        _Later.id > _Last.id,
        _Later.event.in_(HANDLED),
        card_queries.is_by(_Later.actor_id, actor.account_id),
    )
    query = summaries().join(_Last, _Last.entity_id == Scorecard.id)
    # The events are a card's alone: without the kind the reader's records are gone through in the order of their time.
    query = query.where(_Last.actor_id == actor.account_id, _Last.event.in_(HANDLED), ~again)
    return query.where(_narrowed(actor, narrowed)), (_Last.at, _Last.id)


def _prepared(actor: Actor, narrowed: CardFilter) -> CardQuery:
    """The cards under which the reader's 编制 stands."""
    stands = ~exists().where(SignatureVoid.signature_id == _Given.id)
    query = summaries().join(_Given, _Given.scorecard_id == Scorecard.id)
    query = query.where(_Given.account_id == actor.account_id, _Given.meaning == Meaning.PREPARE, stands)
    return query.where(_narrowed(actor, narrowed)), (_Given.id,)


_LISTED: Mapping[Tab, Callable[[Actor, CardFilter], CardQuery]] = {
    Tab.TODO: _todo,
    Tab.DONE: _done,
    Tab.PREPARED: _prepared,
}


def _narrowed(actor: Actor, narrowed: CardFilter) -> ColumnElement[bool]:
    return conditions(actor, replace(narrowed, all_revisions=True))


def _count_tabs(actor: Actor, narrowed: CardFilter) -> TabCounts:
    """Count every tab in one query."""
    wanted = {
        "todo": _counted(_todo(actor, narrowed)),
        "done": _counted(_done(actor, narrowed), MOST_PAST_COUNTED),
        "prepared": _counted(_prepared(actor, narrowed), MOST_PAST_COUNTED),
        "waiting": _counted(_todo(actor, CardFilter())),
    }
    counts: Sequence[int] = db.session.execute(select(*wanted.values())).one()
    return TabCounts(**dict(zip(wanted, counts, strict=True)))


def _counted(listed: CardQuery, most: int = MOST_COUNTED) -> ScalarSelect[int]:
    some = listed[0].with_only_columns(Scorecard.id).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _waits_for(actor: Actor, *, ready: bool = True) -> ColumnElement[bool]:
    """Say in SQL that the reader can make the move that the card waits for; drafts that are not ready only if asked."""
    return or_(false(), *(_can_move(actor, state, ready=ready) for state in WAITS_FOR))


def _can_move(actor: Actor, state: State, *, ready: bool) -> ColumnElement[bool]:
    roles, signs = CARD_ROLES[MOVES[WAITS_FOR[state]]], WAITS_FOR[state] in _SIGNS
    condition = _reached(actor, roles, state, signs=signs)
    if condition is None:
        return false()
    if state is State.APPROVED:
        condition &= Plan.state != plan_lifecycle.State.CANCELLED
    if state is State.DRAFT:
        condition &= _takes_entries()
        condition &= or_(Scorecard.complete, _came_back()) if ready else true()
    return and_(condition, ~_is_about(actor.person_id), ~_signed_by(actor)) if signs else condition


def _reached(actor: Actor, roles: frozenset[Role], state: State, *, signs: bool) -> ColumnElement[bool] | None:
    """Say in SQL which cards in this state the actor's grants reach; a signature for somebody never on their own card."""
    reached = []
    for person_id in (None, *actor.holders()):
        grants = tuple(each for each in actor.grants if _person_of(each) == person_id)
        paths = outermost(replace(actor, grants=grants).paths(roles))
        if paths:
            clause = Clause(unit_paths=paths, states=frozenset({state}))
            within = card_queries.within(Scope((clause,)), actor.account_id)
            reached.append(and_(within, ~_is_about(person_id)) if signs else within)
    return or_(*reached) if reached else None


def _person_of(grant: Grant) -> int | None:
    return grant.holder.person_id if grant.holder is not None else None


def _is_about(person_id: int | None) -> ColumnElement[bool]:
    return false() if person_id is None else Scorecard.appraised_person_id.is_not_distinct_from(person_id)


def _takes_entries() -> ColumnElement[bool]:
    """Say in SQL what `decide_entries` says of a draft's plan."""
    prepared = _happened(*card_queries.STAYING)
    decide = plan_lifecycle.decide_entries
    always = [state for state in plan_lifecycle.State if decide(state) is None]
    for_some = [state for state in plan_lifecycle.State if decide(state, stays_editable=True) is None]
    return or_(Plan.state.in_(always), and_(Plan.state.in_(for_some), or_(Scorecard.revision > 0, prepared)))


def _came_back() -> ColumnElement[bool]:
    return _happened("scorecard.return", "scorecard.withdraw")


def _happened(*events: str) -> ColumnElement[bool]:
    of_card = (Record.entity_kind == "scorecard", Record.entity_id == Scorecard.id)
    return exists().where(*of_card, Record.event.in_(events))


def _signed_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that one of the standing signatures is by the same human."""
    same = card_queries.is_by(Signature.account_id, actor.account_id)
    if actor.person_id is not None:
        same = or_(Signature.person_id == actor.person_id, and_(Signature.person_id.is_(None), same))
    stands = ~exists().where(SignatureVoid.signature_id == Signature.id)
    return exists().where(Signature.scorecard_id == Scorecard.id, same, stands)


def _read(row: AnyRow) -> tuple[CardSummary, FoundCard]:
    card, plan, _, _, _, _, unit_title, path, plan_state = tuple(row)[:9]
    return as_summary(tuple(row)[:7]), FoundCard(card, path, unit_title, plan_state, plan)


def _row(card: CardSummary, around: Surroundings, *, is_mine: bool) -> InboxRow:
    return InboxRow(
        card=card,
        trigger=WAITS_FOR.get(State(card.state)),
        is_mine=is_mine,
        since=around.since,
        by=around.by,
        previous_total=around.previous.total if around.previous else None,
        change=around.change,
        risks=around.risks,
    )


def _on_behalf_of(actor: Actor, found: FoundCard) -> str | None:
    card = found.card
    action = MOVES[WAITS_FOR[State(card.state)]]
    acting = acting_grant(actor, action, CardFacts(card.state, card.version, found.unit_path, card.appraised_person_id))
    return acting.holder.name if acting and acting.holder else None


def _waiting(actor: Actor, row: AnyRow) -> Waiting:
    plan, unit, state, complete, came_back, count = row
    trigger = WAITS_FOR[State(state)]
    acting = actor.acts_as(CARD_ROLES[MOVES[trigger]], unit.path)
    return Waiting(
        trigger=trigger,
        plan=plan.code,
        plan_title=plan.title,
        period=plan.period,
        calendar=plan.calendar,
        unit=unit.code,
        unit_name=unit.title,
        complete=complete,
        came_back=bool(came_back),
        count=count,
        on_behalf_of=acting.holder.name if acting and acting.holder else None,
    )
