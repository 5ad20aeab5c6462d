"""The record of an action as a form: 谈话记录, 培训记录 and the like, filled in or, before it is done, with room to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from workflow.lifecycle.action_item import STATE_NAMES, State
from workflow.lifecycle.interview import STATE_NAMES as INTERVIEW_STATE_NAMES
from workflow.lifecycle.interview import State as InterviewState
from workflow.scoring.terms import ActionKind
from workflow.services.printing import words
from workflow.services.printing.payload import fit
from workflow.when_used import WhenUsed
from workflow.wording import Language, Phrase

if TYPE_CHECKING:
    from workflow.services.printing import pdf
else:
    pdf = WhenUsed("workflow.services.printing.pdf")

TITLES: Mapping[ActionKind | None, Phrase] = {
    ActionKind.TALK: Phrase("谈话记录", "Record of a talk"),
    ActionKind.OFF_POST: Phrase("待岗记录", "Record of a time off post"),
    ActionKind.TRAINING: Phrase("培训记录", "Record of a training"),
    ActionKind.TEST: Phrase("考核记录", "Record of a test"),
    ActionKind.RETURN: Phrase("返岗记录", "Record of a return to post"),
    ActionKind.DISMISSAL: Phrase("辞退办理记录", "Record of a dismissal"),
    ActionKind.COMMENDATION: Phrase("表彰记录", "Record of a commendation"),
    ActionKind.BONUS: Phrase("奖金发放记录", "Record of a bonus"),
    ActionKind.WARNING: Phrase("警告记录", "Record of a warning"),
    ActionKind.LEVEL: Phrase("等级调整记录", "Record of a change of level"),
    None: Phrase("奖惩事项办理记录", "Record of an action item"),
}
_SAID: Mapping[ActionKind | None, Phrase] = {
    ActionKind.TALK: Phrase("谈话内容", "What was said"),
    ActionKind.TRAINING: Phrase("培训内容", "What was trained"),
    ActionKind.TEST: Phrase("考核情况", "How the test went"),
}
LABELS: Mapping[str, Phrase] = {
    "evidence": Phrase("依据", "Evidence"),
    "day": Phrase("日期", "Day"),
    "note": Phrase(
        "本表一式两份,本人与办理单位各执一份。本人签字表示已知悉,不等于同意。",
        "Made out twice, for the person and for the unit. Signing says that one has read it, not that one agrees.",
    ),
}
FACTS: Mapping[str, Phrase] = {
    "subject": Phrase("姓名", "Name"),
    "unit": Phrase("所属单位", "Unit"),
    "action": Phrase("事项", "Action"),
    "period": Phrase("考核期", "Period"),
    "owner": Phrase("办理人", "Seen to by"),
    "due": Phrase("办理期限", "Due"),
    "done": Phrase("办理日期", "Done on"),
    "state": Phrase("状态", "State"),
    "passed": Phrase("考核结果", "Result"),
    "held_by": Phrase("谈话人", "Held by"),
    "held": Phrase("谈话时间", "Held on"),
    "place": Phrase("谈话地点", "Place"),
    "present": Phrase("在场人员", "Also present"),
    "read": Phrase("本人阅知", "Read by the person"),
}
EVIDENCE = (
    Phrase("考核期", "Period"),
    Phrase("考核单元", "Ranking group"),
    Phrase("名次", "Rank"),
    Phrase("排名人数", "Ranked"),
)
WHAT_WAS_DONE = Phrase("办理情况", "What was done")
AGREED = Phrase("约定事项", "What was agreed")
COMMENT = Phrase("本人意见", "What the person says")
DECLINED = Phrase("本人未阅的原因", "Why it was not marked as read")
CORRECTED = Phrase("更正", "Corrections")
PASSED = {True: Phrase("合格", "passed"), False: Phrase("不合格", "failed")}
OPEN = Phrase("未办结", "NOT DONE YET")
SIGNERS = (Phrase("本人", "The person"), Phrase("办理人", "Seen to by"), Phrase("人力资源", "HR"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRecord:
    """How a talk was held, whether the person has read its record, and what is to be read otherwise in it.

    Corrections are texts with who made them and when.
    """

    held_by: str
    held_on: date
    held_at: str
    place: str
    present: str
    state: InterviewState
    acknowledged_at: datetime | None
    comment: str
    declined: str
    corrections: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """What stands on the form; evidence is `{period, group, rank, ranked}`, `owner` names function and holder."""

    organisation: str
    kind: ActionKind | None
    title: str
    subject_name: str
    unit_name: str
    period: str
    evidence: tuple[Mapping[str, Any], ...]
    state: State
    owner: str
    owner_name: str
    due_on: date
    done_on: date | None
    said: str
    agreed: str
    passed: bool | None
    talk: TalkRecord | None = None


def render_action(record: ActionRecord, *, printed_at: datetime, language: Language) -> bytes:
    """Lay out the form of one action as PDF/A; `printed_at` carries the time zone of the company."""
    return pdf.lay_out("action.typ", fit(_data(record, printed_at, language)), printed_at)


def _data(record: ActionRecord, printed_at: datetime, language: Language) -> dict[str, Any]:
    printed = f"{words.instant_words(printed_at, language)} (UTC{printed_at.isoformat()[-6:]})"
    done, dismissed = record.state is State.DONE, record.state is State.DISMISSED
    return {
        "language": "zh" if language is Language.ZH else "en",
        "organisation": record.organisation,
        "title": TITLES[record.kind].say(language),
        "mark": None if done else (STATE_NAMES[record.state] if dismissed else OPEN).say(language),
        "labels": {name: phrase.say(language) for name, phrase in LABELS.items()},
        "facts": _facts(record, printed_at, language),
        "evidence_head": [phrase.say(language) for phrase in EVIDENCE],
        "evidence": [[str(each[key]) for key in ("period", "group", "rank", "ranked")] for each in record.evidence],
        "told": [
            [_SAID.get(record.kind, WHAT_WAS_DONE).say(language), record.said],
            [AGREED.say(language), record.agreed or ("—" if done else "")],
            *_after_the_talk(record.talk, printed_at, language),
        ],
        "signers": [
            [phrase.say(language), name]
            for phrase, name in zip(SIGNERS, (record.subject_name, record.owner_name, ""), strict=True)
        ],
        "page_words": words.PAGE.say(language, page="|", pages="|").split("|"),
        "printed": words.TOLD.say(language, label=words.LABELS["printed"].say(language), text=printed),
        "year_month_day": [printed_at.year, printed_at.month, printed_at.day],
    }


def _held(talk: TalkRecord, printed_at: datetime, language: Language) -> dict[str, str]:
    """Who spoke when and where, and whether the person has read of it."""
    read = INTERVIEW_STATE_NAMES[talk.state].say(language)
    if talk.acknowledged_at is not None:
        read = f"{read} {words.instant_words(talk.acknowledged_at.astimezone(printed_at.tzinfo), language)}"
    return {
        "held_by": talk.held_by,
        "held": f"{words.day_words(talk.held_on, language)} {talk.held_at}".strip(),
        "place": talk.place,
        "present": talk.present or "—",
        "read": read,
    }


def _after_the_talk(talk: TalkRecord | None, printed_at: datetime, language: Language) -> list[list[str]]:
    """What the person said to the record, why it was not marked as read, and each correction."""
    if talk is None:
        return []
    corrections = [
        f"{text}\n{name} {words.instant_words(at.astimezone(printed_at.tzinfo), language)}"
        for text, name, at in talk.corrections
    ]
    said = {COMMENT: talk.comment, DECLINED: talk.declined, CORRECTED: "\n".join(corrections)}
    return [[name.say(language), text] for name, text in said.items() if text]


def _facts(record: ActionRecord, printed_at: datetime, language: Language) -> list[list[str]]:
    """Whom and what it is about: label and text, in the order of the form."""
    said = {
        "subject": record.subject_name,
        "unit": record.unit_name,
        "action": record.title,
        "period": words.period_words(record.period, language),
        "owner": record.owner,
        "due": words.day_words(record.due_on, language),
        "done": words.day_words(record.done_on, language) if record.done_on else "",
        "state": STATE_NAMES[record.state].say(language),
    }
    if record.passed is not None:
        said["passed"] = PASSED[record.passed].say(language)
    if record.talk is not None:
        del said["done"]
        said |= _held(record.talk, printed_at, language)
    elif record.kind is ActionKind.TALK and record.done_on is None:
        del said["done"]
        said |= dict.fromkeys(("held_by", "held", "place", "present"), "")  # room to write
    return [[FACTS[name].say(language), text] for name, text in said.items()]
