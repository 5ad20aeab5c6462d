"""What a signer should look at first: each risk of a card, found for a whole page of cards in four queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from workflow.lifecycle.scorecard import LOCKED
from workflow.models import card_queries
from workflow.models.card_queries import FoundCard
from workflow.models.scorecards import Scorecard
from workflow.numbers import parse_number
from workflow.policy import Actor, State, Trigger, record_reach
from workflow.scoring.engine import Scorer
from workflow.scoring.periods import Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.rules.baseline import BaselineRule, Scope
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import card_past
from workflow.services.scorecards.card_past import HistoryWanted, MeasuredRow, Measurements, Moved, Previous, SeenItem
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.completing import Completer
from workflow.services.scorecards.roll_up import FROM_CARDS, OtherCards, Taker, others_behind
from workflow.services.scorecards.year_so_far import earlier_actuals

UNUSUAL_CHANGE = Decimal(10)
"""Points by which a total may differ from the period before without being unusual."""

BY_HAND = "by-hand"


class RiskKind(StrEnum):
    """Why a card is never signed without a look at it."""

    CHANGE = "change"
    VETO = "veto"
    RETURNED = "returned"
    MANUAL_BASELINE = "manual_baseline"
    NO_EVIDENCE = "no_evidence"
    DIFFERS_FROM_IMPORT = "differs_from_import"
    SOURCE_CHANGED = "source_changed"


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk; the detail is the change, the veto's code, the reason given, how many entries, or the value that differs."""

    kind: RiskKind
    item: str = ""
    detail: Decimal | int | str | None = None
    title: str = ""  # the item's, or the veto's


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is shown beside a card in a list of work: how it came here, how it was before, and its risks."""

    since: datetime | None = None
    by: str | None = None  # who moved it here; nobody has where it was only created
    previous: Previous | None = None
    change: Decimal | None = None
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class _Behind:
    """What one card's risks are found in."""

    card: Scorecard
    unit_path: str
    scorer: Scorer
    items: Sequence[SeenItem]
    moves: Sequence[Moved]

    @property
    def period(self) -> Period:
        return Period.parse(self.card.period)

    @property
    def prepared_by(self) -> int | None:
        """The record by which the card was last prepared; none while it is a draft and follows its sources."""
        if self.card.state in {State.DRAFT, State.VOID}:
            return None
        prepared = (move.record_id for move in self.moves if move.trigger == Trigger.PREPARE)
        return max(prepared, default=None)

    @property
    def taker(self) -> Taker:
        """The card as one that may take from others."""
        return Taker(self.card, self.unit_path, self.scorer.scheme)

    def rule_of(self, item: SeenItem) -> tuple[BaselineRule, Period | None, Period] | None:
        """Give the rule of an item whose baseline came from a history, and the first and last period of that."""
        rule = self.scorer.scheme.items[item.code].rule
        window = rule.window_before(self.period) if isinstance(rule, BaselineRule) else None
        if not isinstance(rule, BaselineRule) or window is None or _stored_baseline(item) is None:
            return None
        return rule, *window


class _Amounts:
    """What the amounts of signed cards would be completed to now, and what the months before them achieved."""

    def __init__(self, opened: Sequence[OpenCard]) -> None:
        self._opened = {each.card.id: each for each in opened}
        self._completer = Completer(opened)
        self._earlier = earlier_actuals((each.card, each.scorer.scheme) for each in opened)

    def of(self, card: Scorecard, item: SeenItem) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
        """Give an item's input as it would be completed now, and its earlier values."""
        entered = self._completer.complete(self._opened[card.id], item.code, item.input)
        return entered, self._earlier.get((card.id, item.code), {})


class _Sources(NamedTuple):
    """What the cards' risks are found in beside themselves."""

    measured: Measurements
    others: OtherCards
    amounts: _Amounts


