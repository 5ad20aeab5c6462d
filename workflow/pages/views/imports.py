"""数据导入: upload, check, apply."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.cards import Change
from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import in the list of past ones."""

    id: str
    kind: str  # people, measurements
    file: str
    state: str  # uploaded, validated, applied, undone
    rows: int
    errors: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """Where a file is chosen, and what was imported before."""

    kinds: tuple[str, ...]
    rows: tuple[ImportRow, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One field of the template and the column of the file that fills it."""

    field: str
    title: str
    required: bool
    column: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row of the file as checked; `row` is its number in the file."""

    row: int
    outcome: str  # new, changed, same, error
    label: str
    changes: tuple[Change, ...] = ()
    error: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: how its columns were matched, what it would do, what it did."""

    id: str
    kind: str
    file: str
    state: str
    version: int
    by: str
    at: datetime
    columns: tuple[ColumnMatch, ...]
    headers: tuple[Option, ...]
    new: int
    changed: int
    same: int
    errors: int
    rows: tuple[CheckedRow, ...]
    only_errors: bool = False
    notices: tuple[str, ...] = ()  # leading zeros kept, merged headers, hidden rows, the same file before
    may_apply: bool = False
    may_undo: bool = False
    why_not: str = ""

    @property
    def correct(self) -> int:
        """How many rows could be applied."""
        return self.new + self.changed + self.same
