"""Who belongs where on a day, and the lists of units and people within the reader's scope."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, or_, select, true

from workflow.errors import not_seen
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Membership, Person, Unit, UnitFunction
from workflow.policy import COMPANY, Action, Actor, decide_unit, unit_scope
from workflow.services.paging import Page, PageAsked, page

RESPONSIBLE = "head"
"""The function of the person responsible for a unit 责任人."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the tree as a list shows it; `people` counts its own members today, not those below it."""

    id: int
    code: str
    title: str
    parent_code: str | None
    path: str
    depth: int
    head_code: str | None
    head_name: str | None
    people: int
    version: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as a list shows them, with the present or else the last post."""

    id: int
    code: str
    name: str
    unit_code: str | None
    unit_title: str | None
    post: str
    since: date | None
    until: date | None
    active: bool
    username: str | None
    version: int


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    """Which people a list is asked for: in a unit and below it, with this in code, name or sound, `active`, `left` or `all`."""

    unit: str | None = None
    q: str = ""
    standing: str = "active"


def unit_by_code(code: str) -> Unit | None:
    """Give the unit with this code."""
    return db.session.scalar(select(Unit).where(Unit.code == code))


def subtree(unit_code: str) -> list[Unit]:
    """Give a unit and everything below it, the unit first; nothing for an unknown code."""
    top = unit_by_code(unit_code)
    if top is None:
        return []
    query = select(Unit).where(Unit.path.startswith(top.path, autoescape=True)).order_by(Unit.path)
    return list(db.session.scalars(query))


def responsible_person(unit_id: int, day: date) -> Person | None:
    """Give the person responsible for the unit 责任人 on that day."""
    query = (
        select(Person)
        .join(UnitFunction, UnitFunction.person_id == Person.id)
        .where(UnitFunction.unit_id == unit_id, UnitFunction.function == RESPONSIBLE, in_force(UnitFunction, day))
        .order_by(UnitFunction.starts_on.desc(), UnitFunction.id.desc())
    )
    return db.session.scalar(query.limit(1))


def members(unit_ids: Iterable[int], day: date, posts: Collection[str] = ()) -> list[tuple[Person, Unit]]:
    """Give who belongs to these units on that day (in these posts, or in any), by unit and code."""
    query = (
        select(Person, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.unit_id.in_(sorted(unit_ids)), in_force(Membership, day))
        .where(Membership.post.in_(sorted(posts)) if posts else true())
        .order_by(Unit.code, Person.code)
    )
    return [(person, unit) for person, unit in db.session.execute(query)]


def unit_of_person(person_id: int, day: date) -> Unit | None:
    """Give the unit to which a person belongs on that day."""
    return units_of_people([person_id], day).get(person_id)


def units_of_people(person_ids: Iterable[int], day: date) -> dict[int, Unit]:
    """Give the unit of each person who belongs to one on that day."""
    query = (
        select(Membership.person_id, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(sorted(person_ids)), in_force(Membership, day))
        .order_by(Membership.starts_on)
    )
    return dict(db.session.execute(query).all())


def list_units(actor: Actor, day: date) -> tuple[UnitRow, ...]:
    """Give the units in the actor's scope as a tree walked from the top, by code at each step."""
    below = within(unit_scope(actor, Action.UNITS_SEE))
    rows = [_unit_row(row) for row in db.session.execute(_units(day).where(below))]
    codes = {str(row.id): row.code for row in rows}
    return tuple(sorted(rows, key=lambda row: [codes.get(step, "") for step in row.path.strip("/").split("/")]))


def find_unit(actor: Actor, code: str, day: date) -> UnitRow:
    """Give one unit; raises Refusal when it is not there or out of scope."""
    row = db.session.execute(_units(day).where(Unit.code == code)).first()
    if row is None or decide_unit(actor, Action.UNITS_SEE, row[0].path):
        raise not_seen()
    return _unit_row(row)


