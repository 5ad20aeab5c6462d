"""The company's calendar of working days: holidays and worked weekends."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.declaring import Access
from workflow.api.fields import Choice, Day, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_calendar
from workflow.api.paging import PageQuery
from workflow.api.reading import day_of, seen_version
from workflow.policy import COMPANY, Action
from workflow.services.paging import PageAsked
from workflow.services.plans import maintain_calendar
from workflow.services.plans.maintain_calendar import TITLE_LENGTH, CalendarWanted, DayKind

resource = Resource("calendar", "工作日历 / Calendar of working days")


class CalendarQuery(PageQuery):
    """Which part of the calendar, both days included."""

    since = Day(data_key="from")
    until = Day(data_key="to")


class NewDaySchema(Schema):
    """A day that is not what its weekday says."""

    day = Day(required=True)
    kind = Choice(DayKind, required=True)
    title = Text(TITLE_LENGTH, least=1, required=True)


class ChangeDaySchema(Schema):
    """What changes of a day; `usual` takes a mistake back."""

    kind = Choice(DayKind)
    title = Text(TITLE_LENGTH, least=1)


class DaySchema(Schema):
    """A day of the calendar: a holiday, a worked weekend, or again by its weekday."""

    day = fields.Date()
    kind = Choice(DayKind)
    title = Shown()
    version = fields.Integer()


_day = DaySchema()


@resource.reads("/calendar", Access.SIGNED_IN, DaySchema(many=True), query=CalendarQuery)
def list_days(query: dict[str, Any]) -> Response:
    """List the days that are not what their weekday says, in their order."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = maintain_calendar.list_days(CalendarWanted(**query), asked)
    return reply_list(_day.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/calendar/<day>", Access.SIGNED_IN, DaySchema)
def one_day(day: str) -> Response:
    """Read one day of the calendar."""
    return reply(_day.dump(maintain_calendar.find_day(day_of(day))))


@resource.writes(
    "POST",
    "/calendar",
    Action.CALENDAR_WRITE,
    DaySchema,
    takes=NewDaySchema,
    status=201,
    guard=may_anywhere(Action.CALENDAR_WRITE, COMPANY),
)
def add_day(entered: dict[str, Any]) -> Response:
    """Make a day a holiday or a worked one."""
    return write(
        lambda kept: maintain_calendar.add_day(web.actor(), web.clock(), **_read(entered), kept=kept), _day.dump, 201
    )


@resource.writes(
    "PATCH",
    "/calendar/<day>",
    Action.CALENDAR_WRITE,
    DaySchema,
    takes=ChangeDaySchema,
    versioned=True,
    guard=may_change_calendar,
)
def change_day(entered: dict[str, Any], day: str) -> Response:
    """Change what a day is, or what it is called."""
    which = day_of(day)
    return write(
        lambda kept: maintain_calendar.change_day(
            web.actor(), web.clock(), which, **_read(entered), seen_version=seen_version(), kept=kept
        ),
        _day.dump,
    )


def _read(entered: dict[str, Any]) -> dict[str, Any]:
    return {**entered, "kind": DayKind(entered["kind"])} if "kind" in entered else entered
