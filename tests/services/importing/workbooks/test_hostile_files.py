"""Files that are made to hurt are refused with a reason, before they take time or memory (source: records.md)."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from dataclasses import replace

import pytest

from tests.services.importing.workbooks.made_files import packed, parts, row, sheet_xml, text_cell, workbook
from workflow.errors import ErrorCode, Refusal
from workflow.services.importing import workbook_limits as wrong
from workflow.services.importing.workbook_limits import LIMITS
from workflow.services.importing.workbooks import Table, WorkbookError, read_table
from workflow.wording import Phrase

GOOD = sheet_xml(row(1, "工号") + row(2, "A1"))
SMALL = replace(LIMITS, rows=10, columns=5, cells=300, text=1000)


def refusal(data: bytes, limits: wrong.Limits = LIMITS) -> Phrase:
    """Why the file is refused."""
    with pytest.raises(WorkbookError) as refused:
        read_table(data, limits=limits)
    return refused.value.phrase


def outcome(data: bytes) -> Table | WorkbookError:
    """What becomes of the file; any other error breaks the test."""
    try:
        return read_table(data)
    except WorkbookError as refused:
        return refused


def with_part(name: str, content: str | bytes) -> bytes:
    return packed(parts(GOOD) | {name: content})


def local_part(name: bytes, packed_part: bytes, *, size: int, check: int) -> tuple[bytes, bytes]:
    """A part as it lies in an archive, and its entry in the directory but for the offset; sizes as claimed."""
    common = struct.pack("<5H3I2H", 20, 0, 8, 0, 0, check, len(packed_part), size, len(name), 0)
    return b"PK\x03\x04" + common + name + packed_part, b"PK\x01\x02" + struct.pack("<H", 20) + common


def with_lying_part(name: str, content: bytes, claimed: int) -> bytes:
    """A good workbook with a part whose directory entry claims another size."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    tight = deflate.compress(content) + deflate.flush()
    body, entries, count = b"", b"", 0
    for part, text in (parts(GOOD) | {name: b""}).items():
        raw = text.encode() if isinstance(text, str) else text
        if part == name:
            local, entry = local_part(part.encode(), tight, size=claimed, check=zlib.crc32(content[:claimed]))
        else:
            plain = zlib.compressobj(9, zlib.DEFLATED, -15)
            shrunk = plain.compress(raw) + plain.flush()
            local, entry = local_part(part.encode(), shrunk, size=len(raw), check=zlib.crc32(raw))
        entries += entry + struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + part.encode()
        body += local
        count += 1
    return body + entries + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, count, count, len(entries), len(body), 0)


def test_the_file_that_the_others_are_made_from_is_good() -> None:
    assert read_table(workbook(GOOD)).rows == ((2, ("A1",)),)
    honest = with_lying_part("xl/media/a.bin", b"abc", 3)
    assert read_table(honest).rows == ((2, ("A1",)),)


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", "工号,姓名\n".encode(), b"\x00" * 1000, b"<html></html>"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert refusal(data) == wrong.NOT_A_WORKBOOK


def test_another_archive_is_no_workbook() -> None:
    assert refusal(packed({"a.txt": "x"})) == wrong.NOT_A_WORKBOOK


def test_an_old_workbook_and_a_protected_one_are_told_apart() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal(container) == wrong.OLD_FORMAT
    assert refusal(container + "EncryptedPackage".encode("utf-16-le")) == wrong.ENCRYPTED


