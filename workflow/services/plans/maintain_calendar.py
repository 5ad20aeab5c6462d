"""The company's calendar: which weekdays are holidays and which weekend days are worked, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from workflow.errors import not_seen
from workflow.models.calendar import CalendarDay
from workflow.models.database import db
from workflow.models.types import new_id
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, check_fresh, permit, require_version
from workflow.services.paging import Page, PageAsked, page
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

TITLE_LENGTH = 64
TAKEN = Phrase("{day} 已在日历中,请修改该日", "{day} is in the calendar already; change that day")
SHOWN = ("kind", "title")


class DayKind(StrEnum):
    """What a day of the calendar is; `usual` takes a mistake back."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"
    USUAL = "usual"


DAY_KIND_NAMES: Mapping[DayKind, Phrase] = {
    DayKind.HOLIDAY: Phrase("休息日", "day off"),
    DayKind.WORKDAY: Phrase("调休上班日", "worked weekend"),
    DayKind.USUAL: Phrase("按星期", "by its weekday"),
}


@dataclass(frozen=True, slots=True)
class CalendarWanted:
    """Which part of the calendar is asked for, both days included; None where it is not narrowed."""

    since: date | None = None
    until: date | None = None


def list_days(wanted: CalendarWanted, asked: PageAsked) -> Page[CalendarDay]:
    """List the days that are not as usual, in their order; raises Refusal for a bad place to go on from."""
    query = select(CalendarDay)
    if wanted.since is not None:
        query = query.where(CalendarDay.day >= wanted.since)
    if wanted.until is not None:
        query = query.where(CalendarDay.day <= wanted.until)
    return page(query, (CalendarDay.day,), asked, lambda row: row[0])


def days_of(year: int) -> Sequence[CalendarDay]:
    """Give all days of a year that are, or were by mistake, not as usual, in their order."""
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return db.session.scalars(select(CalendarDay).where(within).order_by(CalendarDay.day)).all()


def find_day(day: date) -> CalendarDay:
    """Give one day of the calendar; raises Refusal (not seen) for one of which it says nothing."""
    found = db.session.scalar(select(CalendarDay).where(CalendarDay.day == day))
    if found is None:
        raise not_seen()
    return found


def add_day(actor: Actor, clock: Clock, day: date, kind: DayKind, title: str, kept: Kept | None = None) -> CalendarDay:
    """Make a day a holiday or a worked one; deadlines not yet passed are reckoned with it from now on. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.CALENDAR_WRITE, COMPANY))
        fields = Fields()
        made = CalendarDay(id=new_id(), day=day, kind=kind, title=fields.text("title", title, TITLE_LENGTH))
        if db.session.scalar(select(CalendarDay.id).where(CalendarDay.day == day)) is not None:
            fields.wrong("day", TAKEN, day=day)
        fields.check()
        work.create(made, "calendar.put", role=Role.HR)
        work.finish(made)
        return made


def change_day(
    actor: Actor,
    clock: Clock,
    day: date,
    *,
    seen_version: int | None,
    kind: DayKind | None = None,
    title: str | None = None,
    kept: Kept | None = None,
) -> CalendarDay:
    """Change what a day of the calendar is, or what it is called; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        found = find_day(day)
        permit(decide_unit(actor, Action.CALENDAR_WRITE, COMPANY))
        require_version(seen_version)
        fields = Fields()
        values: dict[str, object] = {}
        if kind is not None:
            values["kind"] = kind
        if title is not None:
            values["title"] = fields.text("title", title, TITLE_LENGTH)
        fields.check()
        check_fresh(found, seen_version, SHOWN)
        work.change(found, "calendar.change", values, role=Role.HR)
        work.finish(found)
        return found
