"""What a worksheet's XML says that a reader of values does not tell: formulas, hidden rows, merged cells, its true extent."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import TypeVar
from xml.etree import ElementTree as ET
from xml.parsers import expat

from workflow.services.importing.workbook_archive import Archive
from workflow.services.importing.workbook_limits import (
    DAMAGED,
    NO_SHEET,
    TOO_MANY_CELLS,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    TOO_MUCH_TEXT,
    Limits,
    WorkbookError,
)

LEADING_ROWS = 50
"""Rows above the headings and between the data, beyond those that count."""
NAMED = 20
"""How many places of a kind are named."""

_SHARED = "xl/sharedstrings.xml"
_SMALL_PART = 1 << 20
_TAGS_A_CELL = 6
_ROWS_A_ROW = 4  # rows that are only formatted, beside each one that counts
_LONGEST_TEXT = 1 << 20  # bytes of one text; a cell has room for a fifth of that
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")
_DIGITS = "0123456789"
_ALONE = 2  # a name and its value
_Place = TypeVar("_Place")


@dataclass(slots=True)
class Scan:
    """What a worksheet holds: its last row and column with a value, and the places of what deserves a word."""

    last_row: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, its part of the archive, whether it is shown."""

    name: str
    part: str
    visible: bool


def visible_sheets(archive: Archive) -> list[Sheet]:
    """The worksheets that are shown, in their order; raises WorkbookError where there is none."""
    parts = _relations(archive)
    listed = [element for element in _small(archive, "xl/workbook.xml").iter() if _local(element.tag) == "sheet"]
    sheets = []
    for element in listed:
        names = {_local(name): value for name, value in element.attrib.items()}
        part = parts.get(names.get("id", ""), "")
        sheets.append(Sheet(names.get("name", ""), part, names.get("state", "visible") == "visible"))
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise WorkbookError(DAMAGED)
    found = [sheet for sheet in sheets if sheet.visible and sheet.part in archive.parts]
    if not found:
        raise WorkbookError(NO_SHEET)
    return found


def scan_sheet(archive: Archive, part: str, limits: Limits) -> Scan:
    """Go through a worksheet's XML; raises WorkbookError as soon as it is over a limit, before its cells are held."""
    shared = [name for name in archive.parts if name.lower() == _SHARED]
    reader = _SheetReader(limits, _lengths(archive.pieces(shared[0]), limits) if shared else [])
    _parse(reader, archive.pieces(part), limits)
    return reader.scan


def column_letters(number: int) -> str:
    """The letters of a column, counted from 1: 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column by its letters: AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _SheetReader:
    """Notes what the parser comes by. Little is done for each cell, since there may be hundreds of thousands.

    Cells without a reference follow the one before, as readers take them. Attributes come as names and values in turn.
    """

    def __init__(self, limits: Limits, lengths: list[int]) -> None:
        self.scan = Scan()
        self._limits = limits
        self._lengths = lengths
        self._longest = max(lengths, default=0)
        self._text = 0
        self._rows = 0
        self._number = 0
        self._reference = ""
        self._row = ""
        self._columns: set[str] = set()
        self._is_shared = False
        self._shared: list[str] = []

    def start(self, tag: str, attributes: list[str]) -> None:
        if tag == "v":
            letters = self._reference.rstrip(_DIGITS)
            if letters not in self._columns or self._reference[len(letters) :] != self._row:
                self._extend()
        elif tag == "c":
            if attributes and attributes[0] == "r":
                self._reference = attributes[1]
                self._is_shared = len(attributes) > _ALONE and "s" in attributes[3::2]
            else:
                self._unusual_cell(_by_name(attributes))
        else:
            self._other(tag, attributes)

    def text(self, said: str) -> None:
        if self._is_shared:
            self._shared.append(said)

    def piece(self) -> None:
        """Add the lengths of the shared strings that the cells of the last piece name."""
        self._text += sum(map(self._length, self._shared))
        self._shared.clear()
        if self._text > self._limits.text:
            raise WorkbookError(TOO_MUCH_TEXT, most=self._limits.text)

    def _length(self, place: str) -> int:
        # Readers differ in what they make of a place that is none, so it counts as the longest.
        known = _NUMBER.fullmatch(place) and int(place) < len(self._lengths)
        return self._lengths[int(place)] if known else self._longest

    def _other(self, tag: str, attributes: list[str]) -> None:
        if tag == "row":
            self._begin_row(_by_name(attributes))
        elif tag == "is":
            self._extend()
        elif tag == "f":
            self._extend()
            _note(self.scan.formulas, self._reference)
        elif tag == "col" and "hidden" in attributes and _is_hidden(_by_name(attributes)):
            _note(self.scan.hidden_columns, _columns(_by_name(attributes)))
        elif tag == "mergeCell":
            _note(self.scan.merged, _by_name(attributes).get("ref", ""))
        elif ":" in tag:
            self.start(_local(tag), attributes)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._rows += 1
        if self._rows > _ROWS_A_ROW * self._limits.rows:
            raise WorkbookError(TOO_MANY_ROWS, most=self._limits.rows)
        self._number = int(attributes["r"]) if _NUMBER.fullmatch(attributes.get("r", "")) else self._number + 1
        self._reference = str(self._number)
        self._is_shared = False
        if _is_hidden(attributes):
            _note(self.scan.hidden_rows, self._number)

    def _unusual_cell(self, attributes: dict[str, str]) -> None:
        """A cell whose reference doesn't come first, or that has none and stands beside the one before."""
        following = column_letters(column_number(self._reference.rstrip(_DIGITS)) + 1)
        self._reference = attributes.get("r", f"{following}{self._number}")
        self._is_shared = attributes.get("t") == "s"

    def _extend(self) -> None:
        """Take the present cell into the extent, which the reader of values will hold in memory whole."""
        found = _REFERENCE.fullmatch(self._reference)
        if not found:
            raise WorkbookError(DAMAGED)
        letters, self._row = found.groups()
        self._columns.add(letters)
        scan, limits = self.scan, self._limits
        scan.last_row = max(scan.last_row, int(self._row))
        scan.last_column = max(scan.last_column, column_number(letters))
        if scan.last_row > limits.rows + LEADING_ROWS:
            raise WorkbookError(TOO_MANY_ROWS, most=limits.rows)
        if scan.last_column > limits.columns:
            raise WorkbookError(TOO_MANY_COLUMNS, most=limits.columns)
        if scan.last_row * scan.last_column > limits.cells:
            raise WorkbookError(TOO_MANY_CELLS, most=limits.cells)


