"""What every rule is: parameters that can't be invalid, and a function from input to exact points."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from workflow.numbers import Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import SchemeError
from workflow.scoring.missing import Missing
from workflow.scoring.parts import Part, Tagged
from workflow.scoring.periods import Frequency, Period
from workflow.wording import Language, Phrase

MIN_ABOVE_MAX = Phrase("不得大于 max", "must not be greater than max")

NOTHING: Mapping[str, Any] = MappingProxyType({})


class ItemContext(NamedTuple):
    """What an item may draw on besides its input.

    `history` maps the labels of earlier periods to the value, or to a list of values where the rule's scope is wider
    than the subject; `members`, `ratings` and `totals` feed derived items; `source` tells the reader of
    the basis who or which record supplied the input.
    """

    period: Period
    level: str | None = None
    history: Mapping[str, Any] = NOTHING
    members: list[Any] | None = None
    ratings: list[Any] | None = None
    totals: list[Any] | None = None
    source: str | None = None


Evaluate = Callable[[Mapping[str, Any], ItemContext, Trace | None], Exact | Missing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Tagged):
    """One way from an input to points; `kind` names it, its fields are its parameters."""

    kind: ClassVar[str]
    # The attribute of ItemContext that feeds a derived rule in place of an input by hand.
    derived_from: ClassVar[str | None] = None
    # Whether the input is one measured value, which may count in several periods.
    may_hold: ClassVar[bool] = False

    @property
    def table(self) -> tuple[str, Mapping[str, Decimal]]:
        """Where one text alone decides: its key and the points by text, which the engine looks up. Else empty."""
        return "", NOTHING

    @property
    @abstractmethod
    def most(self) -> Decimal | None:
        """The most points the rule can give before the weight; None where nothing bounds it."""

    @abstractmethod
    def compile(self, rounding: Rounding, /) -> Evaluate:
        """The function from a non-empty input to exact points or to the reason why there are none.

        It raises InputError, with the path inside the input, for an input that is wrong.
        """

    @abstractmethod
    def describe(self, language: Language) -> str:
        """The rule in words, as shown beside the item and on the printed form."""

    @property
    def warnings(self) -> tuple[tuple[str, Phrase], ...]:
        """What is allowed but probably not meant: the parameter and the sentence."""
        return ()

    def check_frequency(self, frequency: Frequency) -> None:
        """Refuse parameters that don't fit how often the scheme appraises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamp(Part):
    """A lower and an upper limit, either of which may be absent."""

    min: Decimal | None = None
    max: Decimal | None = None

    def check(self) -> None:
        """Refuse limits that are out of order."""
        check_limits(self.min, self.max)

    def apply(self, value: Exact, trace: Trace | None) -> Exact:
        """The value inside the limits; the limits are noted in the basis also where they change nothing."""
        if trace is not None:
            self._note(value, trace)
        if self.min is not None and value < self.min:
            return self.min
        if self.max is not None and value > self.max:
            return self.max
        return value

    def most(self, reached: Decimal | None) -> Decimal | None:
        """The most that is left of what a rule can reach; None is without bound."""
        if reached is None or (self.max is not None and reached > self.max):
            return self.max
        return reached if self.min is None else max(reached, self.min)

    def _note(self, value: Exact, trace: Trace) -> None:
        if self.min is not None and value < self.min:
            trace.add("clamp", how="below", min=self.min)
        elif self.max is not None and value > self.max:
            trace.add("clamp", how="above", max=self.max)
        elif self.min is not None and self.max is not None:
            trace.add("clamp", how="within", min=self.min, max=self.max)
        elif self.max is not None:
            trace.add("clamp", how="under", max=self.max)
        elif self.min is not None:
            trace.add("clamp", how="over", min=self.min)

    def describe(self, language: Language) -> str:
        """The limits in words, behind a separator; empty where there are none."""
        phrases = [(self.max, UPPER), (self.min, LOWER)]
        return "".join(phrase.say(language, limit=plain(limit)) for limit, phrase in phrases if limit is not None)


UPPER = Phrase(",{limit} 分为上限", ", at most {limit}")
LOWER = Phrase(",不低于 {limit} 分", ", at least {limit}")


def check_limits(low: Decimal | None, high: Decimal | None) -> None:
    """Refuse a lower limit above the upper one."""
    if low is not None and high is not None and low > high:
        raise SchemeError("min", MIN_ABOVE_MAX)


def signed(number: Exact) -> str:
    """A number with its sign, for additions and deductions."""
    return plain(number) if number < 0 else f"+{plain(number)}"
