"""`attainment`: what was achieved, measured against a target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from typing import Any, ClassVar, NamedTuple

from workflow.numbers import EXACT, Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import mapping, number_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.parts import UNKNOWN_KEY, Code, Positive
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.rules.base import Clamp, Evaluate, ItemContext, Rule, check_limits
from workflow.scoring.rules.history import ordered_values
from workflow.scoring.rules.money import MONTHS, Money, note_rates, read_money, total_worth
from workflow.wording import Language, Phrase

PART_TWICE = Phrase("重复", "is used twice")
NEEDS_PARTS = Phrase("按客户组合定目标须分项(parts)", "needs parts, for which the customers' figures are kept")
NOT_WITHIN_A_YEAR = Phrase(
    "只用于按月、按季度或按半年考核的方案", "is for schemes that appraise by month, quarter or half-year"
)
PART_KEYS = frozenset({"base", "growth", "actual"})
TARGET_KEYS = frozenset({"customers", "months"})
DESCRIBED = Phrase("{full} 分 × 实际 ÷ 目标", "{full} × actual ÷ target")
DESCRIBED_PARTS = Phrase(
    "{full} 分 × 实际 ÷ 目标,目标 = 基数 + 增量,合计 {parts}",
    "{full} × actual ÷ target; target = base + growth, summed over {parts}",
)
DESCRIBED_PORTFOLIO = Phrase(",基数与增量取自所管客户", "; base and growth come from the customers looked after")


class Cumulative(StrEnum):
    """Against what the actual since the year began is held: the whole year's target, or its share of the months so far."""

    WHOLE = "whole"
    SHARE = "share"


DESCRIBED_CUMULATIVE = {
    Cumulative.WHOLE: Phrase(
        ";实际为本年累计,目标为全年目标", "; the actual adds up since January, the target is the whole year's"
    ),
    Cumulative.SHARE: Phrase(
        ";实际为本年累计,目标为全年目标按月份折算的部分",
        "; the actual adds up since January, the target is the year's by the months so far",
    ),
}


class Targets(StrEnum):
    """Where base and growth come from: they are put in, or taken from the portfolio of customers."""

    INPUT = "input"
    PORTFOLIO = "portfolio"


class PartAmounts(NamedTuple):
    """One part of an input: what was achieved, last year's figures, and what is to be added to them."""

    name: str
    actual: list[Money]
    base: list[Money]
    growth: list[Money]


