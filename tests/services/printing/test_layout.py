"""How printed forms are laid out: pages, page numbers, files."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader

from tests.services.printing.sample_forms import FORM, PRINTED_AT, form, page_texts, printed, said, with_items
from workflow.policy import State
from workflow.services.printing.fonts import FILE, folder
from workflow.services.printing.pdf import render_forms
from workflow.services.printing.sheet import FormItem, FormSection


def fonts(file: PdfReader) -> Iterator[dict[str, Any]]:
    """The fonts of every page: the outer one names the face, the inner one holds it."""
    for page in file.pages:
        for font in page["/Resources"]["/Font"].values():
            outer = font.get_object()
            yield {"outer": outer, "inner": outer["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()}


def test_a_card_of_ordinary_length_fits_on_one_page_of_a4() -> None:
    (page,) = printed(with_items(12)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_a_long_card_goes_on_with_header_block_and_table_head_on_each_page() -> None:
    pages = page_texts(printed(with_items(60)))
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"页次第{number}页共{len(pages)}页" in text
        assert "编码KH-01" in text
    carrying = [text for text in pages if re.search(r"\(\d+\)指标\d", text)]
    assert len(carrying) > 1
    assert all("指标类别指标分值实际得分备注" in text for text in carrying)


def test_a_category_is_named_again_where_it_goes_on() -> None:
    first, second, *_rest = page_texts(printed(with_items(60)))
    assert "长指标" in first
    assert "长指标(续)" in second


def test_every_line_of_a_long_card_is_printed_once() -> None:
    text = said(with_items(60))
    assert re.findall(r"\((\d+)\)指标\1(?=1\.001\.00)", text) == [str(number) for number in range(1, 61)]


@pytest.mark.parametrize("count", [18, 20, 22, 24, 26, 28])
def test_the_signatures_are_never_torn_apart(count: int) -> None:
    pages = page_texts(printed(with_items(count)))
    (holding,) = [text for text in pages if "编制人员" in text]
    assert holding.count("编制人员") == holding.count("批准日期") == 2


def test_cards_bound_together_begin_on_new_pages_and_count_their_own() -> None:
    file = printed(form(subject_name="甲部"), with_items(60, subject_name="乙部"), form(subject_name="丙部"))
    pages = page_texts(file)
    long = len(pages) - 2
    assert "考核对象甲部" in pages[0]
    assert "第1页共1页" in pages[0]
    assert "考核对象乙部" in pages[1]
    for number, text in enumerate(pages[1:-1], start=1):
        assert f"第{number}页共{long}页" in text
    assert "考核对象丙部" in pages[-1]
    assert "第1页共1页" in pages[-1]


def test_cards_bound_together_have_a_bookmark_each() -> None:
    file = printed(form(subject_name="甲部"), with_items(60, subject_name="乙部"), form(subject_name="丙部"))
    marks = [
        (mark.title, file.get_destination_page_number(mark)) for mark in file.outline if not isinstance(mark, list)
    ]
    assert marks == [("甲部 P2026-10-0007", 0), ("乙部 P2026-10-0007", 1), ("丙部 P2026-10-0007", len(file.pages) - 1)]


def test_a_mark_stands_on_the_pages_of_its_card_only() -> None:
    first, *middle, last = page_texts(printed(FORM, with_items(60, state=State.DRAFT), FORM))
    assert "未批准" not in first + last
    assert middle
    assert all("未批准" in text for text in middle)


@pytest.mark.parametrize("sheets", [(FORM,), (FORM, form(state=State.VOID))], ids=["one card", "bound"])
def test_all_fonts_are_embedded_and_come_from_the_package(sheets: tuple[Any, ...]) -> None:
    found = list(fonts(printed(*sheets)))
    assert found
    assert all("+NotoSansCJKsc" in font["outer"]["/BaseFont"] for font in found)
    assert all({"/FontFile2", "/FontFile3"} & font["inner"].keys() for font in found)
    assert (folder() / FILE).is_file()


def test_bold_is_a_face_of_its_own() -> None:
    assert len({font["outer"]["/BaseFont"] for font in fonts(printed(FORM))}) == 2


@pytest.mark.parametrize(("sheets", "level"), [((FORM,), "A"), ((FORM, FORM), "U")], ids=["one card", "bound"])
def test_the_file_is_fit_for_the_archive(sheets: tuple[Any, ...], level: str) -> None:
    catalog = printed(*sheets).root_object
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert f"<pdfaid:conformance>{level}</pdfaid:conformance>" in metadata
    assert catalog["/OutputIntents"]


@pytest.mark.parametrize("sheets", [(FORM,), (FORM, form(state=State.VOID))], ids=["one card", "bound"])
def test_the_same_data_gives_the_same_bytes(sheets: tuple[Any, ...]) -> None:
    assert render_forms(sheets, printed_at=PRINTED_AT) == render_forms(sheets, printed_at=PRINTED_AT)


def test_very_long_texts_go_on_to_the_next_page_and_are_never_cut() -> None:
    items = (FormItem(title="很长的指标" * 20, full="5.00", points="5.00", remark="备" * 2000, method="法" * 2500),)
    text = said(form(sections=(FormSection(title="定性指标", items=items),), notes=("注" * 3000,)))
    assert text.count("备") == 2000 + text.count("备注")
    assert text.count("法") == 2500 + text.count("方法")
    assert text.count("注") == 3000 + text.count("备注")


def test_nothing_to_print_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to print"):
        render_forms([], printed_at=PRINTED_AT)


def test_a_print_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_forms([FORM], printed_at=datetime(2026, 11, 5, 9, 30))  # noqa: DTZ001 — that is the point
