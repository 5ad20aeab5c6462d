"""Reading ratings: one's own with what one gave; for who manages raters whom is asked and who has not answered, no values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true

from workflow.errors import not_seen
from workflow.lifecycle import rating as lifecycle
from workflow.lifecycle.rating import RatingFacts, State, Trigger
from workflow.models.database import db
from workflow.models.organisation import Person, Unit
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, unit_scope
from workflow.policy import State as CardState
from workflow.scoring.rules.raters import RatersRule
from workflow.services import rate
from workflow.services.look_up_organisation import within
from workflow.services.maintain_schemes import scorer_of
from workflow.services.manage_raters import check_plan
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.ratings_taken import items_for


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
class RaterRow:
    """Who is asked about whom, as who manages raters sees it: never what they gave."""

    id: int
    version: int
    state: str
    subject: str
    subject_name: str
    scheme: str
    group: str
    rater: str
    rater_name: str
    way: str
    due_on: date | None
    revoke_reason: str | None


@dataclass(frozen=True, slots=True)
class OpenByRater:
    """How many of the ratings that one person is asked for in a plan they have not given yet."""

    rater: str
    rater_name: str
    asked: int
    open: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OpenRatings:
    """How many ratings wait, and the first day on which one of them is due."""

    count: int
    due: date | None


def my_ratings(actor: Actor, asked: PageAsked, *, plan: str | None = None, state: str | None = None) -> Page[MyRating]:
    """List what the actor is asked to rate, the newest period first; what was revoked is not asked any more."""
    query = _mine(actor).add_columns(_takes_changes())
    for column, value in ((Plan.code, plan), (Rating.state, state)):
        if value:
            query = query.where(column == value)
    return page(query, (Rating.period, Rating.id), asked, _my_row, newest_first=True)


def find_mine(actor: Actor, rating_id: int) -> MyRating:
    """Read one of the actor's own ratings; raises Refusal (not seen) for any other."""
    row = db.session.execute(_mine(actor).add_columns(_takes_changes()).where(Rating.id == rating_id)).first()
    if row is None:
        raise not_seen()
    return _my_row(row)


def open_of(actor: Actor) -> OpenRatings:
    """Count what the actor is still asked to rate."""
    query = select(func.count(), func.min(Rating.due_on)).where(_is_mine(actor), *_still_open())
    count, due = db.session.execute(query).one()
    return OpenRatings(count, due)


def open_by_plan(actor: Actor) -> tuple[tuple[str, str, OpenRatings], ...]:
    """Count for each plan, in the units where the actor manages raters, what has not been given yet."""
    paths = unit_scope(actor, Action.RATERS_MANAGE)
    if not paths:
        return ()
    query = (
        select(Plan.code, Plan.title, func.count(), func.min(Rating.due_on))
        .select_from(Rating)
        .join(Plan, Plan.id == Rating.plan_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(within(paths), _not_about(actor), *_still_open())
        .group_by(Plan.code, Plan.title)
        .order_by(Plan.code)
    )
    return tuple((code, title, OpenRatings(count, due)) for code, title, count, due in db.session.execute(query))


def raters_of(actor: Actor, code: str, asked: PageAsked) -> Page[RaterRow]:
    """List who is asked about whom in a plan, but for who is asked about the reader; raises Refusal."""
    plan = check_plan(actor, code)
    query = (
        select(Rating, Person.code, Person.name)
        .join(Person, Person.id == Rating.rater_id)
        .where(Rating.plan_id == plan.id, _not_about(actor))
    )
    return page(query, (Rating.id,), asked, _rater_row)


def find_rater(actor: Actor, rating_id: int) -> tuple[RaterRow, RatingFacts]:
    """Read who is asked, for who manages raters or is asked; raises Refusal (not seen)."""
    query = select(Rating, Person.code, Person.name).join(Person, Person.id == Rating.rater_id)
    row = db.session.execute(query.where(Rating.id == rating_id)).first()
    facts = rate.facts_of(row[0]) if row else None
    if row is None or facts is None or lifecycle.decide_see(actor, facts):
        raise not_seen()
    return _rater_row(row), facts


def progress_of(actor: Actor, code: str) -> tuple[OpenByRater, ...]:
    """Count by rater what a plan asks for and what is still open, but for what is asked about the reader; raises Refusal."""
    plan = check_plan(actor, code)
    is_open = func.count().filter(Rating.state == State.OPEN)
    due = func.min(Rating.due_on).filter(Rating.state == State.OPEN)
    query = (
        select(Person.code, Person.name, func.count(), is_open, due)
        .select_from(Rating)
        .join(Person, Person.id == Rating.rater_id)
        .where(Rating.plan_id == plan.id, Rating.state != State.REVOKED, _not_about(actor))
        .group_by(Person.code, Person.name)
        .order_by(is_open.desc(), Person.code)
    )
    return tuple(OpenByRater(*row) for row in db.session.execute(query))


def allowed(actor: Actor, facts: RatingFacts) -> tuple[str, ...]:
    """Give the moves of a rating that the actor can make now."""
    moves = (str(trigger) for trigger in Trigger if not lifecycle.LIFECYCLE.refusal_by_state(trigger, facts.state))
    return tuple(each for each in moves if facts.hindrance is None and not lifecycle.forbidden(each, actor, facts))


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    return Rating.rater_id == (actor.person_id or 0)


def _not_about(actor: Actor) -> ColumnElement[bool]:
    """Say that a rating is not about the reader, whatever role they hold."""
    return true() if actor.person_id is None else or_(Rating.person_id.is_(None), Rating.person_id != actor.person_id)


def _takes_changes() -> ColumnElement[bool]:
    """Say that a draft card takes the rating."""
    return exists().where(
        Scorecard.plan_id == Rating.plan_id,
        Scorecard.scheme_code == Rating.scheme_code,
        Scorecard.subject_kind == Rating.subject_kind,
        Scorecard.subject_id == Rating.subject_id,
        Scorecard.state == CardState.DRAFT,
    )


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return Rating.state == State.OPEN, _takes_changes()


def _mine(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Rating, Plan.code, Plan.title, Unit)
        .join(Plan, Plan.id == Rating.plan_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(and_(_is_mine(actor), Rating.state != State.REVOKED))
    )


def _my_row(row: AnyRow) -> MyRating:
    rating, plan, plan_title, unit, takes_changes = tuple(row)[:5]
    scheme = scorer_of(rating.scheme_version_id).scheme
    return MyRating(
        id=rating.id,
        version=rating.version,
        state=rating.state,
        open=bool(takes_changes),
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


def _rater_row(row: AnyRow) -> RaterRow:
    rating, code, name = tuple(row)[:3]
    return RaterRow(
        id=rating.id,
        version=rating.version,
        state=rating.state,
        subject=rating.subject_code,
        subject_name=rating.subject_name,
        scheme=rating.scheme_code,
        group=rating.rater_group,
        rater=code,
        rater_name=name,
        way=rating.way,
        due_on=rating.due_on,
        revoke_reason=rating.revoke_reason,
    )
