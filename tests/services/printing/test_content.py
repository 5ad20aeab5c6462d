"""What the printed form says (source: pages.md, Print; the form of the source documents)."""

from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.services.printing.sample_forms import DIGEST, FORM, QUALITATIVE, form, printed, said, signed
from workflow.policy import Meaning, State
from workflow.scoring.periods import PeriodError
from workflow.scoring.scheme import Subject
from workflow.services.printing.sheet import FormItem, FormSection, FormTotal
from workflow.services.printing.words import LABELS, MARKS, METHODS, SIGNER, instant_words, method_words, period_words
from workflow.wording import Language


@pytest.fixture(scope="module")
def text() -> str:
    return said(FORM)


@pytest.mark.parametrize("label", ["名称", "编码", "版本", "页次", "修改状态"])
def test_the_header_block_is_that_of_the_source(text: str, label: str) -> None:
    assert label in text


@pytest.mark.parametrize(
    "value", ["营销类考核/客户管理考核/考核方法", "编码KH-01", "版本1.2", "修改状态3", "页次第1页共1页"]
)
def test_the_header_block_carries_the_documents_data(text: str, value: str) -> None:
    assert value in text


@pytest.mark.parametrize(
    "fact",
    [
        "远山商业银行股份有限公司",
        "客户部考核分值表",
        "考核对象客户部",
        "考核时间2026年10月",
        "评分表编号P2026-10-0007",
        "更正原版",
        "状态已发布",
    ],
)
def test_it_says_whom_and_when_the_card_is_about(text: str, fact: str) -> None:
    assert fact in text


def test_a_persons_card_names_the_person_and_the_unit() -> None:
    text = said(form(subject_kind=Subject.PERSON, subject_name="林晓", unit_name="信用卡组"))
    assert "被考核人林晓" in text
    assert "所属单位信用卡组" in text
    assert "考核对象" not in text


def test_a_correction_says_which_it_is() -> None:
    assert "更正第2次更正" in said(form(card_revision=2))


def test_the_table_has_the_columns_and_lines_of_the_source(text: str) -> None:
    assert "指标类别指标分值实际得分备注" in text
    assert "(1)公司客户调查情况5.005.00走访全部完成" in text
    assert "(2)公司客户开发情况5.003.00" in text
    assert "(1)当月公司客户流失率20.0016.00" in text


def test_sections_are_summed_and_the_total_stands_below(text: str) -> None:
    assert "小计10.008.00" in text
    assert "小计20.0016.00" in text
    assert "合计30.0024.00" in text
    assert "考核等级良好" in text


def test_the_subtotal_of_a_single_section_is_left_out_unless_it_says_more() -> None:
    assert "小计" not in said(form(sections=(QUALITATIVE,)))
    assert "小计10.008.00上限8分" in said(form(sections=(replace(QUALITATIVE, remark="上限8分"),)))


def test_what_is_missing_is_a_dash_and_never_zero() -> None:
    section = FormSection(title="定性指标", items=(FormItem(title="公司客户调查情况", full="5.00"),), full="5.00")
    text = said(form(sections=(section,), total=FormTotal(full="5.00", remark="缺1项")))
    assert "公司客户调查情况5.00—" in text
    assert "合计5.00—缺1项" in text
    assert "考核等级—" in text
    assert "0.00" not in text


def test_each_line_says_how_it_is_scored(text: str) -> None:
    assert "参考评分方法" in text
    assert "(1)定性指标1)“公司客户调查情况”:优秀5分,良好3分,一般1分,差0分" in text
    assert "1)“当月公司客户流失率”:达到历史最低水平给15分" in text


def test_related_notes_have_their_place_even_when_there_are_none(text: str) -> None:
    assert "关联说明不足一个百分点不加不扣。" in text
    assert "关联说明" in said(form(notes=()))


def test_the_schemes_own_signatures_carry_names_and_days(text: str) -> None:
    assert "编制人员周敏审核人员吴刚批准人员欧阳文静" in text
    assert "编制日期2026年11月1日审核日期2026年11月2日批准日期2026年11月2日" in text


