"""The words of the printed form in both languages: labels, marks, periods, days and instants."""

from collections.abc import Mapping
from datetime import date, datetime

from workflow.policy import State
from workflow.scoring.periods import Frequency, Period
from workflow.wording import Language, Phrase

LABELS: Mapping[str, Phrase] = {
    "name": Phrase("名称", "Title"),
    "number": Phrase("编码", "Code"),
    "version": Phrase("版本", "Version"),
    "page": Phrase("页次", "Page"),
    "revision": Phrase("修改状态", "Revision"),
    "continued": Phrase("(续)", "(continued)"),
    "subject_unit": Phrase("考核对象", "Unit appraised"),
    "subject_person": Phrase("被考核人", "Person appraised"),
    "unit": Phrase("所属单位", "Unit"),
    "period": Phrase("考核时间", "Period"),
    "card_number": Phrase("评分表编号", "Card no."),
    "card_revision": Phrase("更正", "Correction"),
    "state": Phrase("状态", "State"),
    "section": Phrase("指标类别", "Category"),
    "item": Phrase("指标", "Indicator"),
    "full": Phrase("分值", "Full marks"),
    "points": Phrase("实际得分", "Points"),
    "remark": Phrase("备注", "Remarks"),
    "subtotal": Phrase("小计", "Subtotal"),
    "total": Phrase("合计", "Total"),
    "grade": Phrase("考核等级", "Grade"),
    "method": Phrase("参考评分方法", "Scoring method"),
    "notes": Phrase("关联说明", "Related notes"),
    "scheme_block": Phrase("考核方案", "Scheme"),
    "card_block": Phrase("本评分表", "This card"),
    "not_signed": Phrase("未签署", "not signed"),
    "digest": Phrase("记录摘要(SHA-256)", "Record digest (SHA-256)"),
    "printed": Phrase("打印时间", "Printed"),
}
"""The fixed words of the form, by the name that the template has for them."""

NO_DIGEST = Phrase("尚未签署,无摘要", "not signed yet, no digest")
PAGE = Phrase("第{page}页 共{pages}页", "Page {page} of {pages}")
TOLD = Phrase("{label}:{text}", "{label}: {text}")
QUOTED = Phrase("{number})“{item}”:{method}", "{number}) {item}: {method}")
NUMBERED_SECTION = Phrase("({number}){section}", "({number}) {section}")
ON_BEHALF = Phrase("代{name}签署", "on behalf of {name}")
ORIGINAL = Phrase("原版", "none (original)")
CORRECTION = Phrase("第{number}次更正", "no. {number}")

SIGNER = {
    "prepare": (Phrase("编制人员", "Prepared by"), Phrase("编制日期", "Prepared on")),
    "review": (Phrase("审核人员", "Reviewed by"), Phrase("审核日期", "Reviewed on")),
    "approve": (Phrase("批准人员", "Approved by"), Phrase("批准日期", "Approved on")),
}
"""The labels of a signature's person and day, by meaning."""

MARKS: Mapping[State, Phrase | None] = {
    State.DRAFT: Phrase("未批准", "NOT APPROVED"),
    State.PREPARED: Phrase("未批准", "NOT APPROVED"),
    State.REVIEWED: Phrase("未批准", "NOT APPROVED"),
    State.APPROVED: None,
    State.PUBLISHED: None,
    State.SUPERSEDED: Phrase("已被更正版替代", "SUPERSEDED"),
    State.VOID: Phrase("已作废", "VOID"),
}
"""What is printed across a form that does not hold, or no longer."""

METHODS: Mapping[str, Phrase] = {
    "password": Phrase("密码验证", "by password"),
    "sign-in": Phrase("登录验证", "by signing in"),
    "otp": Phrase("一次性验证码", "by one-time code"),
    "passkey": Phrase("通行密钥", "by passkey"),
}
"""How a signer proved themselves."""

_PERIODS: Mapping[Frequency, Phrase] = {
    Frequency.DAY: Phrase("{first.year}年{first.month}月{first.day}日", "{first.day} {first:%B} {first.year}"),
    Frequency.MONTH: Phrase("{first.year}年{first.month}月", "{first:%B} {first.year}"),
    Frequency.QUARTER: Phrase("{first.year}年第{quarter}季度", "quarter {quarter} of {first.year}"),
    Frequency.HALF_YEAR: Phrase("{first.year}年{half.zh}半年", "{half.en} half of {first.year}"),
    Frequency.YEAR: Phrase("{first.year}年", "{first.year}"),
}
_HALVES = (Phrase("上", "first"), Phrase("下", "second"))
_DAY = Phrase("{at.year}年{at.month}月{at.day}日", "{at.day} {at:%b} {at.year}")
_MONTHS_OF_A_QUARTER = 3
_MONTHS_OF_A_HALF = 6


def period_words(label: str, language: Language) -> str:
    """A period in words: 2026年10月, 2026年第4季度; raises PeriodError for a label that names none."""
    period = Period.parse(label)
    first = period.first_day
    quarter = (first.month - 1) // _MONTHS_OF_A_QUARTER + 1
    half = _HALVES[(first.month - 1) // _MONTHS_OF_A_HALF]
    return _PERIODS[period.frequency].say(language, first=first, quarter=quarter, half=half)


def day_words(at: date, language: Language) -> str:
    """A day, or that of an instant, in words: 2026年11月5日."""
    return _DAY.say(language, at=at)


def instant_words(at: datetime, language: Language) -> str:
    """An instant in words, to the minute: 2026年11月5日 09:30."""
    return f"{day_words(at, language)} {at:%H:%M}"


def method_words(code: str, language: Language) -> str:
    """How somebody proved themselves, in words; a way that has no words is named by its code."""
    known = METHODS.get(code)
    return known.say(language) if known else code
