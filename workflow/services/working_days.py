"""Working days: Monday to Friday, until the company has a calendar of its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

DAYS_TO_ACT = 10
"""Within how many working days of its proposal an action item is due."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How many working days there are to object to what was published, and where the company's days begin."""

    objection_days: int = 5
    timezone: tzinfo = SHANGHAI

    def day_of(self, moment: datetime) -> date:
        """Give the company's day on which a moment lies."""
        return moment.astimezone(self.timezone).date()

    def is_over(self, published_at: datetime, now: datetime) -> bool:
        """Say whether the last day for objections has passed."""
        return self.day_of(now) > after(self.day_of(published_at), self.objection_days)


USUAL = Terms()
"""The terms of the source where a company has set no others."""


def between(first: date, last: date) -> tuple[date, ...]:
    """Give the working days from one day to another, both included."""
    every = (first + _ONE_DAY * count for count in range((last - first).days + 1))
    return tuple(day for day in every if day.weekday() < _SATURDAY)


def after(day: date, count: int) -> date:
    """Give the day that is so many working days after this one."""
    while count:
        day += _ONE_DAY
        count -= day.weekday() < _SATURDAY
    return day
