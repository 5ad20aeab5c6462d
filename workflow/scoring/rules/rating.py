"""`rating`: a person picks a level, the level has points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from workflow.numbers import Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import present, reason_at, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_BE_ONE_OF, NOT_EMPTY, Text
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

LEVEL = Phrase("{level} {points} 分", "{level} {points}")
REASON_FOR = Phrase("(评{levels}须说明理由)", " (a reason is needed for {levels})")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRule(Rule):
    """Points by level; levels in `reason_for` need a reason."""

    kind: ClassVar[str] = "rating"
    keys: ClassVar[frozenset[str]] = frozenset({"level", "reason"})

    levels: Annotated[Mapping[Text, Decimal], NOT_EMPTY]
    reason_for: tuple[str, ...] = ()

    def check(self) -> None:
        """Every level that needs a reason must be one of the levels."""
        for place, level in enumerate(self.reason_for):
            if level not in self.levels:
                raise SchemeError(f"reason_for[{place}]", MUST_BE_ONE_OF, choices=" / ".join(self.levels))

    @property
    def most(self) -> Decimal:
        """The points of the best level."""
        return max(self.levels.values())

    @property
    def table(self) -> tuple[str, Mapping[str, Decimal]]:
        """The levels that need no reason."""
        return "level", {level: points for level, points in self.levels.items() if level not in self.reason_for}

    def compile(self, _: Rounding, /) -> Evaluate:
        """The level's points, with the reason checked."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            return self._evaluate(present(data, self.keys), trace)

        return evaluate

    def _evaluate(self, data: Mapping[str, Any], trace: Trace | None) -> Exact | Missing:
        if not data:
            return Missing.NO_INPUT
        level = text_at(data, "level")
        if level not in self.levels:
            raise InputError("level", MUST_BE_ONE_OF, choices=" / ".join(self.levels))
        reason = reason_at(data, required=level in self.reason_for)
        if trace is not None:
            trace.add("level", level=level, points=self.levels[level])
            if reason is not None:
                trace.add("reason", reason=reason)
        return self.levels[level]

    def describe(self, language: Language) -> str:
        """The levels with their points, best first."""
        best_first = sorted(self.levels.items(), key=lambda pair: -pair[1])
        comma, and_ = (", ", ", ") if language is Language.EN else (",", "、")
        said = comma.join(LEVEL.say(language, level=level, points=plain(points)) for level, points in best_first)
        return said + (REASON_FOR.say(language, levels=and_.join(self.reason_for)) if self.reason_for else "")
