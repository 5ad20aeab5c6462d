"""One person over time: posts, standings 岗位状态 and levels 等级, and the standing that an action item leads to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.errors import Denied, Refusal
from workflow.lifecycle import action_item
from workflow.lifecycle import personnel as lifecycle
from workflow.lifecycle.personnel import State
from workflow.lifecycle.standing import Kind
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.personnel import Standing
from workflow.policy import Actor
from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence, ActionKind
from workflow.services.following import look_up_actions
from workflow.services.following.look_up_actions import ActionRow
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.people.look_up_organisation import PersonRow, find_person, last_unit_path
from workflow.services.people.look_up_personnel import EntriesWanted, LevelRow, StandingRow, list_levels, list_standings
from workflow.services.people.maintain_people import posts_of

_LED_TO = frozenset({action_item.State.CONFIRMED, action_item.State.DONE})


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post that the person has or had."""

    unit_name: str
    post: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PersonInTime:
    """A person with all that is dated of them, the newest first; void entries too. `forbidden` says who may not enter."""

    person: PersonRow
    posts: tuple[PostHeld, ...]
    standings: tuple[StandingRow, ...]
    levels: tuple[LevelRow, ...]
    forbidden: Denied | None

    def standing_on(self, day: date) -> StandingRow | None:
        """Give the standing that holds on a day; none means on post."""
        return next((row for row in self.standings if _holds(row, day, row.held_until)), None)

    def level_on(self, day: date) -> LevelRow | None:
        """Give the level that holds on a day: the newest that has begun, unless it has expired."""
        newest = next((row for row in self.levels if row.state == State.VALID and row.starts_on <= day), None)
        return newest if newest is not None and _holds(newest, day, newest.ends_on) else None


@dataclass(frozen=True, slots=True)
class SuggestedStanding:
    """The standing that a confirmed action item leads to; a person enters it, or another one."""

    action_id: int
    title: str
    kind: Kind
    starts_on: date
    ends_on: date | None


def person_in_time(actor: Actor, code: str, today: date) -> PersonInTime:
    """Read one person with their newest entries; raises Refusal (not seen) for one that the actor may not see."""
    person = find_person(actor, code, today)
    wanted, asked = EntriesWanted(person=code, void=True), PageAsked(MOST_ROWS)
    return PersonInTime(
        person=person,
        posts=_posts(person.id),
        standings=list_standings(actor, wanted, today, asked).rows,
        levels=list_levels(actor, wanted, today, asked).rows,
        forbidden=lifecycle.forbidden_for(actor, last_unit_path(person.id, today), person.id),
    )


def suggest_standing(actor: Actor, action_id: int, today: date) -> SuggestedStanding | None:
    """Give the standing that this action item leads to; none for one out of sight, not confirmed, or of another sort."""
    try:
        row = look_up_actions.find_action(actor, action_id).action
    except Refusal:
        return None
    return suggested_by(row, today)


def suggested_by(row: ActionRow, today: date) -> SuggestedStanding | None:
    """Give the standing that an action item leads to: off post in the periods that it lasts, or the return from today.

    None once one has been entered for it, and for what does not concern a person.
    """
    if row.state not in _LED_TO or not _awaits_standing(row):
        return None
    if row.kind == ActionKind.RETURN:
        return SuggestedStanding(row.id, row.title, Kind.ON_POST, today, None)
    if row.kind != ActionKind.OFF_POST and row.code != Absence.OFF_POST:
        return None
    decided, lasts = Period.parse(row.period), row.lasts or 1
    return SuggestedStanding(row.id, row.title, Kind.OFF_POST, decided.next().first_day, decided.next(lasts).last_day)


def _awaits_standing(row: ActionRow) -> bool:
    """Say whether the item concerns a person for whom no standing has been entered by it."""
    entered = select(Standing.id).where(Standing.action_id == row.id, Standing.state == State.VALID)
    query = select(ActionItem.id).where(ActionItem.id == row.id, ActionItem.subject_kind == "person", ~entered.exists())
    return db.session.scalar(query) is not None


def _holds(row: StandingRow | LevelRow, day: date, last_day: date | None) -> bool:
    return row.state == State.VALID and row.starts_on <= day and (last_day is None or day <= last_day)


def _posts(person_id: int) -> tuple[PostHeld, ...]:
    held = posts_of([person_id])[person_id]
    names = dict(
        db.session.execute(select(Unit.id, Unit.title).where(Unit.id.in_({post.unit_id for post in held}))).all()
    )
    return tuple(PostHeld(names[post.unit_id], post.post, post.starts_on, post.ends_on) for post in reversed(held))
