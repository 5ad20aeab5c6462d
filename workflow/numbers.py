"""Exact decimals: read from their text, rounded once, printed plainly."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from workflow.wording import Language, Phrase

MAX_DIGITS = 28
MAX_EXPONENT = 15
MAX_TEXT = 100

# Wide enough that sums and products of a few numbers in range come out exact.
EXACT = Context(prec=1000, Emin=-9999, Emax=9999)

Exact = Decimal | Fraction

NOT_A_NUMBER = Phrase("不是数字", "is not a number")
OUT_OF_RANGE = Phrase(
    "超出数字范围(最多 28 位有效数字,指数在 ±15 之内)", "is out of range (at most 28 digits, exponent within ±15)"
)

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SHOWN_PLACES = 6


class NumberError(ValueError):
    """A text or value that is no number in range; `phrase` says why in both languages."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.say(Language.EN))
        self.phrase = phrase


class NumberText(str):
    """A number of a JSON or YAML document, kept as its text: never a float, and told apart from quoted text."""

    __slots__ = ()


def parse_number(value: object) -> Decimal:
    """Read an exact decimal from text, an integer or a Decimal; raises NumberError for anything else or out of range."""
    if isinstance(value, str):
        return parse_text(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return _in_range(Decimal(value))
    raise NumberError(NOT_A_NUMBER)


@lru_cache(maxsize=1 << 16)
def parse_text(text: str) -> Decimal:
    """Read an exact decimal from text; texts met before are remembered. Raises NumberError."""
    if len(text) > MAX_TEXT:
        raise NumberError(OUT_OF_RANGE)
    if not _NUMBER.fullmatch(text):
        raise NumberError(NOT_A_NUMBER)
    return _in_range(Decimal(text))


def _in_range(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise NumberError(NOT_A_NUMBER)
    _, digits, exponent = number.as_tuple()
    if len(digits) > MAX_DIGITS or abs(int(exponent)) > MAX_EXPONENT:
        raise NumberError(OUT_OF_RANGE)
    return number if number else abs(number)


def divide(dividend: Exact, divisor: Exact) -> Fraction:
    """Divide without loss; raises ZeroDivisionError for a zero divisor."""
    (over, under), (by_over, by_under) = dividend.as_integer_ratio(), divisor.as_integer_ratio()
    return Fraction(over * by_under, under * by_over)


def add(one: Exact, other: Exact) -> Exact:
    """Add without loss."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return EXACT.add(one, other)
    (over, under), (by_over, by_under) = one.as_integer_ratio(), other.as_integer_ratio()
    return Fraction(over * by_under + by_over * under, under * by_under)


def multiply(one: Exact, other: Exact) -> Exact:
    """Multiply without loss."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return EXACT.multiply(one, other)
    (over, under), (by_over, by_under) = one.as_integer_ratio(), other.as_integer_ratio()
    return Fraction(over * by_over, under * by_under)


def plain(number: Exact) -> str:
    """Print a number in full without an exponent; a ratio that never ends is cut to six places and marked with ≈."""
    if isinstance(number, Decimal):
        return format(number if number else abs(number), "f")
    finite = _as_decimal(number)
    if finite is not None:
        return plain(finite)
    shown = Rounding(step=Decimal(1).scaleb(-_SHOWN_PLACES)).round(number)
    return f"≈{shown:f}"


def _as_decimal(ratio: Fraction) -> Decimal | None:
    """The decimal equal to `ratio` where its digits end within the printed range, else None."""
    places = 0
    denominator = ratio.denominator
    while denominator % 10 == 0 or denominator % 5 == 0 or denominator % 2 == 0:
        denominator //= 10 if denominator % 10 == 0 else 5 if denominator % 5 == 0 else 2
        places += 1
    if denominator != 1 or places > MAX_DIGITS:
        return None
    scaled = ratio * 10**places
    return Decimal(scaled.numerator).scaleb(-places, context=EXACT)


class RoundingMode(StrEnum):
    """How a value between two steps is settled; half-up means away from zero at the half."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    DOWN = "down"


_DECIMAL_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """The step to which points are rounded, once, and the rule for the middle; a step of 0 or less raises ValueError."""

    step: Decimal = Decimal("0.01")
    mode: RoundingMode = RoundingMode.HALF_UP

    def __post_init__(self) -> None:
        if not (self.step.is_finite() and self.step > 0):
            raise ValueError("step must be greater than 0")

    @property
    def places(self) -> int:
        """The decimals with which points are printed: those of the step as it is written."""
        return max(0, -int(self.step.as_tuple().exponent))

    @property
    def quantum(self) -> Decimal:
        """One unit of the last printed decimal."""
        return Decimal(1).scaleb(-self.places)

    @property
    def decimal_mode(self) -> str:
        """The mode by its name in `decimal`."""
        return _DECIMAL_MODES[self.mode]

    def round(self, value: Exact) -> Decimal:
        """Round an exact value to the step, as if computed exactly and rounded once; never gives -0."""
        return self.compile()(value)

    def compile(self) -> Callable[[Exact], Decimal]:
        """The same as a function, for who rounds often."""
        quantum, mode, zero = self.quantum, self.decimal_mode, abs(self.quantum * 0)
        step_over, step_under = self.step.as_integer_ratio()
        is_quantum = self.step == quantum

        def rounded(value: Exact) -> Decimal:
            if is_quantum and value.__class__ is Decimal:
                return value.quantize(quantum, mode, EXACT) or zero
            over, under = value.as_integer_ratio()
            steps = Decimal(_whole(over * step_under, under * step_over, self.mode))
            return EXACT.multiply(steps, self.step).quantize(quantum, context=EXACT) or zero

        return rounded

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies on the step."""
        return EXACT.remainder(value, self.step) == 0

    def show(self, points: Decimal) -> str:
        """Print points with the step's decimals."""
        return plain(self.round(points))


def _whole(over: int, under: int, mode: RoundingMode) -> int:
    """Round a ratio, whose lower number is positive, to a whole number."""
    if mode is RoundingMode.HALF_EVEN:
        return round(Fraction(over, under))
    whole = abs(over) // under if mode is RoundingMode.DOWN else (2 * abs(over) + under) // (2 * under)
    return whole if over >= 0 else -whole
