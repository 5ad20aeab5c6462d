"""我的成绩 and 工作台: what one person sees of their own score and of their own work."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.pages.views.cards import AdjustmentRow, CardRow, HistoryLine, SectionRow, TimelineStep, VetoRow
from workflow.pages.views.ledger import EntryRow
from workflow.pages.views.objections import Objecting
from workflow.pages.views.pay import PayPanel


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of the twelve-month line; `total` is None where there was no published card."""

    period: str
    total: str | None
    card: str = ""
    unit_average: str | None = None  # only for five people or more


@dataclass(frozen=True, slots=True)
class ItemChange:
    """How much one item moved against the month before."""

    code: str
    title: str
    before: str | None
    after: str | None
    change: str


@dataclass(frozen=True, slots=True)
class DeductionRow:
    """One deduction with what explains it."""

    item: str
    title: str
    entry: AdjustmentRow


@dataclass(frozen=True, slots=True)
class MyScorePage:
    """The newest published card of the reader, or at which step the unpublished one is."""

    card: CardRow | None
    frequency: str = ""  # how often there is such a card
    frequencies: tuple[str, ...] = ()  # of which the reader has published ones
    full: str = ""
    sections: tuple[SectionRow, ...] = ()
    months: tuple[MonthPoint, ...] = ()
    changes: tuple[ItemChange, ...] = ()
    deductions: tuple[DeductionRow, ...] = ()
    vetoes: tuple[VetoRow, ...] = ()
    timeline: tuple[TimelineStep, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    pay: PayPanel | None = None
    published_at: datetime | None = None
    acknowledged_at: datetime | None = None
    objecting: Objecting | None = None
    entries: tuple[EntryRow, ...] = ()  # the newest of the ledger about the reader
    entries_total: int = 0
    open_period: str = ""  # the period of an unpublished card
    open_step: str = ""  # its state


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `kind` is a code that the template words; `count` how many; `plan` and `unit` where."""

    kind: str  # objections, questions, rate, late_ratings, fill, sign_prepare, review, approve, publish, returned, prepare_report …
    count: int
    plan: str = ""
    plan_title: str = ""
    period: str = ""
    unit: str = ""
    unit_name: str = ""
    card: str = ""
    scheme: str = ""
    scheme_version: int = 0
    report: str = ""
    due: date | None = None
    late: bool = False
    on_behalf_of: str = ""  # for whom, acting as a delegate
    reminded_by: str = ""  # who last reminded the reader of it, and when
    reminded_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far one open plan is: cards by state, in the order of the lifecycle."""

    plan: str
    title: str
    period: str
    state: str
    by_state: tuple[tuple[str, int], ...]
    cards: int
    due: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class WorkbenchPage:
    """工作台: what to do now, how the plans under way stand, and one's own newest score."""

    today: date
    tasks: tuple[Task, ...]
    plans: tuple[PlanProgress, ...] = ()
    my_card: CardRow | None = None
