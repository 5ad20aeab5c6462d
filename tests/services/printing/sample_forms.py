"""A form as the printing gets it, with invented names, and what can be read out of the printed file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from workflow.policy import Meaning, State
from workflow.scoring.scheme import Subject
from workflow.services.printing.pdf import render_forms
from workflow.services.printing.sheet import FormDocument, FormItem, FormSection, FormSheet, FormSignature, FormTotal
from workflow.wording import Language

PRINTED_AT = datetime(2026, 11, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
QUALITATIVE = FormSection(
    title="定性指标",
    full="10.00",
    points="8.00",
    items=(
        FormItem(
            title="公司客户调查情况",
            full="5.00",
            points="5.00",
            remark="走访全部完成",
            method="优秀5分,良好3分,一般1分,差0分",
        ),
        FormItem(title="公司客户开发情况", full="5.00", points="3.00", method="优秀5分,良好3分,一般1分,差0分"),
    ),
)
QUANTITATIVE = FormSection(
    title="定量指标",
    full="20.00",
    points="16.00",
    items=(FormItem(title="当月公司客户流失率", full="20.00", points="16.00", method="达到历史最低水平给15分"),),
)


def signed(meaning: Meaning, name: str, day: int, method: str = "", on_behalf_of: str | None = None) -> FormSignature:
    """A signature given at half past one, world time, on a day of November 2026."""
    at = datetime(2026, 11, day, 1, 30, tzinfo=UTC)
    return FormSignature(meaning=meaning, name=name, at=at, method=method, on_behalf_of=on_behalf_of)


FORM = FormSheet(
    organisation="远山商业银行股份有限公司",
    document=FormDocument(name="营销类考核/客户管理考核/考核方法", number="KH-01", version="1.2", revision="3"),
    title="客户部考核分值表",
    subject_kind=Subject.UNIT,
    subject_name="客户部",
    period="2026-10",
    card_number="P2026-10-0007",
    state=State.PUBLISHED,
    sections=(QUALITATIVE, QUANTITATIVE),
    total=FormTotal(full="30.00", points="24.00", grade="良好"),
    notes=("不足一个百分点不加不扣。",),
    scheme_signatures=(
        signed(Meaning.PREPARE, "周敏", 1),
        signed(Meaning.REVIEW, "吴刚", 2),
        signed(Meaning.APPROVE, "欧阳文静", 2),
    ),
    card_signatures=(
        signed(Meaning.PREPARE, "王芳", 3, "password"),
        signed(Meaning.REVIEW, "李强", 4, "otp", "赵建国"),
        signed(Meaning.APPROVE, "陈立", 5, "sign-in"),
    ),
    digest=DIGEST,
)
"""A published card of a department, signed three times."""


def form(**changes: Any) -> FormSheet:
    """The sample form with some fields changed."""
    return replace(FORM, **changes)


def with_items(count: int, **changes: Any) -> FormSheet:
    """The sample form with one section of so many lines."""
    items = tuple(FormItem(title=f"指标{number}", full="1.00", points="1.00") for number in range(1, count + 1))
    return form(sections=(FormSection(title="长指标", items=items, full="60.00", points="60.00"),), **changes)


def printed(*sheets: FormSheet, language: Language = Language.ZH) -> PdfReader:
    """The sheets, printed and opened."""
    return PdfReader(BytesIO(render_forms(sheets, printed_at=PRINTED_AT, language=language)))


def page_texts(file: PdfReader) -> Sequence[str]:
    """What each page says, without the spaces that the layout adds."""
    return ["".join(page.extract_text().split()) for page in file.pages]


def said(*sheets: FormSheet, language: Language = Language.ZH) -> str:
    """What the printed sheets say, page after page, without spaces."""
    return "".join(page_texts(printed(*sheets, language=language)))
