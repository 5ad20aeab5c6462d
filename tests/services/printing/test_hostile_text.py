"""Whatever people write into a form is printed as they wrote it, and never obeyed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.printing.sample_forms import FORM, form, printed, said
from workflow.services.printing.fonts import MISSING, breakable, printable
from workflow.services.printing.sheet import FormDocument, FormItem, FormSection, FormSignature, FormTotal

MARKUP = [
    "#panic()",
    "$x$",
    "*粗*",
    "_斜_",
    "a\\b",
    "#import",
    '"])#panic()',
    "<label>",
    "@ref",
    "//不是注释",
    "/*x*/",
    "=题",
    "-项",
    "`raw`",
    "~",
    "{{x}}",
    "{name}",
    "{0.__class__}",
    "%s",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_as_it_was_written(text: str) -> None:
    item = FormItem(title=f"题{text}", full="1", points="1", remark=f"注{text}", method=f"法{text}")
    sheet = form(
        subject_name=f"名{text}", sections=(FormSection(title=f"类{text}", items=(item,)),), notes=(f"说{text}",)
    )
    found = said(sheet)
    for before in "名题注法类说":
        assert f"{before}{text}" in found


def test_markup_is_harmless_in_every_field() -> None:
    evil = '#panic("obeyed") $ * \\ {x} |'
    signatures = tuple(replace(each, name=evil, method=evil, on_behalf_of=evil) for each in FORM.card_signatures)
    section = FormSection(
        title=evil,
        items=(FormItem(title=evil, full=evil, points=evil, remark=evil, method=evil),),
        full=evil,
        points=evil,
        remark=evil,
    )
    sheet = form(
        organisation=evil,
        document=FormDocument(name=evil, number=evil, version=evil, revision=evil),
        title=evil,
        subject_name=evil,
        unit_name=evil,
        card_number=evil,
        sections=(section,),
        total=FormTotal(full=evil, points=evil, grade=evil, remark=evil),
        notes=(evil,),
        scheme_signatures=signatures,
        card_signatures=signatures,
        digest=evil,
    )
    assert said(sheet, sheet).count('#panic("obeyed")') >= 2 * 30


@given(text=st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_can_be_printed(text: str) -> None:
    section = FormSection(title=text, items=(FormItem(title=text, full="1", points=text, remark=text, method=text),))
    signature: FormSignature = replace(FORM.card_signatures[0], name=text)
    assert printed(form(title=text or "题", sections=(section,), notes=(text,), card_signatures=(signature,))).pages


def test_what_the_typeface_lacks_is_shown_as_missing() -> None:
    assert printable("好😀ع") == f"好{MISSING}{MISSING}"
    assert f"甲{MISSING}乙" in said(form(subject_name="甲😀乙"))


def test_rare_characters_of_names_are_printed() -> None:
    assert "𠮷㛃䶮喆" in said(form(subject_name="𠮷㛃䶮喆"))


def test_controls_and_what_turns_the_direction_of_text_are_left_out() -> None:
    assert printable("甲\x00\x07\u202e\u200d\ufe0f乙\ud800") == f"甲乙{MISSING}"


def test_lines_stay_lines() -> None:
    assert printable("甲\n乙\r丙\t丁\u3000戊") == "甲\n乙\n丙 丁 戊"


def test_long_runs_of_latin_letters_may_be_broken() -> None:
    broken = breakable("https://example.invalid/" + "a" * 100)
    assert max(len(piece) for piece in broken.split("\N{ZERO WIDTH SPACE}")) == 6
    assert breakable("P2026-10-CSR-CARD-0007") == "P2026-10-CSR-CARD-0007"