def test_a_torn_file_is_damaged() -> None:
    data = workbook(GOOD)
    assert refusal(data[: len(data) // 2]) == wrong.DAMAGED
    assert refusal(b"PK\x03\x04" + bytes(100)) == wrong.DAMAGED


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_a_flipped_byte_is_refused_or_harmless(place: int) -> None:
    data = bytearray(workbook(GOOD))
    data[len(data) * place // 100] ^= 0xFF
    assert isinstance(outcome(bytes(data)), Table | WorkbookError)


def test_a_file_that_is_too_large_is_refused_unopened() -> None:
    assert refusal(bytes(2048), replace(LIMITS, file_bytes=1024)) == wrong.TOO_LARGE


def test_a_bomb_that_declares_its_size_is_refused() -> None:
    assert refusal(with_part("xl/worksheets/sheet1.xml", sheet_xml(" " * 30_000_000))) == wrong.PACKED_TOO_TIGHTLY
    assert refusal(with_part("xl/media/a.bin", bytes(70_000_000))) == wrong.UNPACKS_TOO_LARGE


def test_a_bomb_of_many_parts_is_refused() -> None:
    many = {f"xl/media/{number}.bin": bytes(60_000) for number in range(1200)}
    assert refusal(packed(parts(GOOD) | many)) == wrong.TOO_MANY_PARTS


@pytest.mark.parametrize("name", ["xl/media/a.bin", "xl/sharedStrings.xml"])
def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks(name: str) -> None:
    bomb = with_lying_part(name, b"<sst/>" + b" " * 50_000_000, 100)
    assert refusal(bomb) == wrong.UNPACKS_TOO_LARGE


def test_a_part_that_is_smaller_than_it_claims_is_damaged() -> None:
    assert refusal(with_lying_part("xl/media/a.bin", b"abc", 4)) == wrong.DAMAGED


def test_parts_of_one_name_are_refused() -> None:
    file = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/Worksheets/SHEET1.xml", GOOD)
    assert refusal(file.getvalue()) == wrong.DAMAGED


def test_encrypted_parts_are_refused() -> None:
    data = bytearray(workbook(GOOD))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert refusal(bytes(data)) == wrong.ENCRYPTED


BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "name",
    ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"],
)
def test_entity_bombs_are_refused_wherever_they_are(name: str) -> None:
    assert refusal(with_part(name, BOMB + "<l>&b;</l>")) == wrong.ENTITIES


def test_an_entity_bomb_is_found_where_two_pieces_meet() -> None:
    for shift in range(12):
        content = " " * (2**18 - shift) + "<!DOCTYPE l>"
        assert refusal(with_part("xl/comments1.xml", content), replace(LIMITS, ratio=10_000)) == wrong.ENTITIES


def test_xml_in_another_encoding_cannot_hide_a_declaration() -> None:
    assert refusal(with_part("xl/styles.xml", (BOMB + "<l/>").encode("utf-16"))) == wrong.ENTITIES


def test_too_many_rows_are_refused() -> None:
    data = "".join(row(number, "x") for number in range(1, 13))
    assert refusal(workbook(sheet_xml(data)), SMALL) == wrong.TOO_MANY_ROWS
    data = "".join(row(number, "x") for number in range(1, 12))
    assert len(read_table(workbook(sheet_xml(data)), limits=SMALL).rows) == 10


def test_a_heap_of_rows_without_content_is_refused() -> None:
    assert refusal(workbook(sheet_xml(row(1, "x") + "<row/>" * 40)), SMALL) == wrong.TOO_MANY_ROWS
    assert read_table(workbook(sheet_xml(row(1, "x") + "<row/>" * 39)), limits=SMALL).headers == ("x",)


def test_too_many_columns_are_refused() -> None:
    assert refusal(workbook(sheet_xml(row(1, *"abcdef"))), SMALL) == wrong.TOO_MANY_COLUMNS
    assert read_table(workbook(sheet_xml(row(1, *"abcde"))), limits=SMALL).headers == tuple("abcde")


@pytest.mark.parametrize(
    ("place", "phrase"),
    [("A1048576", wrong.TOO_MANY_ROWS), ("XFD1", wrong.TOO_MANY_COLUMNS), ("ALL20000", wrong.TOO_MANY_COLUMNS)],
)
@pytest.mark.parametrize("cell", ['<c r="{}"><v>1</v></c>', '<c t="n" r="{}"><v>1</v></c>', "<c r='{}'><f>1</f></c>"])
def test_a_cell_far_away_is_refused_before_the_room_up_to_it_is_taken(place: str, cell: str, phrase: Phrase) -> None:
    assert refusal(workbook(sheet_xml(row(1, "x") + f'<row r="1">{cell.format(place)}</row>'))) == phrase


def test_a_rectangle_of_too_many_cells_is_refused() -> None:
    data = f'<row r="1">{text_cell("A1", "x")}</row><row r="20000">{text_cell("AZ20000", "x")}</row>'
    assert refusal(workbook(sheet_xml(data))) == wrong.TOO_MANY_CELLS


def test_a_heap_of_empty_elements_is_refused() -> None:
    assert refusal(workbook(sheet_xml("<a/>" * 2000)), SMALL) == wrong.TOO_MANY_CELLS


IMPOSSIBLE = ["", "1", "A", "AAAA1", "A99999999", "!1", "-5", "A1B", "é3", "A0x"]


@pytest.mark.parametrize("reference", IMPOSSIBLE)
def test_a_cell_with_an_impossible_reference_is_refused(reference: str) -> None:
    assert refusal(workbook(sheet_xml(f'<row r="1"><c r="{reference}"><v>1</v></c></row>'))) == wrong.DAMAGED


@pytest.mark.parametrize("reference", IMPOSSIBLE)
def test_a_cell_beside_one_with_an_impossible_reference_is_refused_or_harmless(reference: str) -> None:
    data = f'<row r="1"><c r="{reference}"/><c><v>1</v></c></row>'
    assert isinstance(outcome(workbook(sheet_xml(data))), Table | WorkbookError)


def shared(text: str, cells: str) -> bytes:
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    return packed(parts(sheet_xml(cells)) | {"xl/sharedStrings.xml": strings})


@pytest.mark.parametrize("named", ["0", " ", "x", "7", "+0"])
def test_one_long_text_that_many_cells_name_is_refused(named: str) -> None:
    cells = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>{named}</v></c></row>' for number in range(1, 9))
    assert refusal(shared("长" * 200, cells), SMALL) == wrong.TOO_MUCH_TEXT


def test_shared_texts_are_read() -> None:
    cells = '<row r="1"><c r="A1" s="0" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    assert read_table(shared("甲", cells)).headers == ("甲",)


def test_text_without_end_is_refused() -> None:
    data = sheet_xml(f'<row r="1">{text_cell("A1", "ab" * 2_000_000)}</row>')
    assert refusal(workbook(data), replace(LIMITS, ratio=100_000)) == wrong.DAMAGED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"),
        ("xl/worksheets/sheet1.xml", "no xml"),
        ("xl/sharedStrings.xml", "<sst>"),
        ("xl/workbook.xml", "<workbook"),
        ("xl/_rels/workbook.xml.rels", ""),
        ("xl/workbook.xml", "<w>" + "<a/>" * 300_000 + "</w>"),
    ],
)
def test_broken_xml_is_damaged(name: str, content: str) -> None:
    assert refusal(with_part(name, content), replace(LIMITS, ratio=100_000)) == wrong.DAMAGED


