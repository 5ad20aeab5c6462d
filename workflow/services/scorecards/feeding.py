"""What feeds an item: the measurements of its period, or of the longer one for which its value holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select

from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import ScorecardItem
from workflow.numbers import parse_number
from workflow.records.canonical import plain
from workflow.scoring.card import ItemOutcome
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.bands import BandsRule
from workflow.scoring.rules.base import Rule
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.rules.linear import LinearRule
from workflow.scoring.scheme import Item
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.completing import Completer

MEASURED = (BaselineRule, LinearRule, BandsRule)
"""The rules whose input is one measured value."""

OF_MONTHS = frozenset({Frequency.QUARTER, Frequency.HALF_YEAR})

Values = dict[str, object]


class Measured:
    """What has been measured of the subjects of some cards in their periods, read once for all of them."""

    def __init__(self, opened: Iterable[OpenCard]) -> None:
        wanted: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        for each in opened:
            for period in source_periods(each):
                wanted[each.card.subject_kind, period.frequency, period.label].add(each.card.subject_id)
        self._rows: dict[tuple[str, int, str, str], Measurement] = {}
        if wanted:
            self._read(wanted)

    def _read(self, wanted: dict[tuple[str, str, str], set[int]]) -> None:
        conditions = (
            and_(
                Measurement.subject_kind == kind,
                Measurement.frequency == frequency,
                Measurement.period == label,
                Measurement.subject_id.in_(sorted(subject_ids)),
            )
            for (kind, frequency, label), subject_ids in wanted.items()
        )
        for row in db.session.scalars(select(Measurement).where(or_(*conditions), Measurement.withdrawn.is_(False))):
            self._rows[row.subject_kind, row.subject_id, row.item, row.period] = row

    def of(self, opened: OpenCard, item: str, period: Period) -> Measurement | None:
        """Give what the indicator was for the card's subject in a period."""
        return self._rows.get((opened.card.subject_kind, opened.card.subject_id, item, period.label))


def source_periods(opened: OpenCard) -> set[Period]:
    """Give the periods whose values count in a card: its own, and longer ones of items whose value holds."""
    return {opened.period, *(item.value_period(opened.period) for item in opened.scorer.scheme.items.values())}


def codes_of(row: Measurement) -> tuple[str, ...]:
    """Give the items that a measurement may concern: its own, and as `item.part` the one that it is a part of."""
    whole = row.item.rpartition(".")[0]
    return (row.item, whole) if whole else (row.item,)


def first_label(row: Measurement) -> str:
    """Give the label from which on, in their order as text, the cards lie that a measurement may concern."""
    period = Period.parse(row.period)
    return period.first_day.isoformat()[:7] if period.frequency in OF_MONTHS else row.period


def feeds(row: Measurement, opened: OpenCard, code: str) -> bool:
    """Say whether a measurement is the value, or a part of it, of an item of the card."""
    item = opened.scorer.scheme.items[code]
    return (row.item, row.period) in _sources(code, item.rule, item.value_period(opened.period))


def lies_behind(row: Measurement, opened: OpenCard, code: str) -> bool:
    """Say whether a measurement is an earlier value of an item: of its baseline, or of what adds up over the year."""
    return row.item == code and row.frequency == opened.period.frequency and row.period < opened.card.period


def measured_value(item: Item, entered: Mapping[str, Any] | None) -> Decimal | None:
    """Give what an item's input measured, as later periods draw on it; none where they draw on nothing of it."""
    rule = item.rule
    if not entered or "not_applicable" in entered:
        return None
    if isinstance(rule, AttainmentRule) and rule.cumulative is not None:
        amounts = rule.amounts(entered)
        return None if amounts is None else amounts.actual
    is_drawn_on = isinstance(rule, BaselineRule) or item.holds_for is not None
    return parse_number(entered["value"]) if is_drawn_on and "value" in entered else None


def rescored(
    opened: OpenCard, code: str, measured: Measured | None, completer: Completer
) -> tuple[Values, ItemOutcome] | None:
    """Give the values of an item's row as they follow now, with their outcome; none where they stand already.

    With `measured` an input that nobody put in is fed anew; a person's own entry stands.
    """
    item = opened.items[code]
    found = _followed(opened, code, item, measured, completer)
    return found if any(value != getattr(item, name) for name, value in found[0].items()) else None


def first_fed(
    opened: OpenCard, code: str, measured: Measured, completer: Completer
) -> tuple[Values, ItemOutcome] | None:
    """Give the values of a new item's row that something feeds, with their outcome; none where nothing does."""
    fed = _fed(opened, code, measured, completer)
    return None if fed["input"] is None else _scored(opened, code, fed)


def _followed(
    opened: OpenCard, code: str, item: ScorecardItem, measured: Measured | None, completer: Completer
) -> tuple[Values, ItemOutcome]:
    if completer.is_rated(opened, code):
        taken = plain(completer.complete(opened, code, None))
        return _scored(opened, code, {"input": taken, "source": "", "is_fed": taken is not None})
    nobodys = item.input is None or item.is_fed
    if measured is not None and nobodys:
        return _scored(opened, code, _fed(opened, code, measured, completer))
    entered = plain(completer.complete(opened, code, item.input))
    return _scored(opened, code, {"input": entered, "source": item.source, "is_fed": nobodys and entered is not None})


def _scored(opened: OpenCard, code: str, fed: dict[str, Any]) -> tuple[Values, ItemOutcome]:
    outcome = cards.score(opened, code, fed["input"], fed["source"])
    return {**fed, **cards.outcome_as_values(outcome)}, outcome


def _fed(opened: OpenCard, code: str, measured: Measured, completer: Completer) -> dict[str, Any]:
    """Give input, source and whether anything feeds it, for an item that nobody has put in."""
    entered, sources = _measured_input(opened, code, measured)
    completed = plain(completer.complete(opened, code, entered))
    return {"input": completed, "source": "、".join(sources), "is_fed": completed is not None}


def _measured_input(opened: OpenCard, code: str, measured: Measured) -> tuple[dict[str, Any] | None, list[str]]:
    """Give what the measurements say of an item, as its input, and where they come from."""
    item = opened.scorer.scheme.items[code]
    period = item.value_period(opened.period)
    rows = {name: measured.of(opened, name, period) for name, _ in _sources(code, item.rule, period)}
    told = {name: row for name, row in rows.items() if row is not None}
    if not told:
        return None, []
    sources = list(dict.fromkeys(row.source for row in told.values() if row.source))
    if isinstance(item.rule, AttainmentRule):
        parts = {name.removeprefix(f"{code}."): {"actual": [_text(row)]} for name, row in told.items()}
        return {"parts": parts}, sources
    entered = {"value": _text(told[code])}
    return entered if item.holds_for is None else entered | {"period": period.label}, sources


def _sources(code: str, rule: Rule, period: Period) -> list[tuple[str, str]]:
    """Give the measurements that feed an item of this rule: indicator and period of each."""
    if isinstance(rule, AttainmentRule):
        return [(f"{code}.{part}", period.label) for part in rule.parts]
    return [(code, period.label)] if isinstance(rule, MEASURED) else []


def _text(row: Measurement) -> str:
    return format(row.value, "f")
