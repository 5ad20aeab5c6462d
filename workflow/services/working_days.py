"""Working days: Monday to Friday, but for what the company's calendar says: holidays and worked weekends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workflow.models.calendar import CalendarDay
from workflow.models.database import db

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_LONGEST_REST = timedelta(days=60)
"""More days than any run of holidays and weekends adds to a number of working days and half of it again."""

SHANGHAI = ZoneInfo("Asia/Shanghai")

DAYS_TO_ACT = 10
"""Within how many working days of its proposal an action item is due."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How many working days there are to object and to answer, and where the company's days begin."""

    objection_days: int = 5
    answer_days: int = 5
    timezone: tzinfo = SHANGHAI

    def day_of(self, moment: datetime) -> date:
        """Give the company's day on which a moment lies."""
        return moment.astimezone(self.timezone).date()

    def last_day(self, published_at: datetime) -> date:
        """Give the last day on which to object to what was published, or to escalate what was decided, then."""
        return after(self.day_of(published_at), self.objection_days)

    def answer_by(self, asked_at: datetime) -> date:
        """Give the day until which an objection made then is answered."""
        return after(self.day_of(asked_at), self.answer_days)


USUAL = Terms()
"""The terms of the source where a company has set no others."""


def between(first: date, last: date) -> tuple[date, ...]:
    """Give the working days from one day to another, both included, in one query."""
    every = (first + _ONE_DAY * count for count in range((last - first).days + 1))
    said = _said_of(first, last)
    return tuple(day for day in every if _is_worked(day, said))


def after(day: date, count: int) -> date:
    """Give the day that is so many working days after this one, in one query."""
    until = day + timedelta(days=2 * count) + _LONGEST_REST
    said = _said_of(day + _ONE_DAY, until)
    while count:
        day += _ONE_DAY
        count -= _is_worked(day, said)
    return day


def on_or_after(day: date) -> date:
    """Give the day itself if it is worked, else the next working day."""
    return after(day - _ONE_DAY, 1)


def _said_of(first: date, last: date) -> dict[date, str]:
    """Give what the calendar says of the days from one to another."""
    query = select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.day >= first, CalendarDay.day <= last)
    return dict(db.session.execute(query).all())


def _is_worked(day: date, said: Mapping[date, str]) -> bool:
    kind = said.get(day, "usual")
    return day.weekday() < _SATURDAY if kind == "usual" else kind == "workday"
