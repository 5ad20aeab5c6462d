"""What lies behind cards: their moves so far, their subjects' period before, and the measurements they draw on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from workflow.models import card_queries
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Actor, State, card_scope
from workflow.scoring.periods import Frequency, Period, PeriodError
from workflow.scoring.rules.baseline import Scope

BEGINNINGS = ("create", "revise")
"""What brings a card into being."""

MOVES = (*BEGINNINGS, "prepare", "withdraw", "review", "approve", "return", "publish", "supersede", "void")
"""What takes a card from one state to another, or brings it into being; `revise` begins the fresh card."""

_EVENTS = tuple(f"scorecard.{move}" for move in MOVES)
_STANDS = (State.APPROVED, State.PUBLISHED)
_ChangedMeasurement = aliased(Measurement)


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a card as its record tells it."""

    card_id: int
    record_id: int
    trigger: str
    at: datetime
    actor_id: int | None
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What the same subject reached under the same scheme in the period before, as far as the reader may see it."""

    card_id: int
    period: str
    total: Decimal | None


class SeenItem(NamedTuple):
    """What was put in for an item of a card, and the stored basis of its points."""

    card_id: int
    code: str
    input: Mapping[str, Any] | None
    is_fed: bool
    basis: Sequence[Mapping[str, Any]]

    @property
    def baseline(self) -> Mapping[str, Any] | None:
        """The values of the step that says where the baseline came from, if there is one."""
        return next((step["values"] for step in self.basis if step["step"] == "baseline"), None)


class MeasuredRow(NamedTuple):
    """One measurement; `changed_by` is the record of its last change, and grows with time."""

    item: str
    subject_kind: str
    subject_id: int
    unit_id: int
    period: str
    value: Decimal
    withdrawn: bool
    changed_by: int


class Measurements:
    """Measurements that have been read, to be found by whom they measure."""

    def __init__(self, rows: Iterable[MeasuredRow]) -> None:
        self._by_item: dict[tuple[str, str], list[MeasuredRow]] = defaultdict(list)
        self._by_subject: dict[tuple[str, str, int], list[MeasuredRow]] = defaultdict(list)
        for row in rows:
            self._by_item[row.item, row.subject_kind].append(row)
            self._by_subject[row.item, row.subject_kind, row.subject_id].append(row)

    def behind(self, card: Scorecard, item: str, scope: Scope = Scope.OWN) -> list[MeasuredRow]:
        """Give the item's measurements of the card's subject, of everybody in its unit, or of everybody."""
        if scope is Scope.OWN:
            return self._by_subject.get((item, card.subject_kind, card.subject_id), [])
        rows = self._by_item.get((item, card.subject_kind), [])
        return rows if scope is Scope.COMPANY else [row for row in rows if row.unit_id == card.unit_id]


@dataclass(frozen=True, slots=True)
class HistoryWanted:
    """Whose earlier values of an item are wanted: up to which period, if any of them changed after a record."""

    item: str
    scope: Scope
    subject_kind: str
    subject_id: int
    unit_id: int
    last: Period
    changed_after: int


def moves_of(card_ids: Collection[int]) -> dict[int, tuple[Moved, ...]]:
    """Give the moves of each card so far, oldest first."""
    query = (
        select(
            Record.entity_id,
            Record.id,
            Record.event,
            Record.at,
            Record.actor_id,
            Account.name,
            RecordContent.content["reason"].as_string(),
        )
        .outerjoin(Account, Account.id == Record.actor_id)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .where(Record.entity_kind == "scorecard", Record.entity_id.in_(sorted(card_ids)), Record.event.in_(_EVENTS))
        .order_by(Record.id)
    )
    found: dict[int, list[Moved]] = {card_id: [] for card_id in card_ids}
    for card_id, record_id, event, at, actor_id, by, reason in db.session.execute(query):
        trigger = event.removeprefix("scorecard.")
        found[card_id].append(Moved(card_id, record_id, trigger, at, actor_id, by, reason or ""))
    return {card_id: tuple(moves) for card_id, moves in found.items()}


def previous_of(actor: Actor, cards: Collection[Scorecard]) -> dict[int, Previous]:
    """Give for each card what stands for the period before it: what is published, or else what is approved."""
    befores = {card.id: label_before(card.period) for card in cards}
    query = select(
        Scorecard.subject_kind,
        Scorecard.subject_id,
        Scorecard.scheme_code,
        Scorecard.period,
        Scorecard.id,
        Scorecard.total,
    ).where(
        Scorecard.subject_kind.in_({card.subject_kind for card in cards}),
        Scorecard.subject_id.in_({card.subject_id for card in cards}),
        Scorecard.scheme_code.in_({card.scheme_code for card in cards}),
        Scorecard.period.in_({label for label in befores.values() if label is not None}),
        Scorecard.state.in_(_STANDS),
        card_queries.within(card_scope(actor), actor.account_id),
    )
    # The last one stays: among the revisions of a card the published one.
    ordered = query.order_by(Scorecard.state, Scorecard.revision)
    stands = {tuple(row[:4]): Previous(row[4], row[3], row[5]) for row in db.session.execute(ordered)}
    keys = {card.id: (card.subject_kind, card.subject_id, card.scheme_code, befores[card.id]) for card in cards}
    return {card_id: stands[key] for card_id, key in keys.items() if key in stands}


def label_before(period: str) -> str | None:
    """Give the label of the period before; none before the calendar begins."""
    try:
        return Period.parse(period).previous().label
    except PeriodError:
        return None


def seen_items(card_ids: Collection[int]) -> dict[int, list[SeenItem]]:
    """Give the items of each card in the scheme's order, no more of each than risks are found in."""
    query = (
        select(
            ScorecardItem.scorecard_id,
            ScorecardItem.code,
            ScorecardItem.input,
            ScorecardItem.is_fed,
            ScorecardItem.basis,
        )
        .where(ScorecardItem.scorecard_id.in_(sorted(card_ids)))
        .order_by(ScorecardItem.scorecard_id, ScorecardItem.position)
    )
    found: dict[int, list[SeenItem]] = {card_id: [] for card_id in card_ids}
    for row in db.session.execute(query):
        found[row[0]].append(SeenItem(*row))
    return found


