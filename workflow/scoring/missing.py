"""Why an item has no points yet: codes with a sentence each."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.wording import Language, Phrase


class Missing(StrEnum):
    """The reasons for which an item is incomplete; a missing input is never zero."""

    NO_INPUT = "no_input"
    NO_BASELINE = "no_baseline"
    ZERO_BASELINE = "zero_baseline"
    TOO_FEW_RATINGS = "too_few_ratings"
    MEMBERS_OPEN = "members_open"
    ZERO_TARGET = "zero_target"
    ZERO_DIVISOR = "zero_divisor"
    NOT_APPLICABLE = "not_applicable"


MISSING_WORDING: Mapping[Missing, Phrase] = {
    Missing.NO_INPUT: Phrase("尚未录入", "nothing has been put in yet"),
    Missing.NO_BASELINE: Phrase(
        "没有可用的历史基数,须由有权编辑的人设定并说明理由",
        "the history gives no baseline; somebody who may edit must set one with a reason",
    ),
    Missing.ZERO_BASELINE: Phrase(
        "基数为零,无法按相对比例计算", "the baseline is zero, so a relative deviation can't be computed"
    ),
    Missing.TOO_FEW_RATINGS: Phrase("评价人数不足", "too few ratings in a group of raters"),
    Missing.MEMBERS_OPEN: Phrase(
        "没有成员,或成员的评分表尚未批准", "there are no members, or a member's scorecard is not approved yet"
    ),
    Missing.ZERO_TARGET: Phrase("目标不大于零,无法计算完成率", "the target is not above zero"),
    Missing.ZERO_DIVISOR: Phrase("公式中除数为零", "the formula divides by zero"),
    Missing.NOT_APPLICABLE: Phrase(
        "本部分没有适用的项目可供折算", "nothing applicable is left in the section to scale the points from"
    ),
}


def say_missing(reason: Missing, language: Language) -> str:
    """The reason as a sentence in the reader's language."""
    return MISSING_WORDING[reason].say(language)
