"""工资批次: amounts are decimals, which the template writes as money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workflow.pages.views.cards import CardLink
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a payroll batch."""

    card: CardLink
    number: str
    revision: int
    subject: str
    unit_name: str
    scheme_title: str
    level: str
    points: str | None
    grade: str
    stopped: str  # the title of what stops the bonus
    amounts: Mapping[str, Decimal | None]
    total: Decimal | None
    before: Decimal | None
    difference: Decimal | None
    gaps: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchTab:
    """One batch to choose."""

    number: int
    at: datetime
    lines: int
    without_amount: int
    to_pay: Decimal


@dataclass(frozen=True, slots=True)
class PayrollPage:
    """The payroll of one plan, one batch of it, and the plans to choose from."""

    plans: tuple[Option, ...]
    plan: str = ""
    title: str = ""
    period: str = ""
    state: str = ""
    batches: tuple[BatchTab, ...] = ()
    batch: BatchTab | None = None
    parts: tuple[str, ...] = ()  # those that some line of the page knows
    rows: tuple[LineRow, ...] = ()
    pager: Pager | None = None
    may_correct: bool = False
    may_set_base: bool = False
    today: date | None = None
