"""What the pages of a scheme show beside its content: what differs from another version, and a back-test."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class SignedLine:
    """One signature under a version."""

    meaning: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One value that differs."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemDifferenceRow:
    """One item that differs, with its rule in words before and after; `kind` is added, removed or changed."""

    code: str
    title: str
    kind: str
    before: str
    after: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """What differs from the version before."""

    before: int
    items: tuple[ItemDifferenceRow, ...]
    others: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands; empty where there is nothing."""

    total: str | None
    rank: int | None
    grade: str


@dataclass(frozen=True, slots=True)
class TestedRow:
    """One card that moves; `missing` and `unread` name items."""

    card_id: str
    period: str
    subject: str
    name: str
    before: Standing
    after: Standing
    change: str | None
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsequenceRow:
    """A consequence that would come or go."""

    period: str
    subject: str
    name: str
    title: str
    comes: bool
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BackTestResult:
    """What a back-test found; `rows` are at most as many as a page shows."""

    cards: int
    moved: int
    totals: int
    ranks: int
    grades: int
    rows: tuple[TestedRow, ...]
    consequences: tuple[ConsequenceRow, ...]


@dataclass(frozen=True, slots=True)
class BackTestPage:
    """回溯试算: the plans to choose from, and what the chosen ones gave."""

    code: str
    title: str
    version: int
    plans: tuple[Option, ...]
    chosen: tuple[str, ...]
    result: BackTestResult | None = None
