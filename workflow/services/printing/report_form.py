"""A plan's report as a form: the administrator's words, the figures as they stood, the ranks, and who has signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflow.numbers import plain
from workflow.policy import STATE_NAMES, State
from workflow.scoring.terms import ABSENCE_NAMES, Absence
from workflow.services.printing import words
from workflow.services.printing.fonts import printable
from workflow.services.printing.payload import NONE_YET, fit, signed_places
from workflow.services.printing.pdf import lay_out
from workflow.services.printing.sheet import FormSignature
from workflow.services.reporting.disclose_report import ToldGroup, ToldLine
from workflow.services.reporting.look_up_reports import RemarkRow
from workflow.services.reporting.plan_report import BAND, SchemeReport
from workflow.wording import Language, Phrase

TITLE = Phrase("考核报告", "Report")
LABELS: Mapping[str, Phrase] = {
    "problems": Phrase("存在问题", "Problems"),
    "directions": Phrase("改进方向", "Directions of improvement"),
    "units": Phrase("分单位说明", "Unit by unit"),
    "unit": Phrase("单位", "Unit"),
    "problem": Phrase("问题", "Problem"),
    "direction": Phrase("改进方向", "Direction"),
    "remarks": Phrase("分项说明", "Item by item"),
    "item": Phrase("指标", "Indicator"),
    "full": Phrase("满分", "Full marks"),
    "average": Phrase("平均", "Average"),
    "before": Phrase("上期平均", "Before"),
    "change": Phrase("较上期", "Change"),
    "rank": Phrase("名次", "Rank"),
    "subject": Phrase("考核对象", "Subject"),
    "total": Phrase("总分", "Total"),
    "grade": Phrase("考核等级", "Grade"),
    "rank_before": Phrase("上期名次", "Rank before"),
    "signed": Phrase("签署", "Signatures"),
    "not_signed": Phrase("未签署", "not signed"),
    "distribution": Phrase("总分分布", "Distribution"),
}
FACTS: Mapping[str, Phrase] = {
    "plan": Phrase("考核计划", "Plan"),
    "period": Phrase("考核时间", "Period"),
    "state": Phrase("状态", "State"),
    "revision": Phrase("更正", "Correction"),
    "as_of": Phrase("数据截至", "Figures as of"),
    "extent": Phrase("公开范围", "Disclosed"),
}
WHOLE = Phrase("全文", "in full")
PARTLY = Phrase("按计划的公开范围节选", "as far as the plan discloses it to the reader")
SCHEME_FACTS: Mapping[str, Phrase] = {
    "cards": Phrase("已发布评分表", "Published cards"),
    "average": Phrase("平均总分", "Average total"),
    "before": Phrase("上期平均", "Average before"),
    "change": Phrase("较上期", "Change"),
    "highest": Phrase("最高", "Highest"),
    "lowest": Phrase("最低", "Lowest"),
}
RANKING = Phrase(
    "排名:{group} · {schemes}({state},参加排名 {ranked})", "Ranking: {group} · {schemes} ({state}, {ranked} ranked)"
)
RANKING_STATES = {"provisional": Phrase("暂定", "provisional"), "final": Phrase("已定案", "final")}
COUNTED = Phrase("{count} 张", "{count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What stands on the form; `whole` where the reader is told all of it."""

    organisation: str
    plan: str
    period: str
    state: State
    revision: int
    as_of: datetime
    whole: bool
    problems: str
    directions: str
    schemes: tuple[SchemeReport, ...]
    groups: tuple[ToldGroup, ...]
    remarks: tuple[RemarkRow, ...]
    signatures: tuple[FormSignature, ...]
    digest: str | None


def render_report(form: ReportForm, *, printed_at: datetime, language: Language) -> bytes:
    """Lay out one report as PDF/A; `printed_at` carries the time zone of the company."""
    label = words.LABELS["digest"].say(language)
    text = form.digest or words.NO_DIGEST.say(language)
    digest = printable(words.TOLD.say(language, label=label, text=text))
    return lay_out("report.typ", {**fit(_data(form, printed_at, language)), "digest": digest}, printed_at)


