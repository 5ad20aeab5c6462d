"""A scheme 考核方案: what a scorecard holds and how each input becomes points. Data, never code, never invalid."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from typing import Annotated

from workflow.numbers import EXACT, Rounding, plain
from workflow.scoring.errors import Problem, SchemeError
from workflow.scoring.parts import NOT_EMPTY, NOT_NEGATIVE, Code, Part, Positive, Reader, Text
from workflow.scoring.periods import FREQUENCY_NAMES, Frequency, Period
from workflow.scoring.rules import read_rule
from workflow.scoring.rules.attainment import AttainmentRule, Targets
from workflow.scoring.rules.base import Rule, check_limits
from workflow.scoring.terms import USED_TWICE, BenefitOf, Consequence, Grade, Pay, Ranking, Veto, check_known
from workflow.wording import Language, Phrase

OFF_STEP = Phrase("必须是取整单位 {step} 的整数倍", "must be a multiple of the rounding step {step}")
NEEDS_MAX = Phrase(
    "同一部分有可不适用的项目时,规则须有上限 max", "is required where an item of the section is optional"
)
GRADES_ORDER = Phrase("等级必须从高到低", "must be lower than the grade before")
HOLDS = Phrase(";一个值在所在{held}的各期内有效", "; one value holds for all periods of the {held}")
CANT_HOLD = Phrase("本规则的值不能沿用于多个考核期", "is not for this rule: its input belongs to one period")
NOT_LONGER = Phrase("必须长于方案的考核周期", "must be longer than the periods of the scheme")
OF_PERSONS = Phrase("只有考核个人的方案才有客户组合", "is for schemes that appraise persons: customers have managers")
ONLY_ACTUAL = Phrase("本年累计的项目只能按当期实际额计效益工资", "must be actual, as the item adds up over the year")
NOT_ATTAINMENT = Phrase("必须是完成率项目", "must be an attainment item")
UNREACHABLE = Phrase("各项满分之和为 {full},达不到总分上限", "can't be reached: the full marks add up to {full}")
WEIGHTS = Phrase("各项权重之和为 {sum},不是 1", "the weights of the items add up to {sum}, not to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Part):
    """The company's document data printed on the form: 编码, 版本, 修改状态."""

    number: Text
    version: Text = "1.0"
    revision: Annotated[int, NOT_NEGATIVE] = 0


