"""Reading one's own ratings: whom one is asked about, in which sheets, and what one gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from workflow.errors import not_seen
from workflow.lifecycle.rating import State
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.policy import Actor
from workflow.scoring.rules.raters import RatersRule
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.raters.ratings_taken import items_for, takes_changes
from workflow.services.schemes.maintain_schemes import scorer_of

SHEET_KEYS = (Rating.period, Rating.plan_id, Rating.scheme_version_id, Rating.rater_group)
"""What the ratings of one sheet have in common."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item to give a value for: one of its levels, or a number of its scale."""

    code: str
    title: str
    levels: tuple[str, ...]
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class MyRating:
    """What the reader is asked to say of one subject, and has said; `open`: it may still be given or changed."""

    id: int
    version: int
    state: str
    open: bool
    plan: str
    plan_title: str
    period: str
    scheme: str
    scheme_title: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    group: str
    due_on: date | None
    items: tuple[AskedItem, ...]
    given: Mapping[str, str]
    comment: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the reader is asked for in one plan, scheme and relation: how many at all, given, still to give, and open to changes."""

    plan: str
    plan_title: str
    period: str
    scheme: str
    scheme_title: str
    group: str
    asked: int
    given: int
    to_give: int
    open: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OpenRatings:
    """How many ratings of a plan wait, and the first day on which one of them is due."""

    plan: str
    plan_title: str
    period: str
    count: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Burden:
    """How many ratings somebody is asked for at all, and how many of them still wait."""

    asked: int
    to_give: int


def my_ratings(actor: Actor, asked: PageAsked, *, plan: str | None = None, state: str | None = None) -> Page[MyRating]:
    """List what the actor is asked to rate, the newest period first; what was revoked is not asked any more."""
    query = _mine(actor)
    for column, value in ((Plan.code, plan), (Rating.state, state)):
        if value:
            query = query.where(column == value)
    return page(query, (Rating.period, Rating.id), asked, _my_row, newest_first=True)


def my_sheets(actor: Actor, asked: PageAsked) -> Page[Sheet]:
    """List what the actor is asked to rate by plan, scheme and relation, the newest period first."""
    takes = takes_changes()
    given, open_ = Rating.state == State.GIVEN, Rating.state == State.OPEN
    query = (
        select(
            Plan.code,
            Plan.title.label("plan_title"),
            func.count().label("asked"),
            func.count().filter(given).label("given"),
            func.count().filter(open_, takes).label("to_give"),
            func.count().filter(takes).label("open"),
            func.min(Rating.due_on).filter(open_, takes).label("due_on"),
        )
        .select_from(Rating)
        .join(Plan, Plan.id == Rating.plan_id)
        .where(*_is_asked(actor))
        .group_by(Plan.code, Plan.title, *SHEET_KEYS)
    )
    return page(query, SHEET_KEYS, asked, _sheet, newest_first=True)


def sheet_of(actor: Actor, plan: str, scheme: str, group: str, asked: PageAsked) -> Page[MyRating]:
    """List the ratings of one sheet by the subjects' codes; raises Refusal (not seen) where nothing is asked of the actor."""
    narrowed = (Plan.code == plan, Rating.scheme_code == scheme, Rating.rater_group == group)
    found = page(_mine(actor).where(*narrowed), (Rating.subject_code, Rating.id), asked, _my_row)
    if not found.rows:
        raise not_seen()
    return found


def find_mine(actor: Actor, rating_id: int) -> MyRating:
    """Read one of the actor's own ratings; raises Refusal (not seen) for any other."""
    row = db.session.execute(_mine(actor).where(Rating.id == rating_id)).first()
    if row is None:
        raise not_seen()
    return _my_row(row)


def burden_of(actor: Actor) -> Burden:
    """Count what the actor is asked to rate, and what of it waits; without asking the database for who is nobody's rater."""
    if actor.person_id is None:
        return Burden(0, 0)
    query = select(func.count(), func.count().filter(*still_open())).where(*_is_asked(actor))
    return Burden(*db.session.execute(query).one())


def waiting_for(actor: Actor) -> tuple[OpenRatings, ...]:
    """Count by plan what the actor is still asked to rate, what is due first."""
    return open_per_plan(*_is_asked(actor))


def open_per_plan(*conditions: ColumnElement[bool]) -> tuple[OpenRatings, ...]:
    """Count by plan the ratings that have not been given and still can be, of those that meet the conditions."""
    due = func.min(Rating.due_on)
    query = (
        select(Plan.code, Plan.title, Plan.period, func.count(), due)
        .select_from(Rating)
        .join(Plan, Plan.id == Rating.plan_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(*conditions, *still_open())
        .group_by(Plan.code, Plan.title, Plan.period)
        .order_by(due.is_(None), due, Plan.code)
    )
    return tuple(OpenRatings(*row) for row in db.session.execute(query))


def still_open() -> tuple[ColumnElement[bool], ...]:
    """Say that a rating has not been given and still can be."""
    return Rating.state == State.OPEN, takes_changes()


def _is_asked(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Rating.rater_id == (actor.person_id or 0), Rating.state != State.REVOKED


def _mine(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Rating, Plan.code, Plan.title, Unit, takes_changes())
        .join(Plan, Plan.id == Rating.plan_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(*_is_asked(actor))
    )


def _sheet(row: AnyRow) -> Sheet:
    plan, plan_title, asked, given, to_give, open_, due_on, period, _, version_id, group = tuple(row)
    scheme = scorer_of(version_id).scheme
    return Sheet(plan, plan_title, period, scheme.code, scheme.title, group, asked, given, to_give, open_, due_on)


def _my_row(row: AnyRow) -> MyRating:
    rating, plan, plan_title, unit, is_taken = tuple(row)[:5]
    scheme = scorer_of(rating.scheme_version_id).scheme
    return MyRating(
        id=rating.id,
        version=rating.version,
        state=rating.state,
        open=bool(is_taken),
        plan=plan,
        plan_title=plan_title,
        period=rating.period,
        scheme=rating.scheme_code,
        scheme_title=scheme.title,
        subject=rating.subject_code,
        subject_name=rating.subject_name,
        unit=unit.code,
        unit_name=unit.title,
        group=rating.rater_group,
        due_on=rating.due_on,
        items=tuple(
            _asked_item(code, scheme.items[code].title, rule)
            for code, rule in items_for(scheme, rating.rater_group).items()
        ),
        given=dict(rating.given),
        comment=rating.comment,
        given_at=rating.given_at,
    )


def _asked_item(code: str, title: str, rule: RatersRule) -> AskedItem:
    """Give an item with its levels, the best first, or the ends of its scale."""
    least, most = rule.scale or (None, None)
    return AskedItem(code, title, tuple(sorted(rule.levels or (), key=rule.worth, reverse=True)), least, most)
