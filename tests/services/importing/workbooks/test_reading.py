"""Reading tables: what is in the file comes out as it was, and what is odd about it is said."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from tests.services.importing.workbooks.made_files import row, sheet_xml, text_cell, workbook
from workflow.services.importing.workbooks import Table, read_table
from workflow.wording import Language


def saved(*rows: tuple[object, ...]) -> bytes:
    """A workbook as another program saves it."""
    book, file = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    for each in rows:
        book.active.append(each)
    book.save(file)
    return file.getvalue()


def told(table: Table) -> list[str]:
    return [notice.phrase.say(Language.EN, **notice.facts) for notice in table.notices]


def test_the_first_row_holds_the_headings_and_rows_keep_their_numbers() -> None:
    table = read_table(saved(("工号", "姓名"), ("A1", "林晓"), (None, None), ("A2", "周敏")))
    assert table.headers == ("工号", "姓名")
    assert table.rows == ((2, ("A1", "林晓")), (4, ("A2", "周敏")))
    assert table.notices == ()


def test_empty_rows_above_the_headings_are_passed_over() -> None:
    table = read_table(workbook(sheet_xml(row(3, "工号") + row(5, "A1"))))
    assert table.headers == ("工号",)
    assert table.rows == ((5, ("A1",)),)


def test_leading_zeros_of_text_stay() -> None:
    assert read_table(saved(("工号",), ("00042",))).rows[0][1] == ("00042",)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (12, Decimal(12)),
        (0, Decimal(0)),
        (-3.5, Decimal("-3.5")),
        (0.1 + 0.2, Decimal("0.3")),
        (92.35, Decimal("92.35")),
        (123456789012345, Decimal(123456789012345)),
        (date(2026, 11, 5), date(2026, 11, 5)),
        (datetime(2026, 11, 5, 9, 30), datetime(2026, 11, 5, 9, 30)),  # noqa: DTZ001 — a worksheet knows no zones
        (True, "TRUE"),
        ("中文 text", "中文 text"),
        (None, None),
    ],
)
def test_values_come_as_they_are_shown(value: object, read: object) -> None:
    cells = read_table(saved(("值", "邻"), (value, "x"))).rows[0][1]
    assert cells == (read, "x")
    assert type(cells[0]) is type(read)


def test_a_row_that_holds_only_a_zero_is_not_empty() -> None:
    assert read_table(saved(("值",), (0,))).rows == ((2, (Decimal(0),)),)


def test_rows_are_as_wide_as_the_headings() -> None:
    table = read_table(workbook(sheet_xml(row(1, "甲", "乙") + row(2, "1") + row(3, "1", "2", "3"))))
    assert table.headers == ("甲", "乙", "")
    assert [cells for _, cells in table.rows] == [("1", None, None), ("1", "2", "3")]


def test_headings_lose_line_breaks_and_spaces_around() -> None:
    assert read_table(saved((" 满意率\n(%) ",), (1,))).headers == ("满意率 (%)",)


def test_formulas_are_read_as_last_calculated_and_told() -> None:
    data = row(1, "甲", "乙") + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>A2</f></c></row>'
    table = read_table(workbook(sheet_xml(data)))
    assert table.rows == ((2, (Decimal(2), None)),)
    assert told(table) == ["holds formulas, read as last calculated: A2, B2"]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="4" max="6" hidden="true"/><col min="7" max="7"/></cols>'
    data = row(1, "甲", "乙") + row(2, "1", "2", attributes=' hidden="1"') + row(3, "3", "4", attributes=' hidden="0"')
    table = read_table(workbook(sheet_xml(data, before=columns)))
    assert len(table.rows) == 2
    assert told(table) == [
        "holds hidden rows, which are read too: 2",
        "holds hidden columns, which are read too: B, D:F",
    ]


def test_merged_headings_are_told() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    table = read_table(workbook(sheet_xml(row(1, "评分") + row(2, "1", "2"), after=merged)))
    assert table.headers == ("评分", "")
    assert told(table) == ["holds merged cells, of which only the first has the value: A1:B1"]


def test_headings_that_stand_twice_are_told() -> None:
    assert told(read_table(saved(("分", "分", "名"), (1, 2, 3)))) == ["these headings stand more than once: 分"]


def test_the_first_visible_sheet_is_read_and_the_others_are_named() -> None:
    names = (("藏", "hidden"), ("甲", "visible"), ("乙", "visible"))
    table = read_table(workbook(*(sheet_xml(row(1, text)) for text in ("x", "y", "z")), names=names))
    assert table.sheet == "甲"
    assert table.headers == ("y",)
    assert told(table) == ["only the first worksheet is read, not: 乙"]


@pytest.mark.parametrize("dimension", ["A1", "A1:A1", "A1:XFD1048576", "B7"])
def test_a_wrong_dimension_loses_no_rows(dimension: str) -> None:
    data = "".join(row(number, "甲", "乙") for number in range(1, 501))
    table = read_table(workbook(sheet_xml(data, before=f'<dimension ref="{dimension}"/>')))
    assert len(table.rows) == 499
    assert table.rows[-1] == (500, ("甲", "乙"))


def test_cells_without_references_follow_each_other() -> None:
    data = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>"
    table = read_table(workbook(sheet_xml(data)))
    assert table.headers == ("1", "2")
    assert table.rows == ((2, (Decimal(3), Decimal(4))),)


def test_a_file_whose_elements_carry_a_prefix_is_read() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = '<x:c r="A1"><x:v>7</x:v></x:c><x:c r="B1"><x:f>A1</x:f><x:v>7</x:v></x:c>'
    sheet = f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1">{cells}</x:row></x:sheetData></x:worksheet>'
    table = read_table(workbook(sheet))
    assert table.headers == ("7", "7")
    assert told(table)[0].endswith(": B1")


def test_formatted_cells_without_a_value_count_for_nothing() -> None:
    far = '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>'
    assert len(read_table(workbook(sheet_xml(row(1, "甲") + row(2, "1") + far))).rows) == 1


def test_error_values_of_formulas_do_not_become_numbers() -> None:
    data = row(1, "甲", "乙") + f'<row r="2"><c r="A2" t="e"><v>#N/A</v></c>{text_cell("B2", "x")}</row>'
    value, _ = read_table(workbook(sheet_xml(data))).rows[0][1]
    assert not isinstance(value, Decimal)
