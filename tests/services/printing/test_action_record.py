"""The record of an action as a form: who, when, on which evidence, what was said and agreed, and lines to sign."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.services.printing.sample_forms import PRINTED_AT
from workflow.lifecycle.action_item import State
from workflow.scoring.terms import ActionKind
from workflow.services.printing.action_record import SIGNERS, TITLES, ActionRecord, render_action
from workflow.wording import Language

TALK = ActionRecord(
    organisation="远山商业银行股份有限公司",
    kind=ActionKind.TALK,
    title="部门负责人谈话",
    subject_name="吴霞",
    unit_name="信用卡组",
    period="2026-06",
    evidence=(
        {"period": "2026-05", "group": "服务室", "rank": 18, "ranked": 20},
        {"period": "2026-06", "group": "服务室", "rank": 19, "ranked": 20},
    ),
    state=State.DONE,
    owner="部门负责人 李强",
    owner_name="李强",
    due_on=date(2026, 7, 24),
    done_on=date(2026, 7, 20),
    said="逐条复盘六月的扣分。",
    agreed="七月起每周复听两通录音。",
    passed=None,
)


def text_of(record: ActionRecord, language: Language = Language.ZH) -> str:
    file = render_action(record, printed_at=PRINTED_AT, language=language)
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages)


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(TALK)


@pytest.mark.parametrize(
    "fact",
    [
        "远山商业银行股份有限公司",
        "谈话记录",
        "姓名吴霞",
        "所属单位信用卡组",
        "事项部门负责人谈话",
        "考核期2026年6月",
        "办理人部门负责人李强",
        "办理期限2026年7月24日",
        "办理日期2026年7月20日",
        "2026-05服务室1820",
        "2026-06服务室1920",
        "谈话内容逐条复盘六月的扣分。",
        "约定事项七月起每周复听两通录音。",
        "不等于同意",
        "第1页共1页",
    ],
)
def test_a_talk_says_who_when_on_which_evidence_and_what_was_agreed(text: str, fact: str) -> None:
    assert fact in text


def test_there_is_a_line_to_sign_for_each(text: str) -> None:
    assert all(phrase.zh in text for phrase in SIGNERS)
    assert "未" not in text


def test_before_it_is_done_there_is_room_to_write_and_a_mark() -> None:
    blank = replace(TALK, state=State.CONFIRMED, done_on=None, said="", agreed="")
    assert "未办结" in text_of(blank)
    assert "—" not in text_of(blank)
    assert "未办结" not in text_of(replace(blank, state=State.DISMISSED))


def test_a_test_says_whether_it_was_passed() -> None:
    failed = text_of(replace(TALK, kind=ActionKind.TEST, passed=False))
    assert "考核记录" in failed
    assert "考核结果不合格" in failed


@pytest.mark.parametrize("kind", [*ActionKind, None])
def test_every_kind_of_action_has_its_title(kind: ActionKind | None) -> None:
    assert "".join(TITLES[kind].en.split()) in text_of(replace(TALK, kind=kind), Language.EN)


def test_the_same_record_gives_the_same_bytes() -> None:
    files = [render_action(TALK, printed_at=datetime(2026, 11, 5, tzinfo=UTC), language=Language.ZH) for _ in range(2)]
    assert files[0] == files[1]