def surroundings_of(actor: Actor, found: Mapping[int, FoundCard]) -> dict[int, Surroundings]:
    """Give the surroundings of each card; risks only for the reader of the unit's record, who signs or checks."""
    if not found:
        return {}
    cards = [each.card for each in found.values()]
    moves, items = card_past.moves_of(found), card_past.seen_items(found)
    previous = card_past.previous_of(actor, cards)
    behind = {
        card_id: _Behind(
            each.card, each.unit_path, scorer_of(each.card.scheme_version_id), items[card_id], moves[card_id]
        )
        for card_id, each in found.items()
    }
    histories = [wanted for each in behind.values() for wanted in _histories(each)]
    every = [item for of_card in items.values() for item in of_card]
    measured = card_past.measurements_behind(cards, every, histories, _held_periods(behind.values()))
    signed = [each for each in behind.values() if each.prepared_by is not None]
    amounts = _Amounts([OpenCard(found[each.card.id], {}, each.scorer) for each in signed])
    others = others_behind(each.taker for each in signed)
    paths = record_reach(actor).unit_paths
    given = {}
    for card_id, each in found.items():
        change = _change(each.card, previous.get(card_id))
        risks = (
            _titled(behind[card_id], _risks(behind[card_id], _Sources(measured, others, amounts), change))
            if each.unit_path.startswith(paths)
            else ()
        )
        since, by = _came(moves[card_id])
        given[card_id] = Surroundings(since, by, previous.get(card_id), change, risks)
    return given


def _held_periods(behind: Iterable[_Behind]) -> set[str]:
    """Give the longer periods whose values count in the cards."""
    return {
        item.value_period(each.period).label
        for each in behind
        for item in each.scorer.scheme.items.values()
        if item.holds_for is not None
    }


