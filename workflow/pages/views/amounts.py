"""汇率 and 客户组合: what profit targets follow from."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.shell import Pager


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate as it was entered; without a rate it took one back."""

    id: str
    currency: str
    starts_on: date
    rate: str | None
    source: str
    reason: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class RatesPage:
    """The rates, the newest first, and the form for who may enter one."""

    rows: tuple[RateRow, ...]
    pager: Pager
    currency: str
    may_edit: bool
    today: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One part of a year."""

    part: str
    currency: str
    base: str
    growth: str


@dataclass(frozen=True, slots=True)
class Held:
    """Who looks after a customer, and for which days."""

    name: str
    code: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with those who have looked after it and the figures of the year."""

    code: str
    name: str
    managers: tuple[Held, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class OwnGrowth:
    """What a manager is to add beyond the customers' own growth."""

    name: str
    code: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class PortfoliosPage:
    """The customers in reach, the managers' own targets, and the form for who may enter them."""

    rows: tuple[CustomerRow, ...]
    growth: tuple[OwnGrowth, ...]
    pager: Pager
    year: int
    q: str
    manager: str
    may_edit: bool
    today: date
