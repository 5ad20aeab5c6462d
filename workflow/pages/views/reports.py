"""考核报告: the figures of a plan as they are drawn and listed, and the report with the administrator's words."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.cards import Action, CardLink, Signature, TimelineStep
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class Band:
    """How many cards have a total in a band; `share` in percent of all, `height` of its bar in percent of the tallest."""

    label: str
    cards: int
    share: int
    height: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of an item of a scheme, or without a scheme of a unit."""

    scheme: str
    code: str
    title: str
    problem: str
    direction: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item's average against the period before; `share` in percent of full marks, None where nothing bounds them."""

    code: str
    title: str
    full: str | None
    average: str | None
    before: str | None
    change: str | None
    share: int | None
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class SchemePart:
    """What the cards of one scheme say together, as far as the reader is told."""

    code: str
    title: str
    cards: int
    cards_before: int
    average: str | None
    change: str | None
    highest: str | None
    lowest: str | None
    bands: tuple[Band, ...]
    grades: tuple[tuple[str, int], ...]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The figures of one plan, the plans to choose from, and the report on it: the one there is, or whether to begin one."""

    plans: tuple[Option, ...]
    plan: str = ""
    title: str = ""
    period: str = ""
    before: str = ""  # the period with which they are compared
    schemes: tuple[SchemePart, ...] = ()
    report: "ReportRow | None" = None
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: str
    plan: str
    plan_title: str
    period: str
    revision: int
    state: str
    as_of: datetime
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The reports that the reader may see."""

    rows: tuple[ReportRow, ...]
    pager: Pager
    sees_figures: bool = False


@dataclass(frozen=True, slots=True)
class ToldRank:
    """One line of a ranking as it stood."""

    card: CardLink | None  # where the reader may open it
    subject_name: str
    unit_name: str
    total: str | None
    rank: int | None
    absence: str
    grade: str | None
    climbed: int | None


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """One group's ranking as far as it is told; `ranked` counts the whole group."""

    title: str
    schemes: tuple[str, ...]
    version: int
    state: str
    ranked: int
    rows: tuple[ToldRank, ...]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One report: words, figures as of its time, ranks, signatures, and what can be done with it."""

    report: ReportRow
    before: str
    problems: str
    directions: str
    schemes: tuple[SchemePart, ...]
    units: tuple[Remark, ...]
    groups: tuple[ToldGroup, ...]
    whole: bool
    outdated: bool
    writable: bool
    remarkable: tuple[Option, ...]  # the units of which something can be said
    signatures: tuple[Signature, ...]
    digest: str
    timeline: tuple[TimelineStep, ...]
    actions: tuple[Action, ...]
    newer: ReportRow | None
    others: tuple[ReportRow, ...]
    sees_figures: bool