def _titled(behind: _Behind, risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Name the items that the risks are about."""
    items = behind.scorer.scheme.items
    return tuple(replace(risk, title=items[risk.item].title) if risk.item else risk for risk in risks)


def _change(card: Scorecard, previous: Previous | None) -> Decimal | None:
    if previous is None or previous.total is None or card.total is None:
        return None
    return card.total - previous.total


def _came(moves: Sequence[Moved]) -> tuple[datetime | None, str | None]:
    """Say when the card came to its state and who moved it there; nobody has where it was only created."""
    if not moves:
        return None, None
    last = moves[-1]
    return last.at, None if last.trigger in card_past.BEGINNINGS else last.by


def risks_of(actor: Actor, card_ids: Iterable[int]) -> dict[int, tuple[Risk, ...]]:
    """Give the risks of cards that the reader has been shown, by id."""
    found = card_queries.find_cards(list(card_ids))
    return {card_id: each.risks for card_id, each in surroundings_of(actor, found).items()}


def flags_of(actor: Actor, opened: OpenCard) -> Surroundings:
    """Give the surroundings of one opened card: the same risks serve as its flags."""
    return surroundings_of(actor, {opened.card.id: opened.found})[opened.card.id]


def _histories(behind: _Behind) -> Iterator[HistoryWanted]:
    """Give the histories from which a card that no longer follows them took its baselines."""
    card, prepared_by = behind.card, behind.prepared_by
    for item in behind.items if prepared_by is not None else ():
        found = behind.rule_of(item)
        if found is not None and prepared_by is not None:
            rule, _, last = found
            subject = (card.subject_kind, card.subject_id, card.unit_id)
            yield HistoryWanted(item.code, _scope(rule), *subject, last, prepared_by)


def _risks(behind: _Behind, sources: _Sources, change: Decimal | None) -> Iterator[Risk]:
    if change is not None and abs(change) > UNUSUAL_CHANGE:
        yield Risk(RiskKind.CHANGE, detail=change)
    titles = {veto.code: veto.title for veto in behind.scorer.scheme.vetoes}
    for veto in behind.card.vetoes:
        yield Risk(RiskKind.VETO, detail=veto["code"], title=titles.get(veto["code"], ""))
    returned = [move for move in behind.moves if move.trigger == Trigger.RETURN]
    if returned:
        yield Risk(RiskKind.RETURNED, detail=returned[-1].reason)
    for item in behind.items:
        yield from _risks_of_input(item)
        yield from _risks_of_source(behind, sources.measured, item)
        yield from _risks_of_derived(behind, sources, item)


def _risks_of_input(item: SeenItem) -> Iterator[Risk]:
    """Find what is unusual in what was put in."""
    entered = item.input or {}
    if entered.get("baseline") is not None:
        yield Risk(RiskKind.MANUAL_BASELINE, item.code, entered.get("reason"))
    unproved = sum(not entry.get("evidence") for entry in entered.get("adjustments", ()))
    if unproved:
        yield Risk(RiskKind.NO_EVIDENCE, item.code, unproved)


def _risks_of_source(behind: _Behind, measured: Measurements, item: SeenItem) -> Iterator[Risk]:
    """Find what no longer agrees with the measurement of the period, or with the history before it."""
    card, entered = behind.card, (item.input or {}).get("value")
    label = behind.scorer.scheme.items[item.code].value_period(behind.period).label
    here = (row.value for row in measured.behind(card, item.code) if row.period == label and not row.withdrawn)
    value = next(here, None)
    differs = value is not None and entered is not None and parse_number(entered) != value
    if differs:
        yield Risk(RiskKind.DIFFERS_FROM_IMPORT, item.code, value)
    # What was fed from a measurement, or became one with the approval, was the same once.
    if differs and behind.prepared_by is not None and (item.is_fed or card.state in LOCKED):
        yield Risk(RiskKind.SOURCE_CHANGED, item.code, value)
        return
    baseline = _stored_baseline(item)
    now = _baseline_now(behind, measured, item)
    if now != baseline:
        yield Risk(RiskKind.SOURCE_CHANGED, item.code, now)


def _risks_of_derived(behind: _Behind, sources: _Sources, item: SeenItem) -> Iterator[Risk]:
    """Find points taken from other cards, from rates and portfolios, or from the months before, that would be others now."""
    rule = behind.scorer.scheme.items[item.code].rule
    if behind.prepared_by is None or not isinstance(rule, (*FROM_CARDS, AttainmentRule)):
        return
    entered, history = sources.amounts.of(behind.card, item)
    context = ItemContext(period=behind.period, history=history, **sources.others.given_to(behind.taker, rule))
    now = behind.scorer.score_item(item.code, entered, context, basis=False).points
    stored = next((parse_number(step["values"]["points"]) for step in item.basis if step["step"] == "points"), None)
    if now != stored:
        yield Risk(RiskKind.SOURCE_CHANGED, item.code, now)


def _stored_baseline(item: SeenItem) -> Decimal | None:
    """Give the baseline that the item's points were taken from, if it came from a history."""
    values = item.baseline
    return None if values is None or values["how"] == BY_HAND else parse_number(values["baseline"])


def _baseline_now(behind: _Behind, measured: Measurements, item: SeenItem) -> Decimal | None:
    """Give the baseline that the history gives now; the stored one while nothing in it changed since the card was prepared."""
    stored, prepared_by, found = _stored_baseline(item), behind.prepared_by, behind.rule_of(item)
    if found is None or prepared_by is None:
        return stored
    rule, first, last = found
    rows = [
        row
        for row in measured.behind(behind.card, item.code, _scope(rule))
        if _is_between(Period.parse(row.period), first, last)
    ]
    if all(row.changed_by <= prepared_by for row in rows):
        return stored
    history = _history(rows, listed=rule.is_listed)
    outcome = behind.scorer.score_item(item.code, item.input, ItemContext(period=behind.period, history=history))
    step = next((step for step in outcome.basis if step.step == "baseline"), None)
    return None if step is None else parse_number(step.values["baseline"])


def _scope(rule: BaselineRule) -> Scope:
    return rule.scope if rule.is_listed else Scope.OWN


def _history(rows: Iterable[MeasuredRow], *, listed: bool) -> Mapping[str, Decimal | list[Decimal]]:
    history: dict[str, list[Decimal]] = {}
    for row in rows:
        if not row.withdrawn:
            history.setdefault(row.period, []).append(row.value)
    return {period: values if listed else values[0] for period, values in history.items()}


def _is_between(period: Period, first: Period | None, last: Period) -> bool:
    return period.frequency is last.frequency and (first is None or first <= period) and period <= last
