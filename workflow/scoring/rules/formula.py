"""`formula`: an expression over named inputs, for what no other rule says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from workflow.numbers import OUT_OF_RANGE, Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import number_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.parts import NOT_EMPTY, Text
from workflow.scoring.rules.base import Clamp, Evaluate, ItemContext, Rule, check_limits
from workflow.scoring.rules.expression import RESERVED, ExpressionError, Node, parse_expression
from workflow.wording import Language, Phrase

NAME = Phrase(
    "必须是名称(字母、数字、下划线,不与运算词重名)",
    "must be a name (letters, digits, _) that is no word of the language",
)
NAME_TWICE = Phrase("重复", "is used twice")
LARGEST = Fraction(10) ** 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaRule(Rule):
    """The expression's value, clamped; every named input is needed. Full marks are known only with `max`."""

    kind: ClassVar[str] = "formula"

    inputs: Annotated[tuple[str, ...], NOT_EMPTY]
    expression: Text
    min: Decimal | None = None
    max: Decimal | None = None

    def check(self) -> None:
        """Limits in order, inputs that are names, and an expression that can be read."""
        check_limits(self.min, self.max)
        for place, name in enumerate(self.inputs):
            if not name.isidentifier() or name in RESERVED or name == "not_applicable":
                raise SchemeError(f"inputs[{place}]", NAME)
            if name in self.inputs[:place]:
                raise SchemeError(f"inputs[{place}]", NAME_TWICE)
        self._parse(Rounding())

    @property
    def most(self) -> Decimal | None:
        """The upper limit; an expression alone bounds nothing."""
        return self.max

    def _parse(self, rounding: Rounding) -> Node:
        def round_to(value: Fraction, places: int) -> Fraction:
            step = Decimal(1).scaleb(-places)
            return Fraction(Rounding(step=step, mode=rounding.mode).round(value))

        try:
            return parse_expression(self.expression, self.inputs, round_to)
        except ExpressionError as error:
            raise SchemeError("expression", error.phrase, token=error.token) from None

    def compile(self, rounding: Rounding, /) -> Evaluate:
        """The value of the expression, inside the limits; a division by zero leaves the item incomplete."""
        node = self._parse(rounding)
        clamp = Clamp(min=self.min, max=self.max)
        keys = frozenset(self.inputs)

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, keys)
            inputs = {name: number_at(data, name) for name in self.inputs if name in data}
            if len(inputs) < len(self.inputs):
                return Missing.NO_INPUT
            if trace is not None:
                trace.add("inputs", inputs=", ".join(f"{name} = {plain(number)}" for name, number in inputs.items()))
            return self._value(node, inputs, clamp, trace)

        return evaluate

    def _value(self, node: Node, inputs: Mapping[str, Decimal], clamp: Clamp, trace: Trace | None) -> Exact | Missing:
        try:
            value = node({name: Fraction(number) for name, number in inputs.items()})
        except ZeroDivisionError:
            return Missing.ZERO_DIVISOR
        if abs(value) > LARGEST:
            raise InputError("", OUT_OF_RANGE)
        if trace is not None:
            trace.add("arithmetic", expression=self.expression, result=value)
        return clamp.apply(value, trace)

    def describe(self, language: Language) -> str:
        """The expression and its limits."""
        return self.expression + Clamp(min=self.min, max=self.max).describe(language)
