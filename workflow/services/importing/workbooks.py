"""Tables in Excel workbooks: read without trusting the file, written so that nothing in it is ever run."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from python_calamine import CalamineError, CalamineWorkbook

from workflow.services.importing.workbook_archive import open_archive
from workflow.services.importing.workbook_limits import (
    DAMAGED,
    LIMITS,
    NO_HEADINGS,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    Limits,
    WorkbookError,
)
from workflow.services.importing.workbook_scan import Scan, scan_sheet, visible_sheets
from workflow.when_used import WhenUsed
from workflow.wording import Phrase

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet
else:
    xlsxwriter = WhenUsed("xlsxwriter")

__all__ = ["Cell", "Limits", "Notice", "Table", "WorkbookError", "read_table", "write_table"]

Cell = str | Decimal | date | datetime | None
"""What a cell holds: text as it was, leading zeros and all; a number as shown; a day; an instant without zone; nothing."""

FORMULAS = Phrase("含有公式,按其上次计算的结果读取:{places}", "holds formulas, read as last calculated: {places}")
HIDDEN_ROWS = Phrase("含有隐藏的行,也已读取:{places}", "holds hidden rows, which are read too: {places}")
HIDDEN_COLUMNS = Phrase("含有隐藏的列,也已读取:{places}", "holds hidden columns, which are read too: {places}")
MERGED = Phrase(
    "含有合并的单元格,只有左上角的一格有值:{places}",
    "holds merged cells, of which only the first has the value: {places}",
)
TWICE = Phrase("标题重复:{places}", "these headings stand more than once: {places}")
OTHER_SHEETS = Phrase("只读取了第一个工作表,未读取:{places}", "only the first worksheet is read, not: {places}")

_EXCEL_DIGITS = ".15g"  # what Excel keeps of a number, and shows
_MOST_EXACT_DIGITS = 15
_RISKY = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # read as a formula when typed, also if full-width
_ESCAPED = re.compile(f"'{_RISKY.pattern}")
_LONGEST_TEXT = 32_767
_SHEET_ROWS = 1_048_576
_SHEET_COLUMNS = 16_384
_NARROWEST, _WIDEST = 8, 50


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody should know of a file that was read: a sentence and what fills it."""

    phrase: Phrase
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """The first visible worksheet: its headings, and each row that is not empty with its number in the file.

    Every row has as many cells as there are headings; a column without one has the heading "".
    """

    sheet: str
    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    notices: tuple[Notice, ...] = ()


def read_table(data: bytes, *, limits: Limits = LIMITS) -> Table:
    """Read the first visible worksheet of an .xlsx file, whose first row that is not empty holds the headings.

    Raises WorkbookError for what is no workbook, protected, damaged, or over a limit, before it takes time or memory.
    """
    archive = open_archive(data, limits)
    first, *others = visible_sheets(archive)
    scan = scan_sheet(archive, first.part, limits)
    every = enumerate(_cells(data, first.name), start=1)
    numbered = [(number, cells) for number, cells in every if any(cell != "" for cell in cells)]
    if not numbered:
        raise WorkbookError(NO_HEADINGS, sheet=first.name)
    (_, head), *body = numbered
    if len(body) > limits.rows:
        raise WorkbookError(TOO_MANY_ROWS, most=limits.rows)
    headers = tuple(_heading(cell) for cell in head)
    rows = tuple((number, tuple(map(_cell, cells))) for number, cells in body)
    return Table(first.name, headers, rows, _notices(scan, headers, [sheet.name for sheet in others]))


def write_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, sheet: str = "Sheet1") -> bytes:
    """Write a workbook of one table, row by row in constant memory: numbers as numbers, days as days, all else as text.

    A text that a spreadsheet could take for a formula gets an apostrophe before it, which `read_table` takes off again.
    Raises WorkbookError for more rows or columns than a worksheet has.
    """
    if len(headers) > _SHEET_COLUMNS:
        raise WorkbookError(TOO_MANY_COLUMNS, most=_SHEET_COLUMNS)
    file = BytesIO()
    with xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet(sheet)
        writer = _Writer(book, page)
        writer.headings(headers)
        for number, row in enumerate(rows, start=1):
            if number >= _SHEET_ROWS:
                raise WorkbookError(TOO_MANY_ROWS, most=_SHEET_ROWS - 1)
            for place, value in enumerate(row):
                writer.write(number, place, value)
    return file.getvalue()


