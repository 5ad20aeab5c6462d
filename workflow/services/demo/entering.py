"""What is put in for the cards of the demo organisation, by kind of rule and by item."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from workflow.models.scorecards import Scorecard
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.scheme import Item
from workflow.services.demo.moving import Month

Entered = Mapping[str, Any] | None

LEVELS: Final = ("优秀", "良好", "良好", "良好", "一般")
VALUES: Final[Mapping[str, tuple[float, float]]] = {"handling": (94, 4), "efficiency": (88, 5), "exam": (84, 7)}
"""Around which value, in percent or points, an item moves, and how far."""

BEST: Final = 100


def entered(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give what is put in for an item; none for what is measured or taken from other cards."""
    enter = _BY_KIND.get(item.rule.kind)
    return None if enter is None else enter(month, card, item)


def _level(month: Month, _: Scorecard, __: Item) -> Entered:
    level = month.chance.choice(LEVELS)
    return {"level": level, "reason": "当月重点工作完成突出"} if level == "优秀" else {"level": level}


def _nothing_yet(_: Month, __: Scorecard, ___: Item) -> Entered:
    return {"adjustments": []}


def _value(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give a value; the examination is once a quarter and holds for its three months."""
    if item.code not in VALUES:
        return None
    period = Period.holding(month.period.first_day, Frequency.QUARTER) if item.code == "exam" else month.period
    return {"value": _around(_chance(period, card, item), *VALUES[item.code])}


def _parts(month: Month, card: Scorecard, item: Item) -> Entered:
    chance = _chance(month.period, card, item)
    return {name: _around(chance, 92, 5) for name in ("participation", "quality")}


def _ratings(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give what the superior thinks, out of ten."""
    value = _chance(month.period, card, item).randint(6, 10)
    return {"ratings": [{"group": "superior", "by": "直接上级", "value": str(value)}]}


def _chance(period: Period, card: Scorecard, item: Item) -> Random:
    """Give the chance of one item, which leaves that of the month as it is."""
    return Random(f"{period.label} {card.subject_code} {item.code}")  # noqa: S311 — a story told the same way each time


def _around(chance: Random, middle: float, spread: float) -> str:
    return str(min(BEST, round(chance.gauss(middle, spread))))


_BY_KIND: Final[Mapping[str, Callable[[Month, Scorecard, Item], Entered]]] = {
    "rating": _level,
    "adjustments": _nothing_yet,
    "linear": _value,
    "formula": _parts,
    "raters": _ratings,
}