def list_people(actor: Actor, wanted: PeopleWanted, day: date, asked: PageAsked) -> Page[PersonRow]:
    """Give people in the actor's scope, and oneself, by the sound of their names; who left counts with the last unit."""
    query = _people(day).where(people_seen_by(actor), named(wanted.q), _standing(wanted.standing, day))
    if wanted.unit is not None:
        query = query.where(Unit.id.in_([unit.id for unit in subtree(wanted.unit)]))
    return page(query, (Person.name_key, Person.id), asked, lambda row: _person_row(row, day))


def find_person(actor: Actor, code: str, day: date) -> PersonRow:
    """Give one person; raises Refusal when they are not there or out of scope."""
    row = db.session.execute(_people(day).where(Person.code == code, people_seen_by(actor))).first()
    if row is None:
        raise not_seen()
    return _person_row(row, day)


def within(paths: Collection[str]) -> ColumnElement[bool]:
    """Say in SQL that a unit is one of these or lies below one."""
    if COMPANY in paths:
        return true()
    return or_(~true(), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def _units(day: date) -> Select[*tuple[Any, ...]]:
    parent = select(Unit.id.label("id"), Unit.code.label("code")).subquery("parent")
    head = and_(UnitFunction.unit_id == Unit.id, UnitFunction.function == RESPONSIBLE, in_force(UnitFunction, day))
    counted = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.unit_id == Unit.id, in_force(Membership, day))
        .scalar_subquery()
    )
    return (
        select(Unit, parent.c.code, Person.code, Person.name, counted)
        .outerjoin(parent, parent.c.id == Unit.parent_id)
        .outerjoin(UnitFunction, head)
        .outerjoin(Person, Person.id == UnitFunction.person_id)
    )


def _unit_row(row: Row[*tuple[Any, ...]]) -> UnitRow:
    unit, parent_code, head_code, head_name, people = tuple(row)
    return UnitRow(
        id=unit.id,
        code=unit.code,
        title=unit.title,
        parent_code=parent_code,
        path=unit.path,
        depth=unit.path.count("/") - 2,
        head_code=head_code,
        head_name=head_name,
        people=people,
        version=unit.version,
    )


def _people(day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Person, Membership, Unit, Account.username)
        .outerjoin(Membership, Membership.id == last_post(day))
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
    )


def last_post(day: date) -> ScalarSelect[int]:
    """Give in SQL the last membership of a person that has begun by `day`: by its unit is asked who may see the person."""
    return (
        select(Membership.id)
        .where(
            Membership.person_id == Person.id,
            Membership.starts_on <= day,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= Membership.starts_on),
        )
        .order_by(Membership.starts_on.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def last_unit_path(person_id: int, day: date) -> str:
    """Give the path of the unit of a person's last post that has begun by `day`; the company's for who never had one."""
    query = (
        select(Unit.path)
        .select_from(Person)
        .join(Membership, Membership.id == last_post(day))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Person.id == person_id)
    )
    return db.session.scalar(query) or COMPANY


def people_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that a person is of the units in scope, or oneself; the query has the unit of the `last_post`."""
    return or_(within(unit_scope(actor, Action.PEOPLE_SEE)), Person.id == (actor.person_id or 0))


def named(q: str) -> ColumnElement[bool]:
    """Say in SQL that a person has this in code, name or sound; nothing asked is anybody."""
    text = "".join(character for character in q.strip() if character.isprintable())
    if not text:
        return true()
    return or_(
        Person.code.istartswith(text, autoescape=True),
        Person.name.contains(text, autoescape=True),
        Person.name_key.contains(text.casefold(), autoescape=True),
    )


def _standing(standing: str, day: date) -> ColumnElement[bool]:
    if standing == "all":
        return true()
    active = and_(Membership.id.is_not(None), in_force(Membership, day))
    return active if standing == "active" else ~active


def _person_row(row: Row[*tuple[Any, ...]], day: date) -> PersonRow:
    person, membership, unit, username = tuple(row)[:4]
    until = membership.ends_on if membership else None
    return PersonRow(
        id=person.id,
        code=person.code,
        name=person.name,
        unit_code=unit.code if unit else None,
        unit_title=unit.title if unit else None,
        post=membership.post if membership else "",
        since=membership.starts_on if membership else None,
        until=until,
        active=membership is not None and (until is None or until >= day),
        username=username,
        version=person.version,
    )