def measurements_behind(
    cards: Collection[Scorecard],
    items: Iterable[SeenItem],
    histories: Collection[HistoryWanted],
    held: Collection[str] = (),
) -> Measurements:
    """Give the measurements of the items in the cards' own periods, and the wanted histories that have changed since.

    `held` are longer periods whose values count in the cards. Withdrawn ones are among them, since a withdrawal changes a history too.
    """
    own = and_(
        Measurement.item.in_({item.code for item in items if "value" in (item.input or {})}),
        Measurement.subject_kind.in_({card.subject_kind for card in cards}),
        Measurement.subject_id.in_({card.subject_id for card in cards}),
        Measurement.period.in_({card.period for card in cards} | set(held)),
    )
    earlier = (_changed_history([each for each in histories if each.scope is scope], scope) for scope in Scope)
    query = select(
        Measurement.item,
        Measurement.subject_kind,
        Measurement.subject_id,
        Measurement.unit_id,
        Measurement.period,
        Measurement.value,
        Measurement.withdrawn,
        Measurement.record_id,
    ).where(or_(own, *earlier))
    return Measurements(MeasuredRow(*row) for row in db.session.execute(query.order_by(Measurement.period)))


def _changed_history(wanted: Collection[HistoryWanted], scope: Scope) -> ColumnElement[bool]:
    """Say in SQL that a measurement belongs to a wanted history of which any value changed after the earliest record."""
    if not wanted:
        return false()
    lasts: dict[Frequency, Period] = {}
    for each in wanted:
        lasts[each.last.frequency] = max(each.last, lasts.get(each.last.frequency, each.last))
    changed = _ChangedMeasurement
    same = [changed.item == Measurement.item, changed.subject_kind == Measurement.subject_kind]
    mine = [
        Measurement.item.in_({each.item for each in wanted}),
        Measurement.subject_kind.in_({each.subject_kind for each in wanted}),
    ]
    if scope is Scope.OWN:
        mine.append(Measurement.subject_id.in_({each.subject_id for each in wanted}))
        same.append(changed.subject_id == Measurement.subject_id)
    elif scope is Scope.UNIT:
        mine.append(Measurement.unit_id.in_({each.unit_id for each in wanted}))
        same.append(changed.unit_id == Measurement.unit_id)
    earliest = min(each.changed_after for each in wanted)
    since = select(changed.id).where(*same, _up_to(changed, lasts), changed.record_id > earliest).exists()
    return and_(*mine, _up_to(Measurement, lasts), since)


def _up_to(measurement: type[Measurement], lasts: Mapping[Frequency, Period]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(measurement.frequency == frequency, measurement.period <= last.label)
            for frequency, last in lasts.items()
        )
    )
