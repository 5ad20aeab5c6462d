"""`bands`: the first band that the value reaches gives the points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from operator import ge, le
from typing import Annotated, Any, ClassVar

from workflow.numbers import Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import SchemeError
from workflow.scoring.inputs import number_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.parts import NOT_EMPTY
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

NOT_BEST_FIRST = Phrase("各档必须从最好的开始依次排列", "the bands must be listed best first")
REACHES = Phrase("≥ {bound} 得 {points} 分", "≥ {bound}: {points}")
WITHIN = Phrase("≤ {bound} 得 {points} 分", "≤ {bound}: {points}")
OTHERWISE = Phrase("其余 {points} 分", "otherwise {points}")


class Better(StrEnum):
    """Which way a measured value improves."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsRule(Rule):
    """Bands of `[bound, points]`, best first; reached at `>=` where higher is better, `<=` where lower is."""

    kind: ClassVar[str] = "bands"
    may_hold: ClassVar[bool] = True
    keys: ClassVar[frozenset[str]] = frozenset({"value"})

    better: Better
    bands: Annotated[tuple[tuple[Decimal, Decimal], ...], NOT_EMPTY]
    otherwise: Decimal = Decimal(0)

    def check(self) -> None:
        """The bands must be listed best first."""
        for place, ((bound, points), (next_bound, next_points)) in enumerate(pairwise(self.bands)):
            is_better = bound > next_bound if self.better is Better.HIGHER else bound < next_bound
            if not is_better or points < next_points:
                raise SchemeError(f"bands[{place + 1}]", NOT_BEST_FIRST)

    @property
    def most(self) -> Decimal:
        """The most that a band gives."""
        return max(self.otherwise, *(points for _, points in self.bands))

    def compile(self, _: Rounding, /) -> Evaluate:
        """The points of the first band that the value reaches."""
        reaches = ge if self.better is Better.HIGHER else le

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, self.keys)
            if not data:
                return Missing.NO_INPUT
            value = number_at(data, "value")
            reached = next(((bound, points) for bound, points in self.bands if reaches(value, bound)), None)
            if trace is not None:
                self._note(value, reached, trace)
            return self.otherwise if reached is None else reached[1]

        return evaluate

    def _note(self, value: Decimal, reached: tuple[Decimal, Decimal] | None, trace: Trace) -> None:
        trace.add("value", value=value, unit=trace.unit)
        if reached is None:
            trace.add("band", how="otherwise", points=self.otherwise)
        else:
            trace.add("band", how=self.better.value, reached=reached[0], points=reached[1])

    def describe(self, language: Language) -> str:
        """The bands, best first."""
        phrase = REACHES if self.better is Better.HIGHER else WITHIN
        said = [phrase.say(language, bound=plain(bound), points=plain(points)) for bound, points in self.bands]
        said.append(OTHERWISE.say(language, points=plain(self.otherwise)))
        return (", " if language is Language.EN else ",").join(said)
