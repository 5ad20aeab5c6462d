"""`attainment`: what was achieved, measured against a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from workflow.numbers import EXACT, Exact, Rounding, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import list_at, mapping, number_at, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import IS_REQUIRED, MUST_BE_POSITIVE, UNKNOWN_KEY, Code, Positive
from workflow.scoring.rules.base import Clamp, Evaluate, ItemContext, Rule, check_limits
from workflow.wording import Language, Phrase

PART_TWICE = Phrase("重复", "is used twice")
PART_KEYS = frozenset({"base", "growth", "actual"})
MONEY_KEYS = frozenset({"amount", "currency", "rate", "on"})
DESCRIBED = Phrase("{full} 分 × 实际 ÷ 目标", "{full} × actual ÷ target")
DESCRIBED_PARTS = Phrase(
    "{full} 分 × 实际 ÷ 目标,目标 = 基数 + 增量,合计 {parts}",
    "{full} × actual ÷ target; target = base + growth, summed over {parts}",
)


class Amounts(NamedTuple):
    """What was achieved, and the two sides of the target; without parts the target stands as base."""

    actual: Decimal
    base: Decimal
    growth: Decimal

    @property
    def target(self) -> Decimal:
        """What was to be achieved."""
        return EXACT.add(self.base, self.growth)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainmentRule(Rule):
    """`full` × actual ÷ target, clamped; with parts the target is base plus growth (source: 银行客户经理绩效考核办法, 三)."""

    kind: ClassVar[str] = "attainment"

    full: Positive
    min: Decimal | None = None
    max: Decimal | None = None
    parts: tuple[Code, ...] = ()

    def check(self) -> None:
        """The limits must be in order, each part named once."""
        check_limits(self.min, self.max)
        for place, part in enumerate(self.parts):
            if part in self.parts[:place]:
                raise SchemeError(f"parts[{place}]", PART_TWICE)

    @property
    def most(self) -> Decimal | None:
        """The upper limit."""
        return self.max

    def amounts(self, data: Mapping[str, Any]) -> Amounts | None:
        """What the input says was achieved and targeted; None where something is still missing, never zero."""
        given = present(data, frozenset({"parts"} if self.parts else {"actual", "target"}))
        if not given:
            return None
        if not self.parts:
            return Amounts(number_at(given, "actual"), number_at(given, "target"), Decimal(0))
        try:
            return self._over_parts(mapping(given["parts"]))
        except InputError as error:
            raise error.under("parts") from None

    def _over_parts(self, parts: Mapping[str, Any]) -> Amounts | None:
        for name in parts:
            if name not in self.parts:
                raise InputError(str(name), UNKNOWN_KEY)
        read = [_part(name, parts[name]) for name in self.parts if parts.get(name) is not None]
        known = [part for part in read if part is not None]
        if len(known) < len(self.parts):
            return None
        return Amounts(*(sum(column, Decimal(0)) for column in zip(*known, strict=True)))

    def compile(self, _: Rounding, /) -> Evaluate:
        """The ratio of actual to target times `full`, then the limits."""
        clamp = Clamp(min=self.min, max=self.max)

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            amounts = self.amounts(data)
            if amounts is None:
                return Missing.NO_INPUT
            if trace is not None:
                self._note(amounts, trace)
            if amounts.target <= 0:
                return Missing.ZERO_TARGET
            points = multiply(self.full, divide(amounts.actual, amounts.target))
            if trace is not None:
                expression = f"{plain(self.full)} × {plain(amounts.actual)} ÷ {plain(amounts.target)}"
                trace.add("arithmetic", expression=expression, result=points)
            return clamp.apply(points, trace)

        return evaluate

    def _note(self, amounts: Amounts, trace: Trace) -> None:
        if self.parts:
            trace.add("target", how="parts", base=amounts.base, growth=amounts.growth, target=amounts.target)
        else:
            trace.add("target", how="given", target=amounts.target)
        trace.add("actual", actual=amounts.actual)

    def describe(self, language: Language) -> str:
        """The ratio in words, and the limits."""
        phrase = DESCRIBED_PARTS if self.parts else DESCRIBED
        said = phrase.say(language, full=plain(self.full), parts=" + ".join(self.parts))
        return said + Clamp(min=self.min, max=self.max).describe(language)


def _part(name: str, data: object) -> tuple[Decimal, Decimal, Decimal] | None:
    """Actual, base and growth of one part; None where one of the three is not there yet."""
    try:
        given = present(mapping(data), PART_KEYS)
        sums = {key: _sum_of(key, list_at(given, key)) for key in given}
    except InputError as error:
        raise error.under(name) from None
    return (sums["actual"], sums["base"], sums["growth"]) if len(sums) == len(PART_KEYS) else None


def _sum_of(key: str, amounts: Sequence[Any]) -> Decimal:
    total = Decimal(0)
    for place, amount in enumerate(amounts):
        try:
            total = EXACT.add(total, _amount(amount))
        except InputError as error:
            raise error.under(f"{key}[{place}]") from None
    return total


def _amount(data: object) -> Decimal:
    """A number in the company's currency, or `{amount, currency, rate}` at the rate of its day."""
    if not isinstance(data, Mapping):
        return number_at({"": data}, "")
    fields = present(data, MONEY_KEYS)
    text_at(fields, "currency", IS_REQUIRED)
    rate = number_at(fields, "rate")
    if rate <= 0:
        raise InputError("rate", MUST_BE_POSITIVE)
    return EXACT.multiply(number_at(fields, "amount"), rate)
