"""工作日历: a year of working days."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month: nothing for a working day, `rest` for a weekend, else `holiday` or `workday` with its title."""

    day: date
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its weeks from Monday on; None stands for days of other months."""

    number: int
    weeks: tuple[tuple[MonthDay | None, ...], ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is not, or was by mistake not, what its weekday says."""

    day: date
    kind: str
    kind_name: str
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """One year of the calendar, and the forms for who may change it."""

    year: int
    today: date
    months: tuple[Month, ...]
    rows: tuple[DayRow, ...]
    kinds: tuple[Option, ...]
    may_edit: bool
