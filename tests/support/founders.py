"""The first people of a company, made as the product makes them: an operator, somebody of HR, a few units."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.policy import Actor, Grant, Role
from workflow.services.accounts.administer_accounts import NewAccount, create_account, create_first_operator
from workflow.services.accounts.give_grants import NewGrant, give_grant
from workflow.services.clock import Clock
from workflow.services.people.maintain_organisation import NewUnit, create_unit
from workflow.services.people.maintain_people import NewPerson, create_person

PASSWORD = "demo-Kaogong-2026"
SINCE = date(2026, 1, 1)
TODAY = date(2026, 11, 5)


def found_company(clock: Clock) -> Actor:
    """Make the first operator."""
    account = create_first_operator(clock, NewAccount("operator", "系统管理员"), PASSWORD, SINCE)
    return Actor(account.id, "operator", "系统管理员", grants=(Grant(Role.OPERATOR),))


def employ(operator: Actor, clock: Clock, username: str, *roles: Role, unit: str | None = None) -> Actor:
    """Make an account with roles in a unit or the company, which has changed its first password."""
    create_account(operator, clock, NewAccount(username, username.title()), PASSWORD, must_change=False)
    for role in roles:
        give_grant(operator, clock, NewGrant(username, role, SINCE, unit=unit, items=_items(role)))
    return actor_of(username, *roles, unit=unit)


def actor_of(username: str, *roles: Role, unit: str | None = None) -> Actor:
    """Give the actor behind an account, with these roles in a unit or the company."""
    account = db.session.scalars(select(Account).where(Account.username == username)).one()
    path = unit_of(unit).path if unit else "/"
    grants = tuple(Grant(role, path, frozenset(_items(role))) for role in roles)
    return Actor(account.id, username, account.name, account.person_id, grants)


def unit_of(code: str) -> Unit:
    """Find a unit by its code."""
    return db.session.scalars(select(Unit).where(Unit.code == code)).one()


def settle(
    hr: Actor, clock: Clock, units: Iterable[tuple[str, str | None]], people: Iterable[tuple[str, str, str]]
) -> None:
    """Make units (code, parent) and people (code, name, unit)."""
    for code, parent in units:
        create_unit(hr, clock, NewUnit(code, code.upper(), parent))
    for code, name, unit in people:
        create_person(hr, clock, NewPerson(code, name, unit, "员工", SINCE))


def _items(role: Role) -> tuple[str, ...]:
    return ("quality",) if role is Role.RECORDER else ()
