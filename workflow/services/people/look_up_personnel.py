"""Reading standings 岗位状态 and levels 等级: of people in the reader's scope, one's own, and what holds on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from workflow.errors import Denied, not_seen
from workflow.lifecycle import personnel as lifecycle
from workflow.lifecycle.level import Way
from workflow.lifecycle.personnel import State
from workflow.lifecycle.standing import ONE_DAY, Kind
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.personnel import LevelGiven, Standing
from workflow.policy import COMPANY, Actor
from workflow.services.chunks import chunks
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import last_post, people_seen_by


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One standing; `held_until` is the last day on which it really held, none while that is open or for a void one."""

    id: int
    person: str
    person_name: str
    unit: str | None
    kind: str
    starts_on: date
    ends_on: date | None
    held_until: date | None
    reason: str
    evidence: str
    action_id: int | None
    state: str
    void_reason: str | None
    version: int
    forbidden: Denied | None  # why the reader may not move it at all
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level as it was given; figures are exact decimals as text."""

    id: int
    person: str
    person_name: str
    unit: str | None
    level: str
    way: str
    provisional: bool
    employment: str
    starts_on: date
    ends_on: date | None
    figures: Mapping[str, str]
    papers: str
    reason: str
    state: str
    void_reason: str | None
    version: int
    forbidden: Denied | None  # why the reader may not move it at all
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """What a list is narrowed to: a person's staff number, what holds on a day; void ones only if they are asked for."""

    person: str | None = None
    on: date | None = None
    void: bool = False


def levels_on(session: Session | scoped_session[Any], person_ids: Collection[int], day: date) -> dict[int, str]:
    """Give the level that each of these people holds on a day; who has none, or whose newest has expired, is left out."""
    newest: dict[int, LevelGiven] = {}
    for some in chunks(sorted(set(person_ids))):
        query = select(LevelGiven).where(
            LevelGiven.person_id.in_(some), LevelGiven.starts_on <= day, LevelGiven.state == State.VALID
        )
        newest |= {given.person_id: given for given in session.scalars(query.order_by(LevelGiven.starts_on))}
    held = {person_id: given for person_id, given in newest.items() if given.ends_on is None or given.ends_on >= day}
    return {person_id: given.level for person_id, given in held.items()}


def list_standings(actor: Actor, wanted: EntriesWanted, today: date, asked: PageAsked) -> Page[StandingRow]:
    """Give the standings of people in the actor's scope, and one's own, the newest first."""
    query = _standings(today).where(people_seen_by(actor), *_narrowed(Standing, wanted))
    if wanted.on is not None:
        query = query.where(in_force(Standing, wanted.on), or_(_ended_by().is_(None), _ended_by() > wanted.on))
    keys = (Standing.starts_on, Standing.id)
    return page(query, keys, asked, lambda row: _standing_row(actor, row), newest_first=True)


def find_standing(actor: Actor, standing_id: int, today: date) -> StandingRow:
    """Read one standing; raises Refusal (not seen) for one that the actor may not see."""
    query = _standings(today).where(people_seen_by(actor), Standing.id == standing_id)
    row = db.session.execute(query).first()
    if row is None:
        raise not_seen()
    return _standing_row(actor, row)


def list_levels(actor: Actor, wanted: EntriesWanted, today: date, asked: PageAsked) -> Page[LevelRow]:
    """Give the levels of people in the actor's scope, and one's own, the newest first."""
    query = _levels(today).where(people_seen_by(actor), *_narrowed(LevelGiven, wanted))
    if wanted.on is not None:
        query = query.where(in_force(LevelGiven, wanted.on), ~_followed_by(wanted.on))
    keys = (LevelGiven.starts_on, LevelGiven.id)
    return page(query, keys, asked, lambda row: _level_row(actor, row), newest_first=True)


