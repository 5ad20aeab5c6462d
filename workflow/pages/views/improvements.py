"""改进: the list of improvement plans, one of them, and the form of a new one."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.pages.views.cards import Action
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class ImprovementRow:
    """One improvement plan."""

    id: str
    version: int
    subject: str
    subject_name: str
    unit_name: str
    item_title: str
    measured_by: str
    better: str
    problem: str
    measures: str
    owner_name: str
    due: date
    late: bool
    state: str
    agreed_on: date | None
    finished_on: date | None
    judgement: str
    next_step: str
    verdict: str  # of an evaluated one


@dataclass(frozen=True, slots=True)
class ImprovementsPage:
    """The list of improvement plans."""

    rows: tuple[ImprovementRow, ...]
    pager: Pager
    state: str = ""
    whose: str = ""
    late: bool = False
    has_person: bool = False  # who reads is a person of the company, so that some can be theirs
    may_propose: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the progress."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """The indicator in a period; None where there is no value yet."""

    period: str
    value: str | None
    width: int  # of its bar, in percent of the longer one


@dataclass(frozen=True, slots=True)
class ImprovementPage:
    """One improvement plan with its progress, the effect, and what can be done about it."""

    improvement: ImprovementRow
    notes: tuple[Note, ...]
    before: Reading | None
    after: Reading | None
    change: str | None
    verdict: str
    moves: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item with its points on the newest published card."""

    code: str
    title: str
    period: str
    points: str
    full: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form of a new improvement plan: first for whom, then about which item of their newest card."""

    subject: str
    today: date
    unknown: bool = False  # there is nobody of that number for whom the reader may propose it
    subject_name: str = ""
    unit_name: str = ""
    schemes: tuple[Option, ...] = ()
    scheme: str = ""
    items: tuple[ItemChoice, ...] = ()
    owner: str = ""  # who is proposed to carry it out, by number
