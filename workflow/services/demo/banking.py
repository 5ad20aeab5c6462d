"""The demo bank's year: account managers with their levels, customers with figures, rates of the dollar, what they earn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from workflow.scoring.periods import Frequency, Period
from workflow.services.demo import company
from workflow.services.demo.chances import chance_of
from workflow.services.demo.found import FOUNDED, Founded
from workflow.services.demo.moving import Month
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.paying import maintain_portfolios, maintain_rates
from workflow.services.paying.maintain_portfolios import PortfolioRow
from workflow.services.people import give_level
from workflow.services.people.give_level import NewLevel

UNIT: Final = "banking"
JUNE, DECEMBER = 6, 12
DOLLAR: Final = 7.1
"""Around which rate the dollar moves."""


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer, by whom (place in the staff) looked after, and the year's profit: by part, currency, base and growth."""

    code: str
    name: str
    manager: int
    part: str
    base: int
    growth: int
    currency: str = "CNY"


CUSTOMERS: Final = (
    DemoCustomer("K-001", "晨岭机械制造有限公司", 0, "interest", 960_000, 96_000),
    DemoCustomer("K-002", "远帆国际物流有限公司", 0, "deposit", 420_000, 40_000),
    DemoCustomer("K-003", "海棠进出口贸易有限公司", 0, "fee", 60_000, 6_000, "USD"),
    DemoCustomer("K-004", "青禾食品有限公司", 0, "interest", 48_000, 2_400),
    DemoCustomer("K-005", "白鹭建材有限公司", 1, "interest", 720_000, 60_000),
    DemoCustomer("K-006", "云杉软件技术有限公司", 1, "deposit", 300_000, 45_000),
    DemoCustomer("K-007", "松涛医疗器械有限公司", 1, "fee", 180_000, 20_000),
    DemoCustomer("K-008", "小满连锁餐饮有限公司", 2, "deposit", 210_000, 30_000),
    DemoCustomer("K-009", "禾木家具有限公司", 2, "interest", 330_000, 33_000),
)
HANDED_OVER: Final = ("K-004", 2)
"""The customer who passes to another manager (place in the staff) in the middle of the year."""

OWN_GROWTH: Final[Mapping[int, tuple[str, int]]] = {0: ("deposit", 60_000), 1: ("interest", 40_000), 2: ("fee", 24_000)}
"""What each manager is to add beyond the customers' own growth, by place in the staff: part and amount of the year."""

SKILL: Final = (1.04, 0.97, 0.88)
"""What part of a month's target each manager reaches in the mean, by place in the staff."""


def begin(founded: Founded, first: Period) -> None:
    """Give the managers levels and customers, and take in what they earned this year before the first plan."""
    for new in _first_levels():
        give_level.give_level(founded.actors["hr"], lambda: FOUNDED, new)
    month, year = Month.of(first.previous()), first.first_day.year
    maintain_portfolios.put_portfolio(founded.actors["preparer"], month, list(_portfolio(year)))
    earlier = [Period(Frequency.MONTH, year * DECEMBER + place) for place in range(first.first_day.month - 1)]
    rows = [
        Measured("profit", code, each.label, _earned_in_all(each, code), "核算系统")
        for each in earlier
        for code in _managers()
    ]
    if rows:
        measure.record_measurements(founded.actors["admin"], month, rows)


def tell_month(founded: Founded, month: Month) -> None:
    """Enter the month's rate of the dollar; hand a customer over in June, set the new year's figures in December."""
    rate = f"{chance_of(month.period, 'USD', 'rate').gauss(DOLLAR, 0.05):.4f}"
    admin, first_day = founded.actors["admin"], month.period.first_day
    maintain_rates.put_rate(admin, month, currency="USD", starts_on=first_day, rate=rate, source="外汇牌价(月初)")
    next_month = month.period.next().first_day
    if first_day.month == JUNE:
        code, place = HANDED_OVER
        row = PortfolioRow(customer=code, manager=_managers()[place], starts_on=next_month)
        maintain_portfolios.put_portfolio(founded.actors["preparer"], month, [row])
        give_level.give_level(founded.actors["hr"], month, _promotion(next_month))
    if first_day.month == DECEMBER:
        rows = [_without_manager(row) for row in _portfolio(next_month.year)]
        maintain_portfolios.put_portfolio(founded.actors["preparer"], month, rows)


