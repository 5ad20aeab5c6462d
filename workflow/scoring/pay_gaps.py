"""Why a part of somebody's pay can't be known: nothing is paid by guess, and nothing is silently zero."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from workflow.scoring.pay import PayFacts, PayResult, Result, pay_of
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Bonus, BonusBase, BonusBy
from workflow.wording import Language, Phrase


class PayGap(StrEnum):
    """Why a part of the pay has no amount."""

    NO_LEVEL = "no_level"
    NO_WAGE = "no_wage"
    NO_AMOUNTS = "no_amounts"
    NO_BONUS_BASE = "no_bonus_base"
    NO_TOTAL = "no_total"
    NO_COEFFICIENT = "no_coefficient"
    NO_ATTENDANCE = "no_attendance"


GAP_WORDING: Mapping[PayGap, Phrase] = {
    PayGap.NO_LEVEL: Phrase(
        "考核期最后一天没有等级记录,请人力资源补录", "no level on the period's last day: HR has to record one"
    ),
    PayGap.NO_WAGE: Phrase(
        "方案没有规定该等级的工资,请更正等级或方案",
        "the scheme has no wage for this level: correct the level or the scheme",
    ),
    PayGap.NO_AMOUNTS: Phrase(
        "效益工资所依据的指标没有实际值或目标值", "the item of the benefit wage has no actual or target amount"
    ),
    PayGap.NO_BONUS_BASE: Phrase(
        "考核期最后一天没有奖金基数记录,请人力资源补录",
        "no bonus base on the period's last day: HR has to record one",
    ),
    PayGap.NO_TOTAL: Phrase("评分表没有合计", "the card has no total"),
    PayGap.NO_COEFFICIENT: Phrase(
        "没有考核等级,或方案没有规定该等级的系数", "no grade, or the scheme has no coefficient for it"
    ),
    PayGap.NO_ATTENDANCE: Phrase(
        "没有本期出勤天数,请提报指标 attendance-days",
        "no days attended of this period: report the indicator attendance-days",
    ),
}


def say_gap(gap: str, language: Language) -> str:
    """Why a part has no amount, as a sentence; raises ValueError for what is no such reason."""
    return GAP_WORDING[PayGap(gap)].say(language)


class Settled(NamedTuple):
    """The pay of a card with why each part that has no amount has none."""

    pay: PayResult
    gaps: Mapping[str, PayGap]


def settle(scheme: Scheme, result: Result, inputs: Mapping[str, Any], facts: PayFacts) -> Settled | None:
    """The pay of a scored card and what it lacks; None where the scheme says nothing about pay."""
    if scheme.pay is None:
        return None
    wages = scheme.pay.base
    without_wage = wages is not None and facts.level is not None and facts.level not in wages
    known = facts._replace(level=None) if without_wage else facts
    pay = pay_of(scheme, result, inputs, known)
    if pay is None:
        return None
    of_level = PayGap.NO_WAGE if without_wage else PayGap.NO_LEVEL
    gaps = {"base": of_level, "benefit": PayGap.NO_AMOUNTS}
    if scheme.pay.bonus is not None:
        gaps["bonus"] = _of_bonus(scheme.pay.bonus, result, known, of_level)
    return Settled(pay, {part: gaps[part] for part in pay.missing})


def _of_bonus(bonus: Bonus, result: Result, facts: PayFacts, of_level: PayGap) -> PayGap:
    """The first thing that the bonus lacks, in the order of its arithmetic."""
    if bonus.base is BonusBase.PERSON and facts.bonus_base is None:
        return PayGap.NO_BONUS_BASE
    if bonus.base is BonusBase.LEVEL and facts.level is None:
        return of_level
    if result.total is None:
        return PayGap.NO_TOTAL
    if bonus.by is BonusBy.GRADE and (result.grade is None or result.grade not in bonus.coefficients):
        return PayGap.NO_COEFFICIENT
    return PayGap.NO_ATTENDANCE
