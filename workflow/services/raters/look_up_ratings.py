"""Reading ratings for who manages raters: who is asked about whom and who has not answered, never what they gave."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true

from workflow.errors import not_seen
from workflow.lifecycle import rating as lifecycle
from workflow.lifecycle.rating import RatingFacts, State, Trigger
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, unit_scope
from workflow.policy import State as CardState
from workflow.scoring.scheme import Scheme
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import named, within
from workflow.services.raters import rate
from workflow.services.raters.look_up_my_ratings import OpenRatings, open_per_plan, still_open
from workflow.services.raters.manage_raters import check_plan
from workflow.services.raters.ratings_taken import rated_items, takes_changes
from workflow.services.recorders.recording import MOST_FOUND, FoundPerson
from workflow.services.schemes.maintain_schemes import scorer_of


@dataclass(frozen=True, slots=True)
class RaterRow:
    """Who is asked about whom, as who manages raters sees it: never what they gave; `open` while a draft card takes it."""

    id: int
    version: int
    state: str
    open: bool
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
    """How many ratings one person is asked for in a plan, has given, and has not given and still can."""

    rater: str
    rater_name: str
    asked: int
    given: int
    open: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class RatersWanted:
    """What the list of raters is narrowed to; None where it is not."""

    state: str | None = None
    subject: str | None = None


ALL = RatersWanted()


@dataclass(frozen=True, slots=True)
class RatedScheme:
    """A scheme of a plan that raters score, with its groups of raters and how many of its cards are drafts."""

    code: str
    title: str
    groups: tuple[str, ...]
    drafts: int


def open_by_plan(actor: Actor) -> tuple[OpenRatings, ...]:
    """Count for each plan, in the units where the actor manages raters, what has not been given yet."""
    paths = unit_scope(actor, Action.RATERS_MANAGE)
    return open_per_plan(within(paths), not_about(actor)) if paths else ()


def raters_of(actor: Actor, code: str, asked: PageAsked, wanted: RatersWanted = ALL) -> Page[RaterRow]:
    """List who is asked about whom in a plan by subject, but for who is asked about the reader; raises Refusal."""
    plan = check_plan(actor, code)
    query = (
        select(Rating, Person.code, Person.name, takes_changes())
        .join(Person, Person.id == Rating.rater_id)
        .where(Rating.plan_id == plan.id, not_about(actor))
    )
    for column, value in ((Rating.state, wanted.state), (Rating.subject_code, wanted.subject)):
        if value:
            query = query.where(column == value)
    return page(query, (Rating.subject_code, Rating.scheme_code, Rating.id), asked, _rater_row)


def rated_schemes(actor: Actor, code: str) -> tuple[RatedScheme, ...]:
    """Give the schemes of a plan's cards that raters score; raises Refusal."""
    drafts = func.count().filter(Scorecard.state == CardState.DRAFT)
    query = (
        select(Scorecard.scheme_version_id, drafts)
        .where(Scorecard.plan_id == check_plan(actor, code).id, Scorecard.state != CardState.VOID)
        .group_by(Scorecard.scheme_version_id)
        .order_by(Scorecard.scheme_version_id)
    )
    found = ((scorer_of(version_id).scheme, count) for version_id, count in db.session.execute(query))
    return tuple(
        RatedScheme(scheme.code, scheme.title, _groups(scheme), count) for scheme, count in found if rated_items(scheme)
    )


def find_able(actor: Actor, code: str, q: str, day: date) -> tuple[FoundPerson, ...]:
    """Find people who could be asked, since they can sign in, by number, name or sound; raises Refusal."""
    check_plan(actor, code)
    can_sign_in = select(Account.id).where(Account.person_id == Person.id, Account.disabled.is_(False)).exists()
    query = (
        select(Person.code, Person.name, Unit.title)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_force(Membership, day), can_sign_in, named(q))
        .order_by(Person.name_key, Person.id)
        .limit(MOST_FOUND)
    )
    return tuple(FoundPerson(*row) for row in db.session.execute(query))


def _groups(scheme: Scheme) -> tuple[str, ...]:
    return tuple(dict.fromkeys(group for rule in rated_items(scheme).values() for group in rule.groups))


def find_rater(actor: Actor, rating_id: int) -> tuple[RaterRow, RatingFacts]:
    """Read who is asked, for who manages raters or is asked; raises Refusal (not seen)."""
    query = select(Rating, Person.code, Person.name, takes_changes()).join(Person, Person.id == Rating.rater_id)
    row = db.session.execute(query.where(Rating.id == rating_id)).first()
    facts = rate.facts_of(row[0]) if row else None
    if row is None or facts is None or lifecycle.decide_see(actor, facts):
        raise not_seen()
    return _rater_row(row), facts


def progress_of(actor: Actor, code: str) -> tuple[OpenByRater, ...]:
    """Count by rater what a plan asks for and what is still open, but for what is asked about the reader; raises Refusal."""
    plan = check_plan(actor, code)
    is_given = func.count().filter(Rating.state == State.GIVEN)
    is_open = func.count().filter(*still_open())
    due = func.min(Rating.due_on).filter(*still_open())
    query = (
        select(Person.code, Person.name, func.count(), is_given, is_open, due)
        .select_from(Rating)
        .join(Person, Person.id == Rating.rater_id)
        .where(Rating.plan_id == plan.id, Rating.state != State.REVOKED, not_about(actor))
        .group_by(Person.code, Person.name)
        .order_by(is_open.desc(), Person.code)
    )
    return tuple(OpenByRater(*row) for row in db.session.execute(query))


def allowed(actor: Actor, facts: RatingFacts) -> tuple[str, ...]:
    """Give the moves of a rating that the actor can make now."""
    moves = (str(trigger) for trigger in Trigger if not lifecycle.LIFECYCLE.refusal_by_state(trigger, facts.state))
    return tuple(each for each in moves if facts.hindrance is None and not lifecycle.forbidden(each, actor, facts))


def not_about(actor: Actor) -> ColumnElement[bool]:
    """Say that a rating is not about the reader, whatever role they hold."""
    return true() if actor.person_id is None else or_(Rating.person_id.is_(None), Rating.person_id != actor.person_id)


def _rater_row(row: AnyRow) -> RaterRow:
    rating, code, name, is_taken = tuple(row)[:4]
    return RaterRow(
        id=rating.id,
        version=rating.version,
        state=rating.state,
        open=bool(is_taken),
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
