"""工作日历: a year by its months, with the days that are not what their weekday says."""

from calendar import Calendar
from collections.abc import Iterator, Mapping
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.models.calendar import CalendarDay
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today
from workflow.pages.views.calendar import CalendarPage, DayRow, Month, MonthDay
from workflow.pages.views.shell import Option
from workflow.policy import COMPANY, Action, decide_unit
from workflow.services.plans import maintain_calendar
from workflow.services.plans.maintain_calendar import DAY_KIND_NAMES, DayKind

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS = range(1, 13)
SATURDAY = 5


@blueprint.get("/manage/calendar")
def calendar() -> ResponseReturnValue:
    """Show a year: holidays, worked weekends, and all that are as usual."""
    asked, now = request.args.get("year", ""), today()
    year = int(asked) if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked) <= LAST_YEAR else now.year
    rows = maintain_calendar.days_of(year)
    said = {row.day: row for row in rows}
    language = web.language()
    page = CalendarPage(
        year=year,
        today=now,
        months=tuple(Month(month, tuple(_weeks(year, month, said))) for month in MONTHS),
        rows=tuple(
            DayRow(row.day, row.kind, DAY_KIND_NAMES[DayKind(row.kind)].say(language), row.title, row.version)
            for row in rows
        ),
        kinds=tuple(Option(kind, name.say(language)) for kind, name in DAY_KIND_NAMES.items()),
        may_edit=decide_unit(web.actor(), Action.CALENDAR_WRITE, COMPANY) is None,
    )
    return render_template("manage/calendar.html", page=page)


def _weeks(year: int, month: int, said: Mapping[date, CalendarDay]) -> Iterator[tuple[MonthDay | None, ...]]:
    """Give the weeks of a month from Monday on, with None for the days of its neighbours."""
    for week in Calendar().monthdatescalendar(year, month):
        yield tuple(_day(day, said.get(day)) if day.month == month else None for day in week)


def _day(day: date, row: CalendarDay | None) -> MonthDay:
    if row is None or row.kind == DayKind.USUAL:
        return MonthDay(day, "rest" if day.weekday() >= SATURDAY else "")
    return MonthDay(day, row.kind, row.title)
