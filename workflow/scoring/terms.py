"""What a scheme says about the time after the points are known: grades, vetoes, ranking, consequences, pay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from workflow.scoring.errors import SchemeError
from workflow.scoring.parts import (
    IS_REQUIRED,
    MUST_BE_ONE_OF,
    Code,
    Constraint,
    Count,
    Key,
    NotNegative,
    Part,
    Reader,
    Text,
    read_number,
)
from workflow.wording import Phrase

SHARE_RANGE = Phrase("必须大于 0 且不大于 1", "must be greater than 0 and not greater than 1")
ONE_OF_TWO = Phrase("与 {other} 必须且只能给一个", "and {other}: exactly one of the two must be given")
VETO_EFFECT = Phrase("须有 total_max 或 grade", "needs total_max or grade")
REPLACES_ITSELF = Phrase("不能替代自身", "must not be the consequence itself")
TESTS_ONLY = Phrase("考核(kind: test)须有且只有它可有", "is what a step of the kind test needs, and no other has")
USED_TWICE = Phrase("重复", "is used twice")
BY_GRADE_ONLY = Phrase("按考核等级计奖须有系数,按得分计奖不得有系数", "belongs to a bonus by grade, which needs it")
BONUS_BASE = Phrase("必须是不小于 0 的数,或 level、person", "must be a number of 0 or more, or level or person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Part):
    """A grade 考核等级: reached from `from` on; with `share`, by at most that part of the ranking group."""

    name: Text
    at_least: Annotated[Decimal, Key("from")]
    share: Annotated[Decimal, Constraint(lambda share: 0 < share <= 1, SHARE_RANGE)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(Part):
    """An event 一票否决 that cuts the total to `total_max` and/or sets the grade."""

    code: Code
    title: Text
    total_max: Decimal | None = None
    grade: Text | None = None

    def check(self) -> None:
        """A veto must do something."""
        if self.total_max is None and self.grade is None:
            raise SchemeError("total_max", VETO_EFFECT)


class Within(StrEnum):
    """Who competes: a unit, a ranking group 考核单元, or the whole plan."""

    UNIT = "unit"
    GROUP = "group"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Part):
    """Who is ranked with whom; `family` is the scheme's own code where not given, `min_days` the attendance needed."""

    within: Within = Within.UNIT
    family: Code | None = None
    tie_break: tuple[Code, ...] = ()
    min_days: Annotated[int, Constraint(lambda days: days >= 0, SHARE_RANGE)] | None = None


class Absence(StrEnum):
    """Why somebody is not ranked in a period."""

    OFF_POST = "off-post"
    LEAVE = "leave"
    PROBATION = "probation"
    PARTIAL = "partial"


ABSENCE_NAMES: Mapping[Absence, Phrase] = {
    Absence.OFF_POST: Phrase("待岗", "off post"),
    Absence.LEAVE: Phrase("请假", "on leave"),
    Absence.PROBATION: Phrase("试用", "on probation"),
    Absence.PARTIAL: Phrase("出勤不足", "attended too few days"),
}


class Protect(StrEnum):
    """Whom a bottom consequence spares."""

    NONE = "none"
    BETTER_HALF = "better-half"


class Gap(StrEnum):
    """Whether a period on leave or partly attended breaks a run or is passed over."""

    BREAK = "break"
    SKIP = "skip"


class BonusEffect(StrEnum):
    """What a confirmed consequence does to the bonus; the wage always goes on."""

    NONE = "none"


