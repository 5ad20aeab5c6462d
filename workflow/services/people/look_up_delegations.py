"""Reading delegations 代理: the reader's own, those by which they act, and those of the units in their scope."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true
from sqlalchemy.orm import aliased

from workflow.errors import not_seen
from workflow.lifecycle import delegation as lifecycle
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.delegations import Delegation
from workflow.models.organisation import Unit
from workflow.policy import (
    COMPANY,
    DELEGABLE,
    REASSIGNABLE,
    Action,
    Actor,
    DelegatedFacts,
    Party,
    Role,
    unit_scope,
)
from workflow.services.accounts.look_up_accounts import GrantStatus
from workflow.services.paging import MOST_ROWS, AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within

_Delegate, _Giver = aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation: whose grant, in whose hands, from which day to which, given by whom and why."""

    id: int
    grant: int
    role: Role
    unit_code: str | None
    unit_title: str | None
    items: tuple[str, ...]
    holder: str
    holder_name: str
    delegate: str
    delegate_name: str
    given_by: str
    given_by_name: str
    starts_on: date
    ends_on: date
    reason: str
    state: lifecycle.State
    status: GrantStatus
    version: int
    allowed: tuple[str, ...]
    facts: lifecycle.DelegationFacts


@dataclass(frozen=True, slots=True)
class DelegableGrant:
    """A grant that the reader may hand on, their own or that of somebody absent."""

    id: int
    role: Role
    unit_code: str | None
    unit_title: str | None
    holder: str
    holder_name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class DelegationsWanted:
    """Which delegations a list is asked for: all that may be seen, or those that act on the day or will."""

    only_in_force: bool = False


def list_delegations(actor: Actor, wanted: DelegationsWanted, day: date, asked: PageAsked) -> Page[DelegationRow]:
    """Give the delegations that the actor may see, the newest first."""
    query = _delegations().where(_seen_by(actor))
    if wanted.only_in_force:
        query = query.where(Delegation.state == lifecycle.State.GIVEN, Delegation.ends_on >= day)
    return page(query, (Delegation.id,), asked, lambda row: _row(actor, row, day), newest_first=True)


def find_delegation(actor: Actor, delegation_id: int, day: date) -> DelegationRow:
    """Give one delegation; raises Refusal when it is not there or may not be seen."""
    row = db.session.execute(_delegations().where(Delegation.id == delegation_id, _seen_by(actor))).first()
    if row is None:
        raise not_seen()
    return _row(actor, row, day)


def delegable_grants(actor: Actor, day: date) -> tuple[DelegableGrant, ...]:
    """Give what the actor may hand on today: their own grants, then as administrator those of who works in their units."""
    own = and_(RoleGrant.account_id == actor.account_id, RoleGrant.role.in_(sorted(DELEGABLE)))
    paths = unit_scope(actor.in_person(), Action.DELEGATIONS_MANAGE)
    others = and_(RoleGrant.role.in_(sorted(REASSIGNABLE)), _in_reach(paths))
    query = (
        select(RoleGrant, Unit.code, Unit.title, Account.username, Account.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(or_(own, others), in_force(RoleGrant, day), Account.disabled.is_(False))
        .order_by(RoleGrant.account_id != actor.account_id, Account.name, RoleGrant.role, RoleGrant.id)
        .limit(MOST_ROWS)
    )
    return tuple(
        DelegableGrant(grant.id, Role(grant.role), code, title, username, name, grant.account_id == actor.account_id)
        for grant, code, title, username, name in db.session.execute(query)
    )


def possible_delegates(actor: Actor, day: date) -> tuple[tuple[str, str], ...]:
    """Name, by user name, those who have any role today and could be asked to act for somebody; not the reader."""
    holds = select(RoleGrant.account_id).where(in_force(RoleGrant, day), RoleGrant.role.in_(sorted(DELEGABLE)))
    query = select(Account.username, Account.name).where(
        Account.id.in_(holds), Account.disabled.is_(False), Account.id != actor.account_id
    )
    found = db.session.execute(query.order_by(Account.name, Account.username).limit(MOST_ROWS))
    return tuple((username, name) for username, name in found)


def is_concerned(actor: Actor) -> bool:
    """Whether there is anything about delegations to show to the actor."""
    if unit_scope(actor, Action.DELEGATIONS_SEE):
        return True
    return any(grant.role in DELEGABLE for grant in actor.grants)


def _delegations() -> Select[*tuple[Any, ...]]:
    return (
        select(Delegation, RoleGrant, Unit.code, Unit.title, Unit.path, Account, _Delegate, _Giver)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(_Delegate, _Delegate.id == Delegation.delegate_id)
        .join(_Giver, _Giver.id == Delegation.given_by)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    mine = or_(_is_by(RoleGrant.account_id, Account.person_id, actor), _is_by(_Delegate.id, _Delegate.person_id, actor))
    return or_(mine, _in_reach(unit_scope(actor, Action.DELEGATIONS_SEE)))


def _is_by(account: Any, person: Any, actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `Party.is_by` says."""
    same = account == actor.account_id
    if actor.person_id is None:
        return and_(literal(value=True), same)
    return or_(person == actor.person_id, and_(person.is_(None), same))


def _in_reach(paths: tuple[str, ...]) -> ColumnElement[bool]:
    if COMPANY in paths:
        return true()
    return and_(RoleGrant.unit_id.is_not(None), within(paths)) if paths else false()


def _row(actor: Actor, row: AnyRow, day: date) -> DelegationRow:
    given, grant, code, title, path, holder, chosen, giver = tuple(row)[:8]
    facts = lifecycle.DelegationFacts(
        given.state,
        given.version,
        DelegatedFacts(Role(grant.role), path or COMPANY, _party(holder), _party(chosen)),
    )
    status = _status(given, day)
    return DelegationRow(
        id=given.id,
        grant=grant.id,
        role=Role(grant.role),
        unit_code=code,
        unit_title=title,
        items=tuple(grant.items),
        holder=holder.username,
        holder_name=holder.name,
        delegate=chosen.username,
        delegate_name=chosen.name,
        given_by=giver.username,
        given_by_name=giver.name,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        reason=given.reason,
        state=lifecycle.State(given.state),
        status=status,
        version=given.version,
        allowed=() if status is GrantStatus.ENDED else lifecycle.offered(facts, actor),
        facts=facts,
    )


def _party(account: Account) -> Party:
    return Party(account.id, account.person_id, account.name)


def _status(given: Delegation, day: date) -> GrantStatus:
    if given.state == lifecycle.State.ENDED or given.ends_on < day:
        return GrantStatus.ENDED
    return GrantStatus.COMING if given.starts_on > day else GrantStatus.IN_FORCE