def find_level(actor: Actor, level_id: int, today: date) -> LevelRow:
    """Read one level; raises Refusal (not seen) for one that the actor may not see."""
    row = db.session.execute(_levels(today).where(people_seen_by(actor), LevelGiven.id == level_id)).first()
    if row is None:
        raise not_seen()
    return _level_row(actor, row)


def _standings(today: date) -> Select[*tuple[Any, ...]]:
    query = select(Standing, Person, Unit, _ended_by()).join(Person, Person.id == Standing.person_id)
    return _with_unit(query, today)


def _levels(today: date) -> Select[*tuple[Any, ...]]:
    return _with_unit(select(LevelGiven, Person, Unit).join(Person, Person.id == LevelGiven.person_id), today)


def _with_unit(query: Select[*tuple[Any, ...]], today: date) -> Select[*tuple[Any, ...]]:
    return query.outerjoin(Membership, Membership.id == last_post(today)).outerjoin(Unit, Unit.id == Membership.unit_id)


def _narrowed(table: type[Standing | LevelGiven], wanted: EntriesWanted) -> list[ColumnElement[bool]]:
    narrowed = [] if wanted.person is None else [Person.code == wanted.person]
    return narrowed if wanted.void and wanted.on is None else [*narrowed, table.state == State.VALID]


def _ended_by() -> ScalarSelect[Any]:
    """Give in SQL the day on which something else takes the place of a standing: a return to post, or what follows one."""
    other = aliased(Standing)
    return (
        select(func.min(other.starts_on))
        .where(
            other.person_id == Standing.person_id,
            other.state == State.VALID,
            other.starts_on > Standing.starts_on,
            or_(Standing.ends_on.is_(None), other.starts_on <= Standing.ends_on),
            or_(Standing.kind == Kind.ON_POST, other.kind == Kind.ON_POST),
        )
        .correlate(Standing)
        .scalar_subquery()
    )


def _followed_by(day: date) -> ColumnElement[bool]:
    """Say in SQL that a later level of the same person has begun by `day`."""
    later = aliased(LevelGiven)
    return (
        select(later.id)
        .where(
            later.person_id == LevelGiven.person_id,
            later.state == State.VALID,
            later.starts_on > LevelGiven.starts_on,
            later.starts_on <= day,
        )
        .correlate(LevelGiven)
        .exists()
    )


def _facts(entry: Standing | LevelGiven, unit: Unit | None) -> lifecycle.EntryFacts:
    path = unit.path if unit is not None else COMPANY
    return lifecycle.EntryFacts(entry.state, entry.version, path, entry.person_id)


def _standing_row(actor: Actor, row: AnyRow) -> StandingRow:
    entry, person, unit, ended_by = tuple(row)[:4]
    valid, facts = entry.state == State.VALID, _facts(entry, unit)
    return StandingRow(
        id=entry.id,
        person=person.code,
        person_name=person.name,
        unit=unit.code if unit else None,
        kind=entry.kind,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        held_until=None if not valid else ended_by - ONE_DAY if ended_by else entry.ends_on,
        reason=entry.reason,
        evidence=entry.evidence,
        action_id=entry.action_id,
        state=entry.state,
        void_reason=entry.void_reason,
        version=entry.version,
        forbidden=lifecycle.forbidden(actor, facts),
        allowed=lifecycle.offered(facts, actor),
    )


def _level_row(actor: Actor, row: AnyRow) -> LevelRow:
    entry, person, unit = tuple(row)[:3]
    facts = _facts(entry, unit)
    return LevelRow(
        id=entry.id,
        person=person.code,
        person_name=person.name,
        unit=unit.code if unit else None,
        level=entry.level,
        way=entry.way,
        provisional=entry.way == Way.DEPOSITS,
        employment=entry.employment,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        figures=dict(entry.figures),
        papers=entry.papers,
        reason=entry.reason,
        state=entry.state,
        void_reason=entry.void_reason,
        version=entry.version,
        forbidden=lifecycle.forbidden(actor, facts),
        allowed=lifecycle.offered(facts, actor),
    )
