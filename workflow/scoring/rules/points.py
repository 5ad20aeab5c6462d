"""`points`: a person gives the points themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from workflow.numbers import EXACT, Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import number_at, present, reason_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import Positive
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule, check_limits
from workflow.wording import Language, Phrase

OUTSIDE = Phrase("必须在 {min} 至 {max} 之间", "must be from {min} to {max}")
OFF_STEP = Phrase("必须是 {step} 的整数倍", "must be a multiple of {step}")
GIVEN = Phrase(
    "{min} 至 {max} 分,以 {step} 分为单位,未给满分须说明理由",
    "{min} to {max} in steps of {step}; anything below the most needs a reason",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRule(Rule):
    """Points as given, from `min` to `max` in steps; less than `max` needs a reason."""

    kind: ClassVar[str] = "points"
    keys: ClassVar[frozenset[str]] = frozenset({"points", "reason"})

    min: Decimal = Decimal(0)
    max: Decimal
    step: Positive = Decimal(1)

    def check(self) -> None:
        """The limits must be in order."""
        check_limits(self.min, self.max)

    @property
    def most(self) -> Decimal:
        """The upper limit."""
        return self.max

    def compile(self, _: Rounding, /) -> Evaluate:
        """The points as given, with range, step and reason checked."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            return self._evaluate(present(data, self.keys), trace)

        return evaluate

    def _evaluate(self, data: Mapping[str, Any], trace: Trace | None) -> Exact | Missing:
        if not data:
            return Missing.NO_INPUT
        points = number_at(data, "points")
        if not self.min <= points <= self.max:
            raise InputError("points", OUTSIDE, min=plain(self.min), max=plain(self.max))
        if EXACT.remainder(EXACT.subtract(points, self.min), self.step):
            raise InputError("points", OFF_STEP, step=plain(self.step))
        reason = reason_at(data, required=points < self.max)
        if trace is not None:
            trace.add("given", points=points, max=self.max)
            if reason is not None:
                trace.add("reason", reason=reason)
        return points

    def describe(self, language: Language) -> str:
        """The range, the step, and when a reason is needed."""
        return GIVEN.say(language, min=plain(self.min), max=plain(self.max), step=plain(self.step))
