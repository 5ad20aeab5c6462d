"""Founding the demo organisation: its units, people, accounts and signed schemes, as the product itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.models.accounts import Account, Credential, RoleGrant
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, Unit, UnitFunction
from workflow.models.rankings import RankingGroup, RankingGroupUnit
from workflow.models.types import new_id
from workflow.policy import SYSTEM, Actor, Grant
from workflow.scoring.loading import load_scheme
from workflow.services.accounts import passwords
from workflow.services.accounts.identify import Proof
from workflow.services.clock import Clock
from workflow.services.demo import company
from workflow.services.people.name_keys import name_key
from workflow.services.schemes import maintain_schemes
from workflow.services.scorecards.asking import Asked
from workflow.services.unit_of_work import Part, Work, unit_of_work

SCHEMES = Path(__file__).resolve().parents[3] / "schemes"
PASSWORD = "demo-Kaogong-2026"  # noqa: S105 — published: demo accounts work on a server bound to this machine alone
BY_PASSWORD = Proof("password")
FOUNDED = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Founded:
    """What the story of the months goes on with: units and people by code, and who can act."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)


def found(clock: Clock) -> Founded:
    """Make units, people, accounts and grants in one transaction, then have every scheme signed."""
    founded = Founded()
    with unit_of_work(SYSTEM, lambda: FOUNDED) as work:
        _units(work, founded)
        _people(work, founded)
        _heads(work, founded)
        _ranking_group(work, founded)
        _accounts(work, founded)
    for path in sorted(SCHEMES.glob("*.yaml")):
        _sign_scheme(founded, clock, load_scheme(path).to_data())
    return founded


def is_empty() -> bool:
    """Say whether the database holds nobody yet."""
    return db.session.scalar(select(Account.id).limit(1)) is None


def holds_demo() -> bool:
    """Say whether the accounts of the demo organisation are there."""
    return db.session.scalar(select(Account.id).where(Account.is_demo.is_(True)).limit(1)) is not None


def _units(work: Work, founded: Founded) -> None:
    for each in company.UNITS:
        parent = founded.units[each.parent] if each.parent else None
        unit = Unit(id=new_id(), code=each.code, title=each.title, parent_id=parent.id if parent else None)
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        work.create(unit, "unit.create")
        founded.units[each.code] = unit


def _people(work: Work, founded: Founded) -> None:
    units, staff = {unit.code: unit for unit in company.UNITS}, company.staff()
    for unit_code, people in staff.items():
        for place, (code, name) in enumerate(people):
            person = Person(id=new_id(), code=code, name=name, name_key=name_key(name))
            unit_id, post = founded.units[unit_code].id, units[unit_code].post_at(place)
            values = {"unit_id": unit_id, "post": post, "starts_on": company.SINCE, "ends_on": None}
            part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
            work.create(person, "person.create", parts=[part])
            founded.people[code] = person


def _heads(work: Work, founded: Founded) -> None:
    staff = company.staff()
    heads = [(code, "head", staff[code][0][0]) for code in company.HEADS]
    managers = [(code, function, staff["centre"][place][0]) for code, function, place in company.FUNCTIONS]
    for code, function, person in heads + managers:
        values = {"person_id": founded.people[person].id, "starts_on": company.SINCE, "ends_on": None}
        row = UnitFunction(unit_id=founded.units[code].id)
        part = Part(row, f"functions/{function}", {"function": function, **values}, is_new=True)
        work.change(founded.units[code], "unit.appoint", {}, parts=[part])


def _ranking_group(work: Work, founded: Founded) -> None:
    code, title, units = company.RANKED_TOGETHER
    group = RankingGroup(id=new_id(), code=code, title=title)
    parts = []
    for unit in units:
        row = RankingGroupUnit(ranking_group_id=group.id)
        values = {"unit_id": founded.units[unit].id, "starts_on": company.SINCE, "ends_on": None}
        parts.append(Part(row, f"units/{unit}", values, is_new=True))
    work.create(group, "group.create", parts=parts)


def _accounts(work: Work, founded: Founded) -> None:
    staff, password_hash = company.staff(), passwords.keep(PASSWORD)
    for each in company.ACCOUNTS:
        person = founded.people[staff[each.unit][each.place][0]]
        account = Account(id=new_id(), username=each.username, name=person.name, person_id=person.id)
        account.language, account.disabled, account.is_demo = "zh-CN", False, True
        work.create(account, "account.create")
        credential = Credential(account_id=account.id, password_hash=password_hash, changed_at=work.now)
        credential.must_change = False
        work.session.add(credential)
        scope = founded.units[each.scope] if each.scope else None
        grants = []
        for role in each.roles:
            grant = RoleGrant(account_id=account.id, role=role, unit_id=scope.id if scope else None)
            grant.items, grant.starts_on, grant.ends_on = list(each.items), company.SINCE, None
            work.create(grant, "grant.give")
            grants.append(Grant(role, scope.path if scope else "/", frozenset(each.items)))
        unit_path = founded.units[each.unit].path
        founded.actors[each.username] = Actor(
            account.id, each.username, person.name, person.id, tuple(grants), unit_path=unit_path
        )


def _sign_scheme(founded: Founded, clock: Clock, data: Mapping[str, Any]) -> None:
    version = maintain_schemes.load_version(founded.actors["admin"], clock, data)
    for username, trigger in (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve")):
        actor, asked = founded.actors[username], Asked(trigger, BY_PASSWORD)
        maintain_schemes.move(actor, clock, version.code, version.number, asked, seen_version=version.version)
