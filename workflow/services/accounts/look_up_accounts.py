"""The lists of accounts and of grants, for those who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from workflow.errors import not_seen
from workflow.models.accounts import Account, CodeMaker, Credential, RoleGrant
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Person, Unit
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit, unit_scope
from workflow.services.fields import permit
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within


class GrantStatus(StrEnum):
    """Whether a grant holds on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as a list shows it."""

    id: int
    username: str
    name: str
    person_code: str | None
    language: str
    disabled: bool
    is_demo: bool
    must_change_password: bool
    version: int


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant as a list shows it; without a unit it is for the whole company."""

    id: int
    username: str
    name: str
    role: Role
    unit_code: str | None
    unit_title: str | None
    items: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    status: GrantStatus
    version: int


@dataclass(frozen=True, slots=True)
class GrantsWanted:
    """Which grants a list is asked for: of an account, of a role, with this in user name or name, in force or all."""

    username: str | None = None
    role: str | None = None
    q: str = ""
    only_in_force: bool = False


def list_accounts(actor: Actor, asked: PageAsked, q: str = "") -> Page[AccountRow]:
    """Give the accounts by user name; raises Refusal for those who may not see them."""
    permit(decide_unit(actor, Action.ACCOUNTS_SEE))
    return page(_accounts().where(_named(q)), (Account.username,), asked, _account_row)


def accounts_with_device(actor: Actor) -> tuple[AccountRow, ...]:
    """Give the accounts that use one-time codes, by user name; none to those who may not see accounts."""
    if decide_unit(actor, Action.ACCOUNTS_SEE):
        return ()
    using = select(CodeMaker.account_id).where(CodeMaker.confirmed_at.is_not(None))
    rows = db.session.execute(_accounts().where(Account.id.in_(using)).order_by(Account.username))
    return tuple(map(_account_row, rows))


def find_account_row(actor: Actor, username: str) -> AccountRow:
    """Give one account; raises Refusal when it is not there or may not be seen."""
    row = db.session.execute(_accounts().where(Account.username == username)).first()
    if row is None or decide_unit(actor, Action.ACCOUNTS_SEE):
        raise not_seen()
    return _account_row(row)


def list_grants(actor: Actor, wanted: GrantsWanted, day: date, asked: PageAsked) -> Page[GrantRow]:
    """Give the grants in the actor's scope by user name; raises Refusal for those who may see none."""
    permit(decide_unit(actor, Action.GRANTS_SEE))
    query = _grants().where(_seen_by(actor), _named(wanted.q))
    if wanted.username is not None:
        query = query.where(Account.username == wanted.username)
    if wanted.role is not None:
        query = query.where(RoleGrant.role == wanted.role)
    if wanted.only_in_force:
        query = query.where(in_force(RoleGrant, day))
    return page(query, (Account.username, RoleGrant.id), asked, lambda row: _grant_row(row, day))


def find_grant(actor: Actor, grant_id: int, day: date) -> GrantRow:
    """Give one grant; raises Refusal when it is not there or may not be seen."""
    row = db.session.execute(_grants().where(RoleGrant.id == grant_id, _seen_by(actor))).first()
    if row is None:
        raise not_seen()
    return _grant_row(row, day)


def own_grants(actor: Actor, day: date) -> tuple[GrantRow, ...]:
    """Give the actor's own grants in force, for whoever asks who they are."""
    mine = _grants().where(RoleGrant.account_id == actor.account_id, in_force(RoleGrant, day)).order_by(RoleGrant.id)
    return tuple(_grant_row(row, day) for row in db.session.execute(mine))


def _accounts() -> Select[*tuple[Any, ...]]:
    return (
        select(Account, Person.code, Credential.must_change)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Credential, Credential.account_id == Account.id)
    )


def _grants() -> Select[*tuple[Any, ...]]:
    return (
        select(RoleGrant, Account.username, Account.name, Unit.code, Unit.title)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    paths = unit_scope(actor, Action.GRANTS_SEE)
    if COMPANY in paths:
        return true()
    return and_(RoleGrant.unit_id.is_not(None), within(paths))


def _named(q: str) -> ColumnElement[bool]:
    text = "".join(character for character in q.strip() if character.isprintable())
    if not text:
        return true()
    return or_(
        Account.username.contains(text.casefold(), autoescape=True), Account.name.contains(text, autoescape=True)
    )


def _account_row(row: AnyRow) -> AccountRow:
    account, person_code, must_change = tuple(row)[:3]
    return AccountRow(
        id=account.id,
        username=account.username,
        name=account.name,
        person_code=person_code,
        language=account.language,
        disabled=account.disabled,
        is_demo=account.is_demo,
        must_change_password=bool(must_change),
        version=account.version,
    )


def _grant_row(row: AnyRow, day: date) -> GrantRow:
    grant, username, name, unit_code, unit_title = tuple(row)[:5]
    return GrantRow(
        id=grant.id,
        username=username,
        name=name,
        role=Role(grant.role),
        unit_code=unit_code,
        unit_title=unit_title,
        items=tuple(grant.items),
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        status=_status(grant, day),
        version=grant.version,
    )


def _status(grant: RoleGrant, day: date) -> GrantStatus:
    if grant.ends_on is not None and grant.ends_on < day:
        return GrantStatus.ENDED
    return GrantStatus.COMING if grant.starts_on > day else GrantStatus.IN_FORCE


def demo_accounts(day: date) -> tuple[tuple[str, tuple[Role, ...]], ...]:
    """Name the demo accounts with their roles of this day, for the sign-in page of a demonstration."""
    query = (
        select(Account.username, RoleGrant.role)
        .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, in_force(RoleGrant, day)))
        .where(Account.is_demo, ~Account.disabled)
        .order_by(Account.id, RoleGrant.id)
    )
    rows: Iterable[tuple[str, str | None]] = db.session.execute(query)
    found: dict[str, list[Role]] = {}
    for username, role in rows:
        found.setdefault(username, []).extend([] if role is None else [Role(role)])
    return tuple((username, tuple(roles)) for username, roles in found.items())
