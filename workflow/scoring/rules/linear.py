"""`linear`: straight lines between given points, flat outside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar

from workflow.numbers import Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import SchemeError
from workflow.scoring.inputs import number_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

TOO_SHORT = Phrase("至少要有两个点", "needs at least two points")
NOT_INCREASING = Phrase("横坐标必须依次增大", "must lie to the right of the point before")
FEWEST = 2

FIRST = Phrase("{x} 及以下 {y} 分", "up to {x}: {y}")
MIDDLE = Phrase("{x} 处 {y} 分", "at {x}: {y}")
LAST = Phrase("{x} 及以上 {y} 分,其间按直线折算", "from {x}: {y}; straight lines between")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearRule(Rule):
    """Points on the lines through `through`; left of the first its y, right of the last its y."""

    kind: ClassVar[str] = "linear"
    may_hold: ClassVar[bool] = True
    keys: ClassVar[frozenset[str]] = frozenset({"value"})

    through: tuple[tuple[Decimal, Decimal], ...]

    def check(self) -> None:
        """At least two points, each to the right of the one before."""
        if len(self.through) < FEWEST:
            raise SchemeError("through", TOO_SHORT)
        for place, (left, right) in enumerate(pairwise(self.through)):
            if left[0] >= right[0]:
                raise SchemeError(f"through[{place + 1}]", NOT_INCREASING)

    @property
    def most(self) -> Decimal:
        """The highest of the points."""
        return max(y for _, y in self.through)

    def compile(self, _: Rounding, /) -> Evaluate:
        """The height of the line at the value."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, self.keys)
            if not data:
                return Missing.NO_INPUT
            value = number_at(data, "value")
            if trace is not None:
                trace.add("value", value=value, unit=trace.unit)
            return self._points(value, trace)

        return evaluate

    def _points(self, value: Decimal, trace: Trace | None) -> Exact:
        for how, (x, y), is_beyond in (
            ("left", self.through[0], value <= self.through[0][0]),
            ("right", self.through[-1], value >= self.through[-1][0]),
        ):
            if is_beyond:
                if trace is not None:
                    trace.add(how, x=x, points=y)
                return y
        line = next(line for line in pairwise(self.through) if value < line[1][0])
        return _on_line(value, *line, trace)

    def describe(self, language: Language) -> str:
        """The points between which the lines run."""
        last = len(self.through) - 1
        phrases = [FIRST if place == 0 else LAST if place == last else MIDDLE for place in range(last + 1)]
        comma = ", " if language is Language.EN else ","
        return comma.join(
            phrase.say(language, x=plain(x), y=plain(y)) for phrase, (x, y) in zip(phrases, self.through, strict=True)
        )


def _on_line(
    value: Decimal, left: tuple[Decimal, Decimal], right: tuple[Decimal, Decimal], trace: Trace | None
) -> Exact:
    (x1, y1), (x2, y2) = left, right
    result = add(y1, divide(multiply(value - x1, y2 - y1), x2 - x1))
    if trace is not None:
        trace.add("between", x1=x1, y1=y1, x2=x2, y2=y2)
        shown = [plain(number) for number in (y1, value, x1, y2, y1, x2, x1)]
        expression = "{} + ({} - {}) × ({} - {}) ÷ ({} - {})".format(*shown)
        trace.add("arithmetic", expression=expression, result=result)
    return result