def test_sheets_that_two_readers_could_take_for_each_other_are_refused() -> None:
    twice = packed(parts(GOOD, GOOD, names=(("甲", "visible"), ("甲", "visible"))))
    assert refusal(twice) == wrong.DAMAGED
    relations = parts(GOOD)["xl/_rels/workbook.xml.rels"]
    assert isinstance(relations, str)
    first = relations[relations.index("<Relationship ") : relations.index("</Relationships>")]
    assert refusal(with_part("xl/_rels/workbook.xml.rels", relations.replace(first, first * 2))) == wrong.DAMAGED


def test_a_workbook_without_a_visible_sheet_or_without_content_is_refused() -> None:
    assert refusal(workbook(GOOD, names=(("藏", "veryHidden"),))) == wrong.NO_SHEET
    assert refusal(workbook(sheet_xml(""))) == wrong.NO_HEADINGS


def test_refusing_takes_little_memory() -> None:
    files = [
        with_lying_part("xl/media/a.bin", bytes(60_000_000), 100),
        with_part("xl/worksheets/sheet1.xml", sheet_xml(" " * 30_000_000)),
        workbook(sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    ]
    for data in files:
        tracemalloc.start()
        refusal(data)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 100 * 1024**2


def test_a_refusal_is_an_answer_to_the_one_who_sent_the_file() -> None:
    with pytest.raises(Refusal) as refused:
        read_table(b"")
    assert refused.value.denied.code is ErrorCode.INVALID
    assert [(error.path, error.phrase) for error in refused.value.errors] == [("file", wrong.NOT_A_WORKBOOK)]
    assert str(refused.value) == "is not an Excel workbook (.xlsx)"
