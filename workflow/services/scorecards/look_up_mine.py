"""我的成绩 and who I am: one's own published cards with their trend, the step of those to come, and marking one read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from workflow.errors import not_seen
from workflow.lifecycle import plan as plan_lifecycle
from workflow.lifecycle import scorecard as lifecycle
from workflow.models.database import db
from workflow.models.organisation import Person, Unit
from workflow.models.periods import by_end, frequency_of
from workflow.models.plans import Plan
from workflow.models.scorecards import Acknowledgement, Scorecard, ScorecardItem
from workflow.numbers import EXACT, divide
from workflow.policy import COMPANY, Action, Actor, Role, State
from workflow.scoring.engine import Scorer
from workflow.scoring.periods import Frequency, Period, PeriodError
from workflow.services.clock import Clock
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards
from workflow.services.scorecards.look_up_cards import CardSummary, as_summary, summaries, with_ranks
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Language

PERIODS = 12
"""How many periods the line of totals goes back, the newest included."""

LEAST_FOR_AVERAGE = 5
"""The fewest people over whom an average is told, so that nobody's score can be worked out from it (source: pages.md)."""

UNPUBLISHED = (State.DRAFT, State.PREPARED, State.REVIEWED, State.APPROVED)
_HIDDEN_PLANS = (plan_lifecycle.State.OPENING, plan_lifecycle.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class GrantHeld:
    """One grant in force: the role, for which unit (none: the company), and a recorder's items."""

    role: Role
    unit: str | None
    unit_name: str | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Me:
    """Who the reader is, and what they may be."""

    account_id: int
    username: str
    name: str
    language: Language
    person: str | None
    person_name: str | None
    unit: str | None
    unit_name: str | None
    grants: tuple[GrantHeld, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """At which step one's own unpublished card is; nothing else of it is told."""

    period: str
    plan_title: str
    state: State


@dataclass(frozen=True, slots=True)
class MyCard:
    """One of one's own published cards, and when one marked it read 已阅."""

    card: CardSummary
    published_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """One's total in one period; none where no card of that period is published. The average only over five people or more."""

    period: str
    card_id: int | None
    total: Decimal | None
    unit_average: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemMove:
    """How an item's points moved against the period before; none where it had no points in one of them."""

    code: str
    title: str
    before: Decimal | None
    after: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class MyScore:
    """One published card of one's own: its trend, the newest period last, and what moved against the period before.

    `frequencies` are all those of which one has published cards, the shortest first.
    """

    mine: MyCard
    frequencies: tuple[Frequency, ...]
    months: tuple[PeriodTotal, ...]
    change: Decimal | None
    items: tuple[ItemMove, ...]


def who_am_i(actor: Actor) -> Me:
    """Give the reader's account, person and grants in force."""
    person = None if actor.person_id is None else db.session.get(Person, actor.person_id)
    paths = {grant.unit_path for grant in actor.grants} | {actor.unit_path or COMPANY}
    units = {unit.path: unit for unit in db.session.scalars(select(Unit).where(Unit.path.in_(paths)))}
    own = units.get(actor.unit_path or COMPANY)
    held = [(grant, units.get(grant.unit_path)) for grant in actor.grants]
    return Me(
        account_id=actor.account_id,
        username=actor.username,
        name=actor.name,
        language=actor.language,
        person=person.code if person else None,
        person_name=person.name if person else None,
        unit=own.code if own else None,
        unit_name=own.title if own else None,
        grants=tuple(
            GrantHeld(grant.role, unit.code if unit else None, unit.title if unit else None, tuple(sorted(grant.items)))
            for grant, unit in held
        ),
    )


def my_progress(actor: Actor) -> tuple[Progress, ...]:
    """Give the step of each of one's own unpublished cards, the newest period first."""
    query = (
        select(Scorecard.period, Plan.title, Scorecard.state)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(_is_mine(actor), Scorecard.state.in_(UNPUBLISHED), Plan.state.not_in(_HIDDEN_PLANS))
        .order_by(by_end(Scorecard.period).desc(), Scorecard.id.desc())
    )
    return tuple(Progress(period, title, State(state)) for period, title, state in db.session.execute(query))


def my_cards(actor: Actor, asked: PageAsked) -> Page[MyCard]:
    """List one's own published cards, the newest period first; raises Refusal for a bad place to go on from."""
    found = page(_published(actor), (Scorecard.period, Scorecard.id), asked, _my_card, newest_first=True)
    return replace(found, rows=_with_ranks(actor, found.rows))


def my_score(actor: Actor, card_id: int | None = None, frequency: str | None = None) -> MyScore | None:
    """Give one of one's own published cards with its trend, without an id the newest; none where nothing is published.

    The newest is that of the period that ends last, of this frequency or else of any but days, which follow each other fast.
    Raises Refusal (not seen) for a card that is not one's own or not published.
    """
    frequencies = _frequencies(actor)
    wanted = _published(actor)
    if card_id is not None:
        wanted = wanted.where(Scorecard.id == card_id)
    elif frequency in frequencies:
        wanted = wanted.where(frequency_of(Scorecard.period) == frequency)
    is_day = frequency_of(Scorecard.period) == Frequency.DAY
    row = db.session.execute(
        wanted.order_by(is_day, by_end(Scorecard.period).desc(), Scorecard.id.desc()).limit(1)
    ).first()
    if row is None:
        if card_id is not None:
            raise not_seen()
        return None
    card: Scorecard = row[0]
    months = _months(actor, card)
    before = months[-2] if len(months) > 1 else None
    change = None if before is None or before.total is None or card.total is None else card.total - before.total
    items = _item_moves(card, before.card_id) if before is not None and before.card_id is not None else ()
    return MyScore(_with_ranks(actor, [_my_card(row)])[0], frequencies, months, change, items)


def _frequencies(actor: Actor) -> tuple[Frequency, ...]:
    query = select(frequency_of(Scorecard.period)).where(_is_mine(actor), Scorecard.state == State.PUBLISHED)
    found = set(db.session.scalars(query.distinct()))
    return tuple(each for each in Frequency if each in found)


def acknowledge(actor: Actor, clock: Clock, card_id: int, kept: Kept | None = None) -> Acknowledgement:
    """Mark one's own published card as read 已阅, once and for all; raises Refusal for another's or an unpublished one."""
    with unit_of_work(actor, clock, kept) as work:
        opened = cards.open_card(actor, Action.CARD_ACKNOWLEDGE, card_id, lock=True)
        cards.check(lifecycle.decide_acknowledgement(cards.facts_of(opened)))
        mine = (Acknowledgement.scorecard_id == card_id, _read_by(actor))
        given = db.session.scalar(select(Acknowledgement).where(*mine))
        if given is None:
            given = Acknowledgement(scorecard_id=card_id, person_id=actor.person_id, at=work.now)
            work.create(given, "acknowledgement.give")
        work.finish(given)
        return given


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.person_id is None else Scorecard.appraised_person_id == actor.person_id


def _read_by(actor: Actor) -> ColumnElement[bool]:
    return Acknowledgement.person_id == (actor.person_id or 0)


def _published(actor: Actor) -> Select[*tuple[Any, ...]]:
    read = and_(Acknowledgement.scorecard_id == Scorecard.id, _read_by(actor))
    query = summaries().add_columns(Acknowledgement.at).outerjoin(Acknowledgement, read)
    return query.where(_is_mine(actor), Scorecard.state == State.PUBLISHED)


def _my_card(row: AnyRow) -> MyCard:
    values = tuple(row)
    return MyCard(as_summary(values[:7]), values[0].published_at, values[7])


def _with_ranks(actor: Actor, rows: Sequence[MyCard]) -> tuple[MyCard, ...]:
    ranked = with_ranks(actor, [row.card for row in rows])
    return tuple(replace(row, card=card) for row, card in zip(rows, ranked, strict=True))


def _months(actor: Actor, card: Scorecard) -> tuple[PeriodTotal, ...]:
    """Give one's own totals under the card's scheme up to its period, beside the averages of the card's unit."""
    periods = list(_periods_up_to(Period.parse(card.period)))
    own = and_(_is_mine(actor), Scorecard.subject_kind == card.subject_kind, Scorecard.subject_id == card.subject_id)
    in_unit = and_(Scorecard.unit_id == card.unit_id, Scorecard.subject_kind == "person")
    published = and_(Scorecard.scheme_code == card.scheme_code, Scorecard.state == State.PUBLISHED)
    counts = and_(published, Scorecard.period.in_(periods))
    query = select(Scorecard.period, Scorecard.id, Scorecard.total, own, in_unit)
    # Said of each by itself: a state that stands outside leads SQLite through every published card of the company.
    query = query.where(or_(and_(counts, own), and_(counts, in_unit)))
    mine: dict[str, tuple[int, Decimal | None]] = {}
    totals: dict[str, list[Decimal]] = defaultdict(list)
    for period, card_id, total, is_own, is_in_unit in db.session.execute(query):
        if is_own:
            mine[period] = (card_id, total)
        if is_in_unit and total is not None:
            totals[period].append(total)
    averages = {period: _average(of, scorer_of(card.scheme_version_id)) for period, of in totals.items()}
    return tuple(_period_total(period, mine.get(period), averages.get(period)) for period in periods)


def _period_total(period: str, mine: tuple[int, Decimal | None] | None, average: Decimal | None) -> PeriodTotal:
    card_id, total = mine or (None, None)
    return PeriodTotal(period, card_id, total, average)


def _average(totals: Sequence[Decimal], scorer: Scorer) -> Decimal | None:
    """Give the average over enough people, rounded as the scheme rounds points."""
    if len(totals) < LEAST_FOR_AVERAGE:
        return None
    whole = reduce(EXACT.add, totals, Decimal(0))
    return scorer.scheme.rounding.round(divide(whole, Decimal(len(totals))))


def _periods_up_to(last: Period) -> Iterator[str]:
    for back in reversed(range(PERIODS)):
        with suppress(PeriodError):
            yield last.previous(back).label


def _item_moves(card: Scorecard, before_id: int) -> tuple[ItemMove, ...]:
    """Split the change of a total by item, in the order of the card."""
    query = select(ScorecardItem.scorecard_id, ScorecardItem.code, ScorecardItem.points)
    points: dict[int, dict[str, Decimal | None]] = {card.id: {}, before_id: {}}
    for card_id, code, of in db.session.execute(query.where(ScorecardItem.scorecard_id.in_(points))):
        points[card_id][code] = of
    moves = []
    for code, item in scorer_of(card.scheme_version_id).scheme.items.items():
        before, after = points[before_id].get(code), points[card.id][code]
        change = None if before is None or after is None else after - before
        moves.append(ItemMove(code, item.title, before, after, change))
    return tuple(moves)
