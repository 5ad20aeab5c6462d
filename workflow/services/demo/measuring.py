"""What the systems of the demo organisation measure: indicators of its units, marks and surveys of its people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workflow.scoring.periods import Frequency, Period
from workflow.services.demo import company
from workflow.services.demo.chances import around, chance_of
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured

MONTHS_BEFORE: Final = 6
"""As many months before the first plan are measured: baselines need a history."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An item, around which value it moves and how far, and where it comes from."""

    item: str
    middle: float
    spread: float
    source: str
    places: int = 0


INDICATORS: Final[Mapping[str, tuple[float, float]]] = {
    "churn": (2.6, 0.6),
    "growth": (3.2, 0.9),
    "complaint-satisfaction": (95.0, 1.5),
}
"""Around which value, in percent, an indicator with a baseline moves, and how far."""

MEASURED_UNITS: Final = ("customer", "east")

CRM, SURVEY, CALLS = "客户关系管理系统", "客户满意度调查", "客服平台"
OF_UNITS: Final[Mapping[str, tuple[Indicator, ...]]] = {
    unit: (
        Indicator("satisfaction", satisfaction, 2.0, SURVEY, 1),
        Indicator("complaint-handling", 94, 3, CALLS, 1),
        Indicator("complaint-rate", complaints, 0.3, CALLS, 2),
        Indicator("retention", 90, 2, CRM, 1),
        Indicator("repeat-purchase", 48, 5, CRM, 1),
    )
    for unit, satisfaction, complaints in (("card-room", 91, 0.8), ("general-room", 89, 1.0), ("hotline-1", 86, 1.3))
}
"""What is measured of a unit each month, by unit."""

OF_PEOPLE: Final[Mapping[str, tuple[Indicator, ...]]] = {
    "banking": (
        Indicator("feedback", 95, 3, SURVEY),
        Indicator("exam", 84, 7, "学习平台"),
        Indicator("growth", 12, 5, CRM, 1),
        Indicator("care", 92, 4, CRM),
        Indicator("training", 7, 1.5, "学习平台"),
    ),
    "service": (Indicator("response", 8, 4, CALLS, 1),),
    "service-desk": (
        *(Indicator(item, 89, 4, SURVEY) for item in ("attitude", "ability", "efficiency", "communication")),
        *(Indicator(item, 95, 2, CALLS, 1) for item in ("accuracy", "timeliness", "expression")),
        Indicator("resolution", 90, 3, CALLS, 1),
    ),
}
"""What is measured of each person of a unit each month, by unit."""

QUARTERLY: Final = Indicator("exam", 84, 7, "季度考试")
EXAMINED: Final = ("hotline-1", 2)
"""The unit whose first people sit the quarter's examination, the mark of which holds for its three months."""


def measure_before(founded: Founded, first: Period) -> None:
    """Take in what was measured in the half year before the first plan."""
    for count in range(MONTHS_BEFORE, 0, -1):
        month = Month.of(first.previous(count))
        measure.record_measurements(founded.actors["admin"], month, list(_with_baselines(month)))


def measure_month(founded: Founded, month: Month) -> None:
    """Take in what was measured in the month."""
    rows = [*_with_baselines(month), *_of_everybody(month.period)]
    measure.record_measurements(founded.actors["admin"], month, rows)


def _with_baselines(month: Month) -> Iterator[Measured]:
    for unit in MEASURED_UNITS:
        for item, (middle, spread) in INDICATORS.items():
            value = f"{month.chance.gauss(middle, spread):.1f}"
            yield Measured(item, unit, month.period.label, value, CRM)


def _of_everybody(period: Period) -> Iterator[Measured]:
    staff = company.staff()
    for unit, indicators in OF_UNITS.items():
        yield from _values(period, unit, indicators)
    for unit, indicators in OF_PEOPLE.items():
        for code, _ in staff[unit]:
            yield from _values(period, code, indicators)
    unit, examined = EXAMINED
    for code, _ in staff[unit][:examined]:
        yield from _values(Period.holding(period.first_day, Frequency.QUARTER), code, (QUARTERLY,))


def _values(period: Period, subject: str, indicators: Sequence[Indicator]) -> Iterator[Measured]:
    for each in indicators:
        value = around(chance_of(period, subject, each.item), each.middle, each.spread, each.places)
        yield Measured(each.item, subject, period.label, value, each.source)