class ActionKind(StrEnum):
    """What sort of action it is, which says what the record of its outcome is called and holds."""

    TALK = "talk"
    OFF_POST = "off-post"
    TRAINING = "training"
    TEST = "test"
    RETURN = "return"
    DISMISSAL = "dismissal"
    COMMENDATION = "commendation"
    BONUS = "bonus"
    WARNING = "warning"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Part):
    """What follows a confirmed consequence, one step after the other; failing a test prolongs it by `failed` periods."""

    code: Code
    title: Text
    by: Code
    kind: ActionKind | None = None
    failed: Count | None = None

    def check(self) -> None:
        """A test says what failing it means, and nothing else can be failed."""
        if (self.kind is ActionKind.TEST) != (self.failed is not None):
            raise SchemeError("failed", TESTS_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence(Part):
    """What is proposed for those at the bottom or top of the ranks, in a run of periods or on return (source: 95595 method, ch. 1 § 6)."""

    code: Code
    title: Text
    bottom: Count | None = None
    top: Count | None = None
    months: Count | None = None
    first_month_after: Absence | None = None
    by: Code
    lasts: Count | None = None
    bonus: BonusEffect | None = None
    replaces: Code | None = None
    protect: Protect = Protect.NONE
    gap: Gap = Gap.BREAK
    once_per_run: bool = False
    kind: ActionKind | None = None
    then: tuple[Step, ...] = ()

    def check(self) -> None:
        """Exactly one side of the ranks, exactly one condition in time, no replacing of itself, steps told apart."""
        if (self.bottom is None) == (self.top is None):
            raise SchemeError("bottom", ONE_OF_TWO, other="top")
        if (self.months is None) == (self.first_month_after is None):
            raise SchemeError("months", ONE_OF_TWO, other="first_month_after")
        if self.replaces == self.code:
            raise SchemeError("replaces", REPLACES_ITSELF)
        codes = [self.code, *(step.code for step in self.then)]
        for place, code in enumerate(codes[1:]):
            if code in codes[: place + 1]:
                raise SchemeError(f"then[{place}].code", USED_TWICE)
        if self.lasts is None and any(step.failed is not None for step in self.then):
            raise SchemeError("lasts", IS_REQUIRED)


class BenefitOf(StrEnum):
    """What the benefit wage is a share of: the actual amount, what exceeds the base, or the completion ratio."""

    ACTUAL = "actual"
    INCREMENT = "increment"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Part):
    """Benefit wage: `rate` times what an attainment item achieved."""

    item: Code
    of: BenefitOf
    rate: NotNegative


class BonusBy(StrEnum):
    """Whether the bonus follows the total or the grade's coefficient."""

    SCORE = "score"
    GRADE = "grade"


class BonusBase(StrEnum):
    """A bonus base that is not one amount for all: the wage of the person's level, or the person's own."""

    LEVEL = "level"
    PERSON = "person"


def _read_bonus_base(data: object) -> Decimal | BonusBase:
    if isinstance(data, str) and data in (BonusBase.LEVEL.value, BonusBase.PERSON.value):
        return BonusBase(data)
    return read_number(data)


def _is_bonus_base(base: Decimal | BonusBase) -> bool:
    return isinstance(base, BonusBase) or base >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus(Part):
    """Bonus: base × total ÷ 100, or × the grade's coefficient; with `attendance` × the share of days attended."""

    base: Annotated[Decimal | BonusBase, Reader(_read_bonus_base), Constraint(_is_bonus_base, BONUS_BASE)]
    by: BonusBy
    coefficients: Mapping[str, NotNegative] = field(default_factory=dict)
    attendance: bool = False

    def check(self) -> None:
        """Coefficients belong to a bonus by grade, and to no other."""
        if (self.by is BonusBy.GRADE) != bool(self.coefficients):
            raise SchemeError("coefficients", BY_GRADE_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay(Part):
    """Base wage by level, benefit wage by what an item achieved, bonus by the result."""

    base: Mapping[str, NotNegative] | None = None
    benefit: Benefit | None = None
    bonus: Bonus | None = None

    def check(self) -> None:
        """A bonus by level needs the wages by level."""
        if self.bonus is not None and self.bonus.base is BonusBase.LEVEL and not self.base:
            raise SchemeError("base", IS_REQUIRED)


def check_known(path: str, name: Any, known: tuple[str, ...]) -> None:
    """Refuse a reference to something that the scheme doesn't have."""
    if name is not None and name not in known:
        raise SchemeError(path, MUST_BE_ONE_OF, choices=" / ".join(known) or "∅")
