"""Rows of a file on their way in: columns found by their headings, cells read as text, each row with its outcome."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from workflow.errors import FieldError
from workflow.policy import Actor
from workflow.services.importing.workbooks import Cell
from workflow.services.unit_of_work import Work
from workflow.wording import Phrase

_DATES = (
    re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_NO_DATE = Phrase("不是日期(应如 2026-11-05)", "is not a date (like 2026-11-05)")
_NEEDED = Phrase("请填写", "is required")


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


OUTCOME_NAMES: Mapping[Outcome, Phrase] = {
    Outcome.NEW: Phrase("新增", "new"),
    Outcome.CHANGED: Phrase("变更", "changed"),
    Outcome.SAME: Phrase("相同", "same"),
    Outcome.ERROR: Phrase("有误", "wrong"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a kind of import, the heading of its template, and what else files call it."""

    field: str
    title: Phrase
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of the file: its number there, its cells by field, and all of them as they were."""

    number: int
    cells: Mapping[str, Cell]
    shown: tuple[str, ...]

    def text(self, name: str) -> str:
        """Give a cell as text."""
        return text_of(self.cells.get(name))

    def is_number(self, name: str) -> bool:
        """Whether the cell holds a number and not text: such a code has lost its leading zeros."""
        return isinstance(self.cells.get(name), Decimal)


@dataclass(frozen=True, slots=True)
class Change:
    """How one field would change."""

    field: str
    before: str
    after: str


@dataclass(slots=True)
class CheckedRow:
    """One row with what it would do; `plan` is what its kind needs to do it."""

    number: int
    shown: tuple[str, ...]
    label: str = ""
    outcome: Outcome = Outcome.SAME
    changes: tuple[Change, ...] = ()
    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    plan: Any = None

    def wrong(self, path: str, phrase: Phrase, **facts: object) -> None:
        """Say that a cell is wrong."""
        self.errors.append(FieldError(path, phrase, facts))
        self.outcome = Outcome.ERROR

    def wrong_once(self, path: str, phrase: Phrase, **facts: object) -> None:
        """Say that a cell is wrong, unless that has been said of it already."""
        if all(error.path != path for error in self.errors):
            self.wrong(path, phrase, **facts)

    def warn(self, path: str, phrase: Phrase, **facts: object) -> None:
        """Say that a cell looks odd."""
        self.warnings.append(FieldError(path, phrase, facts))

    def needed(self, path: str) -> None:
        """Say that a cell is empty which must not be."""
        self.wrong(path, _NEEDED)


Effects = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of import: its columns, how rows are checked and applied, what rests on them, how they are undone."""

    columns: tuple[Column, ...]
    check: Callable[[Actor, Sequence[FileRow], date], list[CheckedRow]]
    apply: Callable[[Work, Sequence[CheckedRow], str], Effects]
    used_by: Callable[[Effects, datetime], tuple[str, ...]]
    undo: Callable[[Work, Effects, str], None]


def text_of(cell: Cell) -> str:
    """Read a cell as text: full-width characters become common ones, dates are ISO."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case Decimal():
            return format(cell, "f")
        case _:
            return unicodedata.normalize("NFKC", str(cell)).strip()


def read_date(row: FileRow, name: str, checked: CheckedRow) -> date | None:
    """Read a date in the ways in which files write it; None, and an error on the row, for anything else."""
    text = row.text(name)
    if not text:
        return None
    for pattern in _DATES:
        found = pattern.fullmatch(text)
        try:
            if found:
                return date(*(int(part) for part in found.groups()))
        except ValueError:
            break
    checked.wrong(name, _NO_DATE)
    return None


def match_columns(
    headings: Sequence[str], columns: Sequence[Column], chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Give the heading of each field: the chosen one, or else one that is called like the field."""
    known = {_plain(heading): heading for heading in reversed(headings) if heading}
    matched = {}
    for column in columns:
        if chosen and chosen.get(column.field) in headings:
            matched[column.field] = chosen[column.field]
            continue
        names = (column.title.zh, column.title.en, column.field, *column.aliases)
        heading = next((known[_plain(name)] for name in names if _plain(name) in known), None)
        if heading is not None and not chosen:
            matched[column.field] = heading
    return matched


def missing_columns(columns: Sequence[Column], matched: Mapping[str, str]) -> tuple[Column, ...]:
    """Give the required columns that no heading fills."""
    return tuple(column for column in columns if column.required and column.field not in matched)


def mark_repeated(rows: Sequence[CheckedRow], keys: Sequence[object], path: str) -> None:
    """Say of each row whose key an earlier row has, which one that is."""
    first: dict[object, int] = {}
    for row, key in zip(rows, keys, strict=True):
        if key is None:
            continue
        if key in first:
            row.wrong(path, Phrase("与第 {row} 行重复", "repeats row {row}"), row=first[key])
        else:
            first[key] = row.number


def _plain(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split()).rstrip("*:")
