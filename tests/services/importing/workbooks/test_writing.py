"""Writing tables: numbers stay numbers, texts stay texts, and nothing is ever run."""

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.services.importing.workbook_limits import TOO_MANY_COLUMNS
from workflow.services.importing.workbooks import WorkbookError, read_table, write_table

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "'=1"]
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


def written(*rows: tuple[object, ...]) -> list[tuple[object, ...]]:
    """What another program reads below the headings."""
    book = openpyxl.load_workbook(BytesIO(write_table(["甲", "乙"], rows)))
    assert book.active is not None
    return list(book.active.iter_rows(min_row=2, values_only=True))


def test_headings_and_rows_are_where_they_belong() -> None:
    book = openpyxl.load_workbook(BytesIO(write_table(["工号", "姓名"], [("A1", "林晓")], sheet="人员")))
    sheet = book["人员"]
    assert [cell.value for cell in sheet[1]] == ["工号", "姓名"]
    assert [cell.value for cell in sheet[2]] == ["A1", "林晓"]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"


def test_numbers_are_written_as_numbers_and_texts_as_texts() -> None:
    ((number, text),) = written((Decimal("92.35"), "00042"))
    assert number == pytest.approx(92.35)
    assert text == "00042"
    assert written((-5, 2.5), (True, 0)) == [(-5, 2.5), (True, 0)]


@pytest.mark.parametrize("value", [12345678901234567, Decimal("1.2345678901234567"), Decimal("NaN"), float("inf")])
def test_a_number_that_a_worksheet_cannot_keep_is_written_as_text(value: object) -> None:
    assert written((value, None)) == [(str(value), None)]


def test_days_and_instants_are_dates() -> None:
    ((day, at),) = written((date(2026, 11, 5), datetime(2026, 11, 5, 9, 30, tzinfo=UTC)))
    assert day == datetime(2026, 11, 5)  # noqa: DTZ001 — a worksheet knows no zones
    assert at == datetime(2026, 11, 5, 9, 30)  # noqa: DTZ001


def test_what_is_nothing_leaves_the_cell_empty() -> None:
    assert written((None, "x")) == [(None, "x")]


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_could_run_is_escaped_and_comes_back_as_it_was(text: str) -> None:
    data = write_table([text, "乙"], [(text, "x")])
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.active is not None
    for cell in (book.active["A1"], book.active["A2"]):
        assert cell.data_type in {"s", "inlineStr"}
        assert str(cell.value).startswith("'")
    assert read_table(data).rows[0][1] == (text, "x")


def test_no_formula_and_no_link_is_ever_written() -> None:
    data = write_table(["=1"], [[text] for text in [*RISKY, "https://example.invalid/", "{=A1}"]])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not re.search(r"<f[ >]|<hyperlink", sheet)


@given(texts=st.lists(XML_TEXT.filter(lambda text: text.strip() == text and text), min_size=1, max_size=40))
@settings(max_examples=25)
def test_texts_come_back_as_they_were(texts: list[str]) -> None:
    table = read_table(write_table(["甲"], [[text] for text in texts]))
    assert [cells[0] for _, cells in table.rows] == texts


@given(numbers=st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=40))
@settings(max_examples=25)
def test_numbers_come_back_to_the_cent(numbers: list[Decimal]) -> None:
    table = read_table(write_table(["甲"], [[number] for number in numbers]))
    assert [cells[0] for _, cells in table.rows] == numbers


def test_a_text_too_long_for_a_cell_is_marked_as_cut() -> None:
    ((text, _),) = written(("长" * 40_000, None))
    assert isinstance(text, str)
    assert len(text) == 32_767
    assert text.endswith("…")


def test_rows_are_taken_one_by_one() -> None:
    def rows() -> Iterator[list[int]]:
        yield from ([number] for number in range(3000))

    assert len(read_table(write_table(["甲"], rows())).rows) == 3000


def test_an_empty_table_has_its_headings() -> None:
    table = read_table(write_table(["工号", "姓名"], []))
    assert table.headers == ("工号", "姓名")
    assert table.rows == ()


def test_more_columns_than_a_worksheet_has_are_refused() -> None:
    with pytest.raises(WorkbookError) as refused:
        write_table(["x"] * 16_385, [])
    assert refused.value.phrase == TOO_MANY_COLUMNS
