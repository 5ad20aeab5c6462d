"""成绩凭据: the proof of one's own score, in words."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.shell import OrderLine


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Who else has seen the log as it was then."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What the receipt of a card holds; without a size its newest records are not in the log yet."""

    card_id: str
    number: str
    subject_name: str
    period: str
    total: str | None
    grade: str
    records: int
    withheld: int
    erased: int
    order: OrderLine | None
    key: str
    size: int | None
    signed_at: datetime | None
    witnesses: tuple[Witnessed, ...]
