"""What is put in for the cards of the demo organisation, by kind of rule and by item."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from workflow.models.scorecards import Scorecard
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.points import PointsRule
from workflow.scoring.rules.raters import RatersRule
from workflow.scoring.scheme import Item
from workflow.services.demo import banking
from workflow.services.demo.chances import around, chance_of
from workflow.services.demo.moving import Month

Entered = Mapping[str, Any] | None

LEVELS: Final = ("优秀", "良好", "良好", "良好", "一般")
VALUES: Final[Mapping[str, tuple[float, float]]] = {"handling": (94, 4), "efficiency": (88, 5), "exam": (84, 7)}
"""Around which value, in percent or points, an item of the hotline's agents moves, and how far."""

TARGETS: Final[Mapping[str, int]] = {
    "new-customers": 10,
    "deposits": 800,
    "loans": 600,
    "products": 300,
    "expansion": 6,
}
"""What an account manager is to reach in a month: customers, or ten thousands of the company's currency."""

HOTLINE_AGENT: Final = "hotline-agent"
REASONS_FOR_LESS: Final = ("个别工作未按期完成", "台账登记不够及时", "跨组协作有待加强", "复盘记录不完整")
RATERS: Final[Mapping[str, tuple[str, ...]]] = {"superior": ("直接上级",), "peer": ("同事甲", "同事乙")}
"""Who rates somebody, by group."""


def entered(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give what is put in for an item; none for what is measured or taken from other cards."""
    enter = _BY_KIND.get(item.rule.kind)
    return None if enter is None else enter(month, card, item)


def _level(month: Month, _: Scorecard, __: Item) -> Entered:
    level = month.chance.choice(LEVELS)
    return {"level": level, "reason": "重点工作完成突出"} if level == "优秀" else {"level": level}


def _nothing_yet(_: Month, __: Scorecard, ___: Item) -> Entered:
    return {"adjustments": []}


def _value(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give what a hotline's agent reached; the examination is once a quarter and holds for its three months."""
    if card.scheme_code != HOTLINE_AGENT:
        return None
    period = Period.holding(month.period.first_day, Frequency.QUARTER) if item.code == "exam" else month.period
    return {"value": around(chance_of(period, card.subject_code, item.code), *VALUES[item.code])}


def _parts(month: Month, card: Scorecard, item: Item) -> Entered:
    chance = chance_of(month.period, card.subject_code, item.code)
    return {name: around(chance, 92, 5) for name in ("participation", "quality")}


def _ratings(month: Month, card: Scorecard, item: Item) -> Entered:
    """Give what the raters of each group think."""
    chance, rule = chance_of(month.period, card.subject_code, item.code), item.rule
    if not isinstance(rule, RatersRule):
        return None
    return {
        "ratings": [
            {"group": group, "by": rater, ("level" if rule.levels else "value"): thought(rule, chance)}
            for group in rule.groups
            for rater in RATERS[group]
        ]
    }


def thought(rule: RatersRule, chance: Random) -> str:
    """Give what somebody thinks: one of the usual levels, or a whole number in the upper part of the scale."""
    return chance.choice(LEVELS) if rule.levels else str(chance.randint(int(rule.top * 3 / 5), int(rule.top)))


def _points(month: Month, card: Scorecard, item: Item) -> Entered:
    if not isinstance(item.rule, PointsRule):
        return None
    chance = chance_of(month.period, card.subject_code, item.code)
    less = chance.randint(0, int(item.rule.max) // 5)
    given = {"points": str(item.rule.max - less)}
    return given | {"reason": chance.choice(REASONS_FOR_LESS)} if less else given


def _reached(month: Month, card: Scorecard, item: Item) -> Entered:
    if isinstance(item.rule, AttainmentRule) and item.rule.parts:
        return {"parts": banking.earned(month.period, card.subject_code)}
    target = TARGETS[item.code]
    share = chance_of(month.period, card.subject_code, item.code).gauss(0.95, 0.15)
    return {"actual": str(round(max(0.3, share) * target)), "target": str(target)}


_BY_KIND: Final[Mapping[str, Callable[[Month, Scorecard, Item], Entered]]] = {
    "rating": _level,
    "adjustments": _nothing_yet,
    "linear": _value,
    "formula": _parts,
    "raters": _ratings,
    "points": _points,
    "attainment": _reached,
}