def earned(period: Period, manager: str) -> dict[str, dict[str, list[Any]]]:
    """Give what a manager's customers earned in a month, by part, as the preparer puts it in."""
    found: dict[str, dict[str, list[Any]]] = {part: {"actual": []} for part in ("interest", "deposit", "fee")}
    for part, currency, amount in _earned(period, manager):
        in_currency = {"amount": str(amount), "currency": currency}
        found[part]["actual"].append(str(amount) if currency == "CNY" else in_currency)
    for each in found.values():
        each["actual"] = each["actual"] or ["0"]
    return found


def _managers() -> list[str]:
    return [code for code, _ in company.staff()[UNIT]]


def _first_levels() -> Iterator[NewLevel]:
    senior, middle, junior = _managers()
    marks = {"pass_mark": "60"}
    passed = "客户经理任职考试"
    yield NewLevel(
        senior, "高级", "examination", company.SINCE, figures={**marks, "written": "91", "oral": "88"}, reason=passed
    )
    yield NewLevel(
        middle, "中级", "examination", company.SINCE, figures={**marks, "written": "78", "oral": "82"}, reason=passed
    )
    deposits = {"average_deposits": "520", "deposit_threshold": "500"}
    figures = {**marks, "written": "56", "oral": "71", **deposits}
    yield NewLevel(
        junior, "初级", "deposits", company.SINCE, employment="agent", figures=figures, reason="日均存款达标,暂定初级"
    )


def _promotion(day: date) -> NewLevel:
    figures = {"pass_mark": "60", "written": "74", "oral": "79"}
    return NewLevel(
        _managers()[2], "中级", "examination", day, employment="agent", figures=figures, reason="年中任职考试合格"
    )


def _portfolio(year: int) -> Iterator[PortfolioRow]:
    managers = _managers()
    for each in CUSTOMERS:
        yield PortfolioRow(
            customer=each.code,
            name=each.name,
            manager=managers[each.manager],
            starts_on=company.SINCE,
            year=year,
            part=each.part,
            currency=each.currency,
            base=str(each.base),
            growth=str(each.growth),
        )
    for place, (part, growth) in OWN_GROWTH.items():
        yield PortfolioRow(manager=managers[place], year=year, part=part, growth=str(growth))


def _without_manager(row: PortfolioRow) -> PortfolioRow:
    """Give the row of a customer's new year, in which whoever looks after them goes on doing so."""
    return replace(row, name="", manager="", starts_on=None) if row.customer else row


def _earned(period: Period, manager: str) -> Iterator[tuple[str, str, int]]:
    """Give part, currency and amount that each of the manager's first customers, and the manager, earned in a month."""
    place = _managers().index(manager)
    chance = chance_of(period, manager, "profit")
    for each in CUSTOMERS:
        if each.manager == place:
            yield each.part, each.currency, _month_of(each.base + each.growth, chance.gauss(SKILL[place], 0.08))
    part, growth = OWN_GROWTH[place]
    yield part, "CNY", _month_of(growth, chance.gauss(SKILL[place], 0.2))


def _month_of(year: int, share: float) -> int:
    return max(0, round(year / DECEMBER * share))


def _earned_in_all(period: Period, manager: str) -> str:
    rates = {"CNY": 1.0, "USD": DOLLAR}
    return f"{sum(amount * rates[currency] for _, currency, amount in _earned(period, manager)):.2f}"
