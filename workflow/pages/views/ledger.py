"""加减分台账: what a recorder enters and still owes, the list, and one entry with what was said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.pages.views.cards import Action, Cause, FileLink
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry; `points` with its sign, `filed` is where further evidence is kept, in words."""

    id: str
    version: int
    period: str
    on: date
    subject: str
    subject_name: str
    unit_name: str
    item_title: str
    points: str
    cause: str
    reason: str
    files: tuple[FileLink, ...]
    filed: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime
    counted: bool
    state: str
    acknowledged_at: datetime | None
    question: str
    questioned_at: datetime | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    void_reason: str
    voided_by: str
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item that the reader may record, as the form offers it: `each` or `step`, whichever the rule has."""

    value: str  # scheme and item
    title: str
    each: str
    step: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class SchemeItems:
    """The items of one scheme."""

    title: str
    items: tuple[ItemChoice, ...]


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What was entered, given back with what is wrong beside each field; files that were handed in stay so."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileLink, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """What is still missing of one item in an open plan, and by when."""

    plan: str
    plan_title: str
    item: str
    item_title: str
    by_entries: bool
    missing: int
    due: date | None
    late: bool
    recorder: str = ""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The list with its filters; who records has the form and what is still owed above it."""

    rows: tuple[EntryRow, ...]
    pager: Pager
    today: date
    may_record: bool = False
    choices: tuple[SchemeItems, ...] = ()
    form: EntryForm = field(default_factory=EntryForm)
    duties: tuple[DutyRow, ...] = ()
    items: tuple[Option, ...] = ()
    period: str = ""
    item: str = ""
    state: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with the moves that can be made of it, and of the others why not; `own`: it is about the reader."""

    entry: EntryRow
    moves: tuple[Action, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class MyLedgerPage:
    """All entries about the reader, the newest day first."""

    rows: tuple[EntryRow, ...]
    pager: Pager