def _data(form: ReportForm, printed_at: datetime, language: Language) -> dict[str, Any]:
    printed = f"{words.instant_words(printed_at, language)} (UTC{printed_at.isoformat()[-6:]})"
    mark = words.MARKS[form.state]
    of_units = [each for each in form.remarks if not each.scheme]
    return {
        "language": "zh" if language is Language.ZH else "en",
        "organisation": form.organisation,
        "title": TITLE.say(language),
        "mark": mark.say(language) if mark else None,
        "labels": {name: phrase.say(language) for name, phrase in LABELS.items()},
        "facts": _facts(form, printed_at, language),
        "problems": form.problems or NONE_YET,
        "directions": form.directions or NONE_YET,
        "schemes": [_scheme(each, form.remarks, language) for each in form.schemes],
        "units": [_remark(each) for each in of_units],
        "groups": [_group(each, language) for each in form.groups],
        "signatures": signed_places(form.signatures, printed_at, language),
        "page_words": words.PAGE.say(language, page="|", pages="|").split("|"),
        "printed": words.TOLD.say(language, label=words.LABELS["printed"].say(language), text=printed),
        "year_month_day": [printed_at.year, printed_at.month, printed_at.day],
    }


def _facts(form: ReportForm, printed_at: datetime, language: Language) -> list[list[str]]:
    corrected = words.CORRECTION.say(language, number=form.revision)
    said = {
        "plan": form.plan,
        "period": words.period_words(form.period, language),
        "state": STATE_NAMES[form.state].say(language),
        "revision": corrected if form.revision else words.ORIGINAL.say(language),
        "as_of": words.instant_words(form.as_of.astimezone(printed_at.tzinfo), language),
        "extent": (WHOLE if form.whole else PARTLY).say(language),
    }
    return [[FACTS[name].say(language), text] for name, text in said.items()]


def _scheme(found: SchemeReport, remarks: Sequence[RemarkRow], language: Language) -> dict[str, Any]:
    """Say the figures of one scheme; what the reader is not told is left out."""
    said = {
        "cards": COUNTED.say(language, count=found.cards),
        "average": _text(found.average),
        "before": _text(found.before),
        "change": _change(found.change),
        "highest": _text(found.highest),
        "lowest": _text(found.lowest),
    }
    grades = [[name, COUNTED.say(language, count=count)] for name, count in found.grades]
    items = [
        [each.title, _text(each.full), _text(each.average), _text(each.before), _change(each.change)]
        for each in found.items
    ]
    return {
        "title": found.title,
        "facts": [[SCHEME_FACTS[name].say(language), text] for name, text in said.items() if text != NONE_YET] + grades,
        "bands": [[f"{each.least}–{each.least + BAND}", str(each.cards)] for each in found.distribution],
        "items": items,
        "remarks": [_remark(each) for each in remarks if each.scheme == found.scheme],
    }


def _remark(row: RemarkRow) -> list[str]:
    return [row.title, row.problem or NONE_YET, row.direction or NONE_YET]


def _group(group: ToldGroup, language: Language) -> dict[str, Any]:
    state = RANKING_STATES[group.state].say(language)
    return {
        "title": RANKING.say(
            language, group=group.group_title, schemes="、".join(group.schemes), state=state, ranked=group.ranked
        ),
        "lines": [_line(each, language) for each in group.entries],
    }


def _line(line: ToldLine, language: Language) -> list[str]:
    absent = ABSENCE_NAMES[Absence(line.absence)].say(language) if line.absence else NONE_YET
    before = NONE_YET if line.before is None else str(line.before)
    rank = absent if line.rank is None else str(line.rank)
    return [rank, line.subject_name, line.unit_name, _text(line.total), line.grade or NONE_YET, before]


def _text(value: Decimal | None) -> str:
    return NONE_YET if value is None else plain(value)


def _change(value: Decimal | None) -> str:
    if not value:
        return _text(value)
    return f"{value:+f}".replace("-", "−")