class _StringsReader:
    """Measures the shared strings: every cell that names one will hold a copy."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, tag: str, _attributes: list[str]) -> None:
        if _local(tag) == "si":
            self.lengths.append(0)

    def text(self, said: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(said)

    def piece(self) -> None:
        """Nothing waits for the end of a piece."""


def _lengths(pieces: Iterable[bytes], limits: Limits) -> list[int]:
    reader = _StringsReader()
    _parse(reader, pieces, limits)
    return reader.lengths


def _parse(reader: _SheetReader | _StringsReader, pieces: Iterable[bytes], limits: Limits) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    tags = 0
    try:
        for piece in _after_tags(pieces):
            tags += piece.count(b"<")
            if tags > _TAGS_A_CELL * limits.cells:
                raise WorkbookError(TOO_MANY_CELLS, most=limits.cells)
            parser.Parse(piece, False)  # noqa: FBT003 — the parser takes no keywords
            reader.piece()
        parser.Parse(b"", True)  # noqa: FBT003 — as above
    except expat.ExpatError as wrong:
        raise WorkbookError(DAMAGED) from wrong


def _after_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind tags, so that no number is torn; raises WorkbookError where no tag ends for too long."""
    rest = b""
    for piece in pieces:
        joined = rest + piece
        cut = joined.rfind(b">") + 1
        rest = joined[cut:]
        if len(rest) > _LONGEST_TEXT:
            raise WorkbookError(DAMAGED)
        yield joined[:cut]
    yield rest


def _relations(archive: Archive) -> dict[str, str]:
    """The parts that the workbook's relations name, by their ids."""
    elements = list(_small(archive, "xl/_rels/workbook.xml.rels"))
    parts = {element.get("Id", ""): _target(element.get("Target", "")) for element in elements}
    if len(parts) < len(elements):
        raise WorkbookError(DAMAGED)
    return parts


def _target(said: str) -> str:
    """The part that a relation's target means: from the root, or from the workbook's own folder."""
    return normpath(said.lstrip("/") if said.startswith(("/", "xl/")) else join("xl", said))


def _small(archive: Archive, part: str) -> ET.Element:
    if archive.parts[part].file_size > _SMALL_PART:
        raise WorkbookError(DAMAGED)
    try:
        return ET.fromstring(archive.whole(part))  # noqa: S314 — parts with declarations have been refused
    except ET.ParseError as wrong:
        raise WorkbookError(DAMAGED) from wrong


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _by_name(attributes: list[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in {"1", "true"}


def _columns(attributes: dict[str, str]) -> str:
    ends = [attributes.get(end, "") for end in ("min", "max")]
    if not all(_NUMBER.fullmatch(end) for end in ends):
        raise WorkbookError(DAMAGED)
    first, last = (column_letters(int(end)) for end in ends)
    return first if first == last else f"{first}:{last}"


def _note(places: list[_Place], place: _Place) -> None:
    if len(places) < NAMED:
        places.append(place)