def _cells(data: bytes, sheet: str) -> list[list[object]]:
    """The values of a sheet from A1 on; the reader is only let loose on what has been looked at."""
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError) as wrong:
        raise WorkbookError(DAMAGED) from wrong


def _heading(cell: object) -> str:
    value = _cell(cell)
    return "" if value is None else " ".join(str(value).split())


def _cell(value: object) -> Cell:
    reader = _READERS.get(type(value))
    return reader(value) if reader else str(value)


def _text(value: str) -> str | None:
    return (value[1:] if _ESCAPED.match(value) else value) or None


@lru_cache(maxsize=1 << 12)
def _number(value: float) -> Decimal:
    return Decimal(format(value, _EXCEL_DIGITS))


def _as_it_is(value: Cell) -> Cell:
    return value


_READERS: Mapping[type, Callable[[Any], Cell]] = {
    str: _text,
    float: _number,
    int: _number,
    date: _as_it_is,
    datetime: _as_it_is,
    bool: lambda value: str(value).upper(),
    time: time.isoformat,
}
"""How each kind of value that the reader gives is taken; the rest as text."""


def _notices(scan: Scan, headers: Sequence[str], others: Sequence[str]) -> tuple[Notice, ...]:
    twice = [name for name in dict.fromkeys(headers) if name and headers.count(name) > 1]
    found: list[tuple[Phrase, Sequence[object]]] = [
        (FORMULAS, scan.formulas),
        (HIDDEN_ROWS, scan.hidden_rows),
        (HIDDEN_COLUMNS, scan.hidden_columns),
        (MERGED, scan.merged),
        (TWICE, twice),
        (OTHER_SHEETS, others),
    ]
    return tuple(Notice(phrase, {"places": ", ".join(map(str, places))}) for phrase, places in found if places)


class _Writer:
    """Writes cells by their kind into one worksheet."""

    def __init__(self, book: "xlsxwriter.Workbook", page: "Worksheet") -> None:
        self._page = page
        self._heading: Format = book.add_format({"bold": True, "bg_color": "#F0F0F0", "border": 1, "align": "center"})
        self._day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def headings(self, headers: Sequence[str]) -> None:
        """Write the first row, which stays in sight, and make each column wide enough for its heading."""
        for place, header in enumerate(headers):
            wide = 2 + sum(2 if east_asian_width(letter) in "WF" else 1 for letter in header)
            self._page.set_column(place, place, min(max(wide, _NARROWEST), _WIDEST))
            self._page.write_string(0, place, _harmless(header), self._heading)
        self._page.freeze_panes(1, 0)

    def write(self, row: int, column: int, value: object) -> None:
        """Write one cell; None leaves it empty."""
        match value:
            case None:
                return
            case bool():
                self._page.write_boolean(row, column, value)
            case int() | float() | Decimal() if _is_exact(value):
                self._page.write_number(row, column, value)
            case datetime():
                self._page.write_datetime(row, column, value.replace(tzinfo=None), self._instant)
            case date():
                self._page.write_datetime(row, column, value, self._day)
            case _:
                self._page.write_string(row, column, _harmless(str(value)))


def _is_exact(value: float | Decimal) -> bool:
    """Whether a worksheet keeps the number as it is, which has 15 digits for it."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _MOST_EXACT_DIGITS


def _harmless(text: str) -> str:
    """The text with an apostrophe before what could be taken for a formula; one too long for a cell ends with …."""
    safe = f"'{text}" if _RISKY.match(text) else text
    return safe if len(safe) <= _LONGEST_TEXT else safe[: _LONGEST_TEXT - 1] + "…"
