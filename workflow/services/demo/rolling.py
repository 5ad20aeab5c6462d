"""The demo's plans of other lengths: days that feed the month's cards, quarters, half-years and years that take from them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from workflow.scoring.periods import Frequency, Period
from workflow.services import working_days
from workflow.services.demo import company, months, rating
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.scorecards import appraise, veto

DAYS: Final = (-4, -2)
"""Which working days of a month are appraised, counted from its end."""

DAYS_AFTER: Final[Mapping[Frequency, int]] = {Frequency.QUARTER: 22, Frequency.HALF_YEAR: 23, Frequency.YEAR: 24}
"""How many days after its end a longer period is appraised: when its last month is done."""

QUARTERS: Final = "一二三四"
HALVES: Final = "上下"
TITLES: Final[Mapping[Frequency, Callable[[Period], str]]] = {
    Frequency.DAY: lambda period: f"{period.first_day.month}月{period.first_day.day}日日常考核",
    Frequency.QUARTER: lambda period: f"{period.first_day.year}年第{QUARTERS[period.ordinal % 4]}季度考核",
    Frequency.HALF_YEAR: lambda period: f"{period.first_day.year}年{HALVES[period.ordinal % 2]}半年考核",
    Frequency.YEAR: lambda period: f"{period.first_day.year}年年度考核",
}

VETOED: Final = ("banking", 1)
"""Who went too far in the year: the unit and the place in its staff."""


def publish_days(founded: Founded, period: Period) -> None:
    """Tell the days of a month that are appraised."""
    worked = working_days.between(period.first_day, period.last_day)
    for place in DAYS:
        _publish(founded, Month.of(Period.holding(worked[place], Frequency.DAY)))


def publish_longer(founded: Founded, period: Period) -> None:
    """Tell the quarter, half-year and year that end with a month."""
    for frequency, days in DAYS_AFTER.items():
        longer = Period.holding(period.first_day, frequency)
        if longer.last_day == period.last_day:
            month = Month.of(longer)
            month.later(days=days)
            _publish(founded, month)


def _publish(founded: Founded, month: Month) -> None:
    """Tell such a period from its plan to its publication, within a day."""
    month.hours_to_sign = 1
    months.open_plan(founded, month, TITLES[month.period.frequency](month.period))
    cards = months.cards_of(month.period)
    if month.period.frequency is Frequency.DAY:
        rating.rate_day(founded, month, cards)
    else:
        months.fill(founded, month, cards)
    if month.period.frequency is Frequency.YEAR:
        _veto(founded, month)
    months.publish(founded, month)


def _veto(founded: Founded, month: Month) -> None:
    """Deduct for a breach of the rules of conduct, which also vetoes the year's grade."""
    unit, place = VETOED
    code = company.staff()[unit][place][0]
    card = next(card for card in months.cards_of(month.period) if card.subject_code == code)
    preparer, on = founded.actors["preparer"], month.period.last_day.replace(day=18).isoformat()
    told: dict[str, Any] = {
        "on": on,
        "cause": "overreach",
        "reason": "未经授权承诺贷款利率",
        "evidence": [f"合规核查 {month.period.label}-31"],
    }
    edited = appraise.add_adjustment(preparer, month, card.id, "conduct", told, seen_version=card.version)
    entry = {"code": "misconduct", "on": on, "reason": "越权承诺造成客户投诉,经合规部核实"}
    veto.enter_veto(preparer, month, card.id, entry, seen_version=edited.card.version)
