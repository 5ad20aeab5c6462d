"""Periods by their labels: 2026-10-05, 2026-10, 2026-Q4, 2026-H2, 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from workflow.wording import Language, Phrase

NOT_A_PERIOD = Phrase(
    "不是期间(应如 2026-10-05、2026-10、2026-Q4、2026-H2、2026)",
    "is not a period (like 2026-10-05, 2026-10, 2026-Q4, 2026-H2 or 2026)",
)
NOT_COMPARABLE = Phrase("期间的频次不同", "the periods are of different frequencies")


class PeriodError(ValueError):
    """A label that names no period, or periods that can't be compared."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.say(Language.EN))
        self.phrase = phrase


class Frequency(StrEnum):
    """How often something is appraised."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


FREQUENCY_NAMES = {
    Frequency.DAY: Phrase("日", "day"),
    Frequency.MONTH: Phrase("月", "month"),
    Frequency.QUARTER: Phrase("季度", "quarter"),
    Frequency.HALF_YEAR: Phrase("半年", "half-year"),
    Frequency.YEAR: Phrase("年", "year"),
}

_MONTHS = 12

# How many periods of a frequency a year has, and how many months each lasts; days are counted by the calendar.
_PER_YEAR = {Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.HALF_YEAR: 2, Frequency.YEAR: 1}

# How the place inside the year is written behind the year.
_PLACES = {Frequency.MONTH: "-{:02}", Frequency.QUARTER: "-Q{}", Frequency.HALF_YEAR: "-H{}", Frequency.YEAR: ""}

_LABELS = (
    (Frequency.DAY, re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")),
    (Frequency.MONTH, re.compile(r"([0-9]{4})-([0-9]{2})")),
    (Frequency.QUARTER, re.compile(r"([0-9]{4})-Q([1-4])")),
    (Frequency.HALF_YEAR, re.compile(r"([0-9]{4})-H([12])")),
    (Frequency.YEAR, re.compile(r"([0-9]{4})")),
)


@dataclass(frozen=True, slots=True)
class Period:
    """One day, month, quarter, half-year or year; `ordinal` counts the periods of its frequency one by one."""

    frequency: Frequency
    ordinal: int

    def __post_init__(self) -> None:
        if not 1 <= self._year <= date.max.year:
            raise PeriodError(NOT_A_PERIOD)

    @classmethod
    def parse(cls, label: str) -> "Period":
        """Read a label; raises PeriodError for anything else."""
        return _parse(label)

    @classmethod
    def holding(cls, day: date, frequency: Frequency) -> "Period":
        """The period of that frequency in which a day lies."""
        if frequency is Frequency.DAY:
            return cls(frequency, day.toordinal())
        count = _PER_YEAR[frequency]
        return cls(frequency, day.year * count + (day.month - 1) * count // 12)

    @property
    def _year(self) -> int:
        if self.frequency is Frequency.DAY:
            return date.fromordinal(self.ordinal).year if 1 <= self.ordinal <= date.max.toordinal() else 0
        return self.ordinal // _PER_YEAR[self.frequency]

    @property
    def _place(self) -> int:
        """The place inside the year, counted from 0."""
        return self.ordinal % _PER_YEAR[self.frequency]

    @property
    def label(self) -> str:
        """The label, as it is written in files and addresses."""
        return _label(self.frequency, self.ordinal)

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        if self.frequency is Frequency.DAY:
            return date.fromordinal(self.ordinal)
        return date(self._year, self._place * (_MONTHS // _PER_YEAR[self.frequency]) + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        if self.frequency is Frequency.DAY:
            return self.first_day
        last_month = (self._place + 1) * (_MONTHS // _PER_YEAR[self.frequency])
        return (
            date(self._year, _MONTHS, 31)
            if last_month == _MONTHS
            else date(self._year, last_month + 1, 1) - timedelta(days=1)
        )

    def previous(self, count: int = 1) -> "Period":
        """The period `count` places earlier."""
        return Period(self.frequency, self.ordinal - count)

    def next(self, count: int = 1) -> "Period":
        """The period `count` places later."""
        return Period(self.frequency, self.ordinal + count)

    def contains(self, other: "Period | date") -> bool:
        """Whether a day, or every day of another period, lies inside this one."""
        first, last = (other, other) if isinstance(other, date) else (other.first_day, other.last_day)
        return self.first_day <= first and last <= self.last_day

    def __lt__(self, other: "Period") -> bool:
        return self._ordinal_beside(other) < other.ordinal

    def __le__(self, other: "Period") -> bool:
        return self._ordinal_beside(other) <= other.ordinal

    def __gt__(self, other: "Period") -> bool:
        return self._ordinal_beside(other) > other.ordinal

    def __ge__(self, other: "Period") -> bool:
        return self._ordinal_beside(other) >= other.ordinal

    def _ordinal_beside(self, other: "Period") -> int:
        if self.frequency is not other.frequency:
            raise PeriodError(NOT_COMPARABLE)
        return self.ordinal

    def __str__(self) -> str:
        return self.label


@lru_cache(maxsize=4096)
def _label(frequency: Frequency, ordinal: int) -> str:
    if frequency is Frequency.DAY:
        return date.fromordinal(ordinal).isoformat()
    year, place = divmod(ordinal, _PER_YEAR[frequency])
    return f"{year:04}{_PLACES[frequency].format(place + 1)}"


@lru_cache(maxsize=4096)
def _parse(label: str) -> Period:
    for frequency, pattern in _LABELS:
        if match := pattern.fullmatch(label):
            return _made(frequency, *(int(part) for part in match.groups()))
    raise PeriodError(NOT_A_PERIOD)


def _made(frequency: Frequency, year: int, place: int = 1, day: int = 1) -> Period:
    try:
        if frequency is Frequency.DAY:
            return Period(frequency, date(year, place, day).toordinal())
    except ValueError:
        raise PeriodError(NOT_A_PERIOD) from None
    if place < 1 or place > _PER_YEAR[frequency]:
        raise PeriodError(NOT_A_PERIOD)
    return Period(frequency, year * _PER_YEAR[frequency] + place - 1)


def read_label(label: object) -> Period:
    """Read the label of a period from plain data; raises PeriodError for anything else."""
    if not isinstance(label, str):
        raise PeriodError(NOT_A_PERIOD)
    return _parse(label)


def parse_day(label: object) -> date:
    """Read a calendar day like 2026-10-05; raises PeriodError for anything else."""
    period = read_label(label)
    if period.frequency is not Frequency.DAY:
        raise PeriodError(NOT_A_PERIOD)
    return period.first_day