class Subject(StrEnum):
    """Whether units or persons are appraised."""

    UNIT = "unit"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Part):
    """The limits of the total."""

    min: Decimal = Decimal(0)
    max: Decimal = Decimal(100)

    def check(self) -> None:
        """Refuse limits that are out of order."""
        check_limits(self.min, self.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Part):
    """One indicator: its title, and the rule by which its input becomes points.

    With `holds_for` one value counts in every card of that longer period (source: 季考成绩 of the hotline).
    """

    code: Code
    title: Text
    unit: str = ""
    weight: Positive = Decimal(1)
    optional: bool = False
    holds_for: Frequency | None = None
    rule: Annotated[Rule, Reader(read_rule)]
    source: Text | None = None
    assumption: Text | None = None

    def check(self) -> None:
        """Only one measured value can hold for several periods."""
        if self.holds_for is not None and not self.rule.may_hold:
            raise SchemeError("holds_for", CANT_HOLD)

    def check_frequency(self, frequency: Frequency) -> None:
        """What holds for several periods holds for longer ones than the scheme's; the rule has its own demands."""
        order = list(Frequency)
        if self.holds_for is not None and order.index(self.holds_for) <= order.index(frequency):
            raise SchemeError("holds_for", NOT_LONGER)
        try:
            self.rule.check_frequency(frequency)
        except SchemeError as error:
            raise error.under("rule") from None

    def value_period(self, period: Period) -> Period:
        """The period whose value counts in a card of `period`: its own, or the longer one around it."""
        return period if self.holds_for is None else Period.holding(period.first_day, self.holds_for)

    def describe(self, language: Language) -> str:
        """How the item is scored, in words, and for how long a value holds."""
        said = self.rule.describe(language)
        if self.holds_for is None:
            return said
        return said + HOLDS.say(language, held=FREQUENCY_NAMES[self.holds_for].say(language))

    @property
    def full_marks(self) -> Decimal | None:
        """The most points the item can give, weighted; None where nothing bounds it."""
        return None if self.rule.most is None else EXACT.multiply(self.rule.most, self.weight)

    @property
    def accepts_by_hand(self) -> bool:
        """Whether a person puts the input in; else it is taken from other cards or from ratings."""
        return self.rule.derived_from is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Part):
    """Items that belong together; the sum of their points is clamped to `min` and `max`."""

    code: Code
    title: Text
    min: Decimal | None = None
    max: Decimal | None = None
    items: Annotated[tuple[Item, ...], NOT_EMPTY]
    source: Text | None = None
    assumption: Text | None = None

    def check(self) -> None:
        """Refuse an optional item beside one without full marks, by which the rest is scaled."""
        check_limits(self.min, self.max)
        if any(item.optional for item in self.items):
            for place, item in enumerate(self.items):
                if item.full_marks is None:
                    raise SchemeError(f"items[{place}].rule.max", NEEDS_MAX)

    @property
    def full_marks(self) -> Decimal | None:
        """The most points the section can give; None where nothing bounds it."""
        full = _sum_of(item.full_marks for item in self.items)
        limits = [limit for limit in (full, self.max) if limit is not None]
        return min(limits, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Part):
    """The whole scheme; raises SchemeError with the path of what is wrong when it is built."""

    code: Code
    title: Text
    document: Document | None = None
    frequency: Frequency
    subject: Subject
    rounding: Rounding = field(default_factory=Rounding)
    total: Total = field(default_factory=Total)
    sections: Annotated[tuple[Section, ...], NOT_EMPTY]
    grades: tuple[Grade, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)
    consequences: tuple[Consequence, ...] = ()
    pay: Pay | None = None
    vetoes: tuple[Veto, ...] = ()
    source: Text | None = None
    assumption: Text | None = None

    def check(self) -> None:
        """Refuse what does not fit together: codes used twice, limits off the step, unknown references."""
        self._check_codes()
        self._check_steps()
        self._check_items()
        self._check_grades()
        self._check_references()

    @property
    def items(self) -> Mapping[str, Item]:
        """The items by code, in the order of the card."""
        return {item.code: item for section in self.sections for item in section.items}

    @property
    def full_marks(self) -> Decimal | None:
        """The most points that the sections add up to, before the total is clamped; None where nothing bounds them."""
        return _sum_of(section.full_marks for section in self.sections)

    @property
    def family(self) -> str:
        """The code under which cards of several schemes are ranked together."""
        return self.ranking.family or self.code

    @property
    def grade_names(self) -> tuple[str, ...]:
        """The names of the grades, highest first."""
        return tuple(grade.name for grade in self.grades)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is allowed but probably not meant; shown on saving, never silent."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[Problem]:
        full = self.full_marks
        if full is not None and full < self.total.max:
            yield Problem("total.max", UNREACHABLE, (("full", plain(full)),))
        weights = [item.weight for item in self.items.values()]
        if any(weight != 1 for weight in weights) and sum(weights) != 1:
            yield Problem("sections", WEIGHTS, (("sum", plain(Decimal(sum(weights)))),))
        for path, item in self._items_with_paths():
            for key, phrase in item.rule.warnings:
                yield Problem(f"{path}.rule.{key}", phrase)

    def _items_with_paths(self) -> Iterator[tuple[str, Item]]:
        for place, section in enumerate(self.sections):
            for item_place, item in enumerate(section.items):
                yield f"sections[{place}].items[{item_place}]", item

    def _check_codes(self) -> None:
        _check_unique((f"sections[{place}].code", section.code) for place, section in enumerate(self.sections))
        _check_unique((f"{path}.code", item.code) for path, item in self._items_with_paths())
        _check_unique((f"grades[{place}].name", grade.name) for place, grade in enumerate(self.grades))
        _check_unique((f"consequences[{place}].code", one.code) for place, one in enumerate(self.consequences))
        _check_unique((f"vetoes[{place}].code", veto.code) for place, veto in enumerate(self.vetoes))

    def _check_steps(self) -> None:
        limits = {"total.min": self.total.min, "total.max": self.total.max}
        for place, section in enumerate(self.sections):
            limits |= {f"sections[{place}].min": section.min or Decimal(0)}
            limits |= {f"sections[{place}].max": section.max or Decimal(0)}
        limits |= {f"vetoes[{place}].total_max": veto.total_max or Decimal(0) for place, veto in enumerate(self.vetoes)}
        for path, limit in limits.items():
            if not self.rounding.holds(limit):
                raise SchemeError(path, OFF_STEP, step=plain(self.rounding.step))

    def _check_items(self) -> None:
        for path, item in self._items_with_paths():
            try:
                item.check_frequency(self.frequency)
            except SchemeError as error:
                raise error.under(path) from None
            if isinstance(item.rule, AttainmentRule) and item.rule.targets is Targets.PORTFOLIO:
                self._check_portfolio(path)

    def _check_portfolio(self, path: str) -> None:
        if self.subject is not Subject.PERSON:
            raise SchemeError(f"{path}.rule.targets", OF_PERSONS)

    def _check_grades(self) -> None:
        for place, (higher, lower) in enumerate(pairwise(self.grades)):
            if lower.at_least >= higher.at_least:
                raise SchemeError(f"grades[{place + 1}].from", GRADES_ORDER)
        for place, veto in enumerate(self.vetoes):
            check_known(f"vetoes[{place}].grade", veto.grade, self.grade_names)

    def _check_references(self) -> None:
        sections = tuple(section.code for section in self.sections)
        for place, code in enumerate(self.ranking.tie_break):
            check_known(f"ranking.tie_break[{place}]", code, sections)
        consequences = tuple(consequence.code for consequence in self.consequences)
        for place, consequence in enumerate(self.consequences):
            check_known(f"consequences[{place}].replaces", consequence.replaces, consequences)
        if self.pay is not None:
            self._check_pay(self.pay)

    def _check_pay(self, pay: Pay) -> None:
        if pay.benefit is not None:
            check_known("pay.benefit.item", pay.benefit.item, tuple(self.items))
            rule = self.items[pay.benefit.item].rule
            if not isinstance(rule, AttainmentRule):
                raise SchemeError("pay.benefit.item", NOT_ATTAINMENT)
            if rule.cumulative is not None and pay.benefit.of is not BenefitOf.ACTUAL:
                raise SchemeError("pay.benefit.of", ONLY_ACTUAL)
        for name in pay.bonus.coefficients if pay.bonus is not None else ():
            check_known(f"pay.bonus.coefficients.{name}", name, self.grade_names)


def _sum_of(amounts: Iterator[Decimal | None]) -> Decimal | None:
    """The sum, or None as soon as one is unbounded."""
    known = list(amounts)
    return None if None in known else reduce(EXACT.add, (one for one in known if one is not None), Decimal(0))


def _check_unique(named: Iterator[tuple[str, str]]) -> None:
    seen: Counter[str] = Counter()
    for path, code in named:
        seen[code] += 1
        if seen[code] > 1:
            raise SchemeError(path, USED_TWICE)