class Amounts(NamedTuple):
    """What was achieved, and the two sides of the target; without parts the target stands as base."""

    actual: Decimal
    base: Exact
    growth: Exact

    @property
    def target(self) -> Exact:
        """What was to be achieved."""
        return add(self.base, self.growth)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainmentRule(Rule):
    """`full` × actual ÷ target, clamped; with parts the target is base plus growth (source: 银行客户经理绩效考核办法, 三).

    With `cumulative` base, growth and target are a year's, and the actual adds up since the year began.
    """

    kind: ClassVar[str] = "attainment"

    full: Positive
    min: Decimal | None = None
    max: Decimal | None = None
    parts: tuple[Code, ...] = ()
    cumulative: Cumulative | None = None
    targets: Targets = Targets.INPUT

    def check(self) -> None:
        """The limits must be in order, each part named once; a portfolio has its figures by part."""
        check_limits(self.min, self.max)
        for place, part in enumerate(self.parts):
            if part in self.parts[:place]:
                raise SchemeError(f"parts[{place}]", PART_TWICE)
        if self.targets is Targets.PORTFOLIO and not self.parts:
            raise SchemeError("targets", NEEDS_PARTS)

    def check_frequency(self, frequency: Frequency) -> None:
        """What adds up over a year needs periods of whole months within it."""
        if self.cumulative is not None and frequency in (Frequency.DAY, Frequency.YEAR):
            raise SchemeError("cumulative", NOT_WITHIN_A_YEAR)

    @property
    def most(self) -> Decimal | None:
        """The upper limit."""
        return self.max

    def window_before(self, period: Period) -> tuple[Period, Period] | None:
        """The earlier periods of the year, whose actuals count too: first and last; None where there are none."""
        first = first_of_year(period)
        return None if self.cumulative is None or first == period else (first, period.previous())

    def months_counted(self, period: Period) -> int:
        """How many of the year's months a yearly amount counts with in a card of this period."""
        return period.last_day.month if self.cumulative is Cumulative.SHARE else MONTHS

    def amounts(self, data: Mapping[str, Any], months: int = MONTHS) -> Amounts | None:
        """What the input says was achieved and targeted, of a yearly target so many months; None while something is missing."""
        read = self._read(data)
        return None if read is None else _added(read, months)

    def _read(self, data: Mapping[str, Any]) -> list[PartAmounts] | None:
        """The amounts of the input; without parts as one part without a name. Missing is never zero."""
        given = present(data, frozenset({"parts"} if self.parts else {"actual", "target"}))
        if not given:
            return None
        if not self.parts:
            return [PartAmounts("", [Money(number_at(given, "actual"))], [Money(number_at(given, "target"))], [])]
        try:
            return self._read_parts(mapping(given["parts"]))
        except InputError as error:
            raise error.under("parts") from None

    def _read_parts(self, parts: Mapping[str, Any]) -> list[PartAmounts] | None:
        for name in parts:
            if name not in self.parts:
                raise InputError(str(name), UNKNOWN_KEY)
        yearly = self.cumulative is not None
        read = [_part(name, parts[name], yearly=yearly) for name in self.parts if parts.get(name) is not None]
        known = [part for part in read if part is not None]
        return known if len(known) == len(self.parts) else None

    def compile(self, _: Rounding, /) -> Evaluate:
        """The ratio of actual to target times `full`, then the limits."""
        clamp = Clamp(min=self.min, max=self.max)

        def evaluate(data: Mapping[str, Any], context: ItemContext, trace: Trace | None) -> Exact | Missing:
            read = self._read(data)
            if read is None:
                return Missing.NO_INPUT
            every = [money for part in read for money in (*part.base, *part.growth, *part.actual)]
            if trace is not None:
                note_rates(every, trace)
            if any(money.rate is None for money in every):
                return Missing.NO_INPUT
            months = self.months_counted(context.period)
            amounts = _added(read, months)
            if trace is not None:
                self._note_target(read, amounts, months, trace)
            actual = amounts.actual if self.cumulative is None else self._since_january(amounts, context, trace)
            if actual is None:
                return Missing.NO_INPUT
            if trace is not None:
                trace.add("actual", actual=actual)
            return self._points(actual, amounts.target, clamp, trace)

        return evaluate

    def _points(self, actual: Exact, target: Exact, clamp: Clamp, trace: Trace | None) -> Exact | Missing:
        if target <= 0:
            return Missing.ZERO_TARGET
        points = multiply(self.full, divide(actual, target))
        if trace is not None:
            expression = f"{plain(self.full)} × {plain(actual)} ÷ {plain(target)}"
            trace.add("arithmetic", expression=expression, result=points)
        return clamp.apply(points, trace)

    def _since_january(self, amounts: Amounts, context: ItemContext, trace: Trace | None) -> Exact | None:
        """Add what the earlier periods of the year achieved; None while one of them is known to be missing."""
        window = self.window_before(context.period)
        earlier = {} if window is None else ordered_values(context.history, *window)
        missing = [label for label, value in earlier.items() if value is None]
        if trace is not None:
            self._note_earlier(earlier, amounts.actual, context.period, trace)
        if missing:
            return None
        total: Exact = amounts.actual
        for value in earlier.values():
            total = add(total, value or Decimal(0))
        return total

    def _note_earlier(self, earlier: Mapping[str, Decimal | None], actual: Exact, period: Period, trace: Trace) -> None:
        for label, value in earlier.items():
            if value is None:
                trace.add("contribution", how="missing", period=label)
            else:
                trace.add("contribution", how="earlier", period=label, amount=value)
        trace.add("contribution", how="own", period=period.label, amount=actual)

    def _note_target(self, read: list[PartAmounts], amounts: Amounts, months: int, trace: Trace) -> None:
        for part in read if self.parts else ():
            trace.add(
                "part",
                how="portfolio" if any(money.customers for money in part.base) else None,
                part=part.name,
                base=total_worth(part.base, months),
                growth=total_worth(part.growth, months),
                actual=total_worth(part.actual),
            )
        self._note_share(read, months, trace)
        if self.parts:
            trace.add("target", how="parts", base=amounts.base, growth=amounts.growth, target=amounts.target)
        else:
            trace.add("target", how="given", target=amounts.target)

    def _note_share(self, read: list[PartAmounts], months: int, trace: Trace) -> None:
        """Note where only some of the year's months count, and of which sum."""
        counted: dict[int, Exact] = {}
        for money in (each for part in read for each in (*part.base, *part.growth)):
            counting = months if money.months is None else money.months
            counted[counting] = add(counted.get(counting, Decimal(0)), money.worth)
        for counting, worth in sorted(counted.items(), reverse=True):
            if counting != MONTHS:
                share = multiply(worth, Fraction(counting, MONTHS))
                trace.add("share", year=worth, months=str(counting), amount=share)

    def describe(self, language: Language) -> str:
        """The ratio in words, over which time and against which target, and the limits."""
        phrase = DESCRIBED_PARTS if self.parts else DESCRIBED
        said = phrase.say(language, full=plain(self.full), parts=" + ".join(self.parts))
        if self.targets is Targets.PORTFOLIO:
            said += DESCRIBED_PORTFOLIO.say(language)
        if self.cumulative is not None:
            said += DESCRIBED_CUMULATIVE[self.cumulative].say(language)
        return said + Clamp(min=self.min, max=self.max).describe(language)


def first_of_year(period: Period) -> Period:
    """The first period of that frequency in the same year."""
    return Period.holding(date(period.first_day.year, 1, 1), period.frequency)


def _part(name: str, data: object, *, yearly: bool) -> PartAmounts | None:
    """Actual, base and growth of one part; None where one of the three is not there yet."""
    try:
        given = present(mapping(data), PART_KEYS)
        target = TARGET_KEYS if yearly else TARGET_KEYS - {"months"}
        read = {key: read_money(given, key, frozenset() if key == "actual" else target) for key in given}
    except InputError as error:
        raise error.under(name) from None
    return PartAmounts(name, **read) if len(read) == len(PART_KEYS) else None


def _added(read: list[PartAmounts], months: int) -> Amounts:
    """Add the parts up, of the yearly sides of the target what counts."""
    return Amounts(
        reduce(EXACT.add, (money.worth for part in read for money in part.actual), Decimal(0)),
        total_worth([money for part in read for money in part.base], months),
        total_worth([money for part in read for money in part.growth], months),
    )