def test_the_cards_signatures_carry_name_time_method_and_for_whom(text: str) -> None:
    assert "编制人员王芳密码验证审核人员李强代赵建国签署一次性验证码批准人员陈立登录验证" in text


def test_instants_are_shown_in_the_time_zone_of_the_print(text: str) -> None:
    assert "编制日期2026年11月3日09:30审核日期2026年11月4日09:30" in text
    assert "打印时间:2026年11月5日09:30(UTC+08:00)" in text


def test_a_place_without_a_signature_says_so() -> None:
    text = said(form(card_signatures=(signed(Meaning.PREPARE, "王芳", 3),)))
    assert "编制人员王芳审核人员未签署批准人员未签署" in text


def test_the_digest_of_the_record_is_in_the_footer(text: str) -> None:
    assert f"记录摘要(SHA-256):{DIGEST}" in text
    assert "尚未签署,无摘要" in said(form(digest=None))


@pytest.mark.parametrize("state", [State.DRAFT, State.PREPARED, State.REVIEWED])
def test_what_is_not_approved_says_so_as_mark_in_the_footer_and_across_the_page(state: State) -> None:
    assert said(form(state=state)).count("未批准") == 3


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHED])
def test_what_is_approved_bears_no_mark(state: State) -> None:
    text = said(form(state=state))
    assert not any(mark.zh in text for mark in MARKS.values() if mark)


def test_what_no_longer_holds_says_so() -> None:
    assert said(form(state=State.VOID)).count("已作废") == 4  # the state says it too
    assert said(form(state=State.SUPERSEDED)).count("已被更正版替代") == 4


def test_every_state_is_decided() -> None:
    assert MARKS.keys() == set(State)
    assert SIGNER.keys() == set(Meaning)


def test_the_english_form_has_english_words_around_the_companys_own() -> None:
    text = said(form(state=State.DRAFT), language=Language.EN)
    for word in (
        "NOTAPPROVED",
        "Unitappraised客户部",
        "PeriodOctober2026",
        "Page1of1",
        "Total30.0024.00",
        "Printed:5Nov2026",
    ):
        assert word in text
    # The card's own texts stay as they are, and hold two of these words.
    assert {phrase.zh for phrase in LABELS.values() if phrase.zh in text} == {"指标", "分值"}


@pytest.mark.parametrize(
    ("label", "chinese", "english"),
    [
        ("2026-10-05", "2026年10月5日", "5 October 2026"),
        ("2026-10", "2026年10月", "October 2026"),
        ("2026-Q4", "2026年第4季度", "quarter 4 of 2026"),
        ("2026-H1", "2026年上半年", "first half of 2026"),
        ("2026-H2", "2026年下半年", "second half of 2026"),
        ("2026", "2026年", "2026"),
    ],
)
def test_periods_are_said_in_words(label: str, chinese: str, english: str) -> None:
    assert period_words(label, Language.ZH) == chinese
    assert period_words(label, Language.EN) == english


def test_a_label_that_is_no_period_is_refused() -> None:
    with pytest.raises(PeriodError):
        period_words("2026-13", Language.ZH)


def test_a_way_of_proof_without_words_is_named_by_its_code() -> None:
    assert method_words("seal", Language.ZH) == "seal"
    assert method_words("otp", Language.EN) == METHODS["otp"].en


def test_an_instant_is_said_to_the_minute() -> None:
    assert instant_words(FORM.card_signatures[0].at, Language.EN) == "3 Nov 2026 01:30"


def test_the_file_is_called_as_its_form_and_dated_as_printed() -> None:
    file: PdfReader = printed(FORM)
    assert file.metadata is not None
    assert file.metadata.title == "客户部考核分值表"
    assert file.metadata.creation_date is not None
    assert file.metadata.creation_date.date().isoformat() == "2026-11-05"
