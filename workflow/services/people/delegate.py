"""Delegating 代理: a holder chooses who acts with their grant from a day to a day; an administrator does so for the absent."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle import delegation as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.delegations import Delegation
from workflow.models.organisation import Unit
from workflow.policy import (
    COMPANY,
    Actor,
    DelegatedFacts,
    Grant,
    Party,
    Role,
    decide_as_delegate,
    decide_delegate,
)
from workflow.services.accounts.identify import tidy_username
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.services.working_days import USUAL, Terms
from workflow.wording import Phrase

REASON_LENGTH = 1000

_NO_GRANT = Phrase(
    "没有此授权,或它在这些日期不生效", "there is no such grant, or it does not hold on all of these days"
)
_NO_ACCOUNT = Phrase("没有用户名为 {username} 的在用账户", "there is no active account called {username}")
_PAST = Phrase("不能早于今天", "must not lie before today")
_REASON_NEEDED = Phrase("请写明缺席的原因", "say why the holder is absent")
_TAKEN = Phrase(
    "该授权在此期间已委托给{name};请先结束那一项", "the grant is in the hands of {name} then; end that first"
)


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """Which grant goes to whom, from which day to which, and why; for another's grant the reason is needed."""

    grant_id: int
    delegate: str
    starts_on: date
    ends_on: date
    reason: str = ""


def delegate(
    actor: Actor, clock: Clock, new: NewDelegation, kept: Kept | None = None, terms: Terms = USUAL
) -> Delegation:
    """Hand a grant to a delegate; raises Refusal, also when a role that the delegate has then excludes it."""
    with unit_of_work(actor, clock, kept) as work:
        grant, facts = _grant_with_facts(new.grant_id, lock=True)
        permit(decide_delegate(actor, facts))
        fields = Fields()
        chosen = _hold_account(new.delegate, fields)
        is_own = facts.holder.is_by(actor)
        reason = fields.text("reason", new.reason, REASON_LENGTH, least=0)
        if not is_own and not reason:
            fields.wrong("reason", _REASON_NEEDED)
        _check_days(new, grant, terms.day_of(work.now), fields)
        fields.check()
        permit(decide_as_delegate(facts, chosen, actor, roles_between(chosen.account_id, new.starts_on, new.ends_on)))
        row = Delegation(
            grant_id=grant.id,
            delegate_id=chosen.account_id,
            given_by=actor.account_id,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            reason=reason,
            state=lifecycle.State.GIVEN,
        )
        work.create(row, "delegation.delegate", role=_role(actor, facts), reason=reason)
        work.finish(row)
        return row


def move(
    actor: Actor,
    clock: Clock,
    delegation_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
) -> Delegation:
    """End a delegation at once; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        row = db.session.scalar(select(Delegation).where(Delegation.id == delegation_id).with_for_update())
        if row is None:
            raise not_seen()
        facts = facts_of(row)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(row.version, row.state) if answer.reason is Reason.STALE else Refusal(answer)
        values = {"state": answer.target}
        work.change(row, f"delegation.{trigger}", values, role=_role(actor, facts.given), reason=(reason or "").strip())
        work.finish(row)
        return row


def facts_of(row: Delegation) -> lifecycle.DelegationFacts:
    """Give what policy and lifecycle need to know of a delegation."""
    _, facts = _grant_with_facts(row.grant_id, lock=False)
    delegate_account = db.session.get_one(Account, row.delegate_id)
    given = DelegatedFacts(facts.role, facts.unit_path, facts.holder, party_of(delegate_account))
    return lifecycle.DelegationFacts(row.state, row.version, given)


def party_of(account: Account) -> Party:
    """Give an account as policy knows who had a part in something."""
    return Party(account.id, account.person_id, account.name)


def roles_between(account_id: int, starts_on: date, ends_on: date | None) -> set[Role]:
    """Give the roles that an account has on any of these days, those of which it is a delegate too."""
    own = select(RoleGrant.role).where(RoleGrant.account_id == account_id, overlap(RoleGrant, starts_on, ends_on))
    handed = (
        select(RoleGrant.role)
        .join(Delegation, Delegation.grant_id == RoleGrant.id)
        .where(
            Delegation.delegate_id == account_id,
            Delegation.state == lifecycle.State.GIVEN,
            Delegation.ends_on >= starts_on,
            *(() if ends_on is None else (Delegation.starts_on <= ends_on,)),
        )
    )
    return {Role(role) for role in db.session.scalars(own.union(handed))}


def _grant_with_facts(grant_id: int, *, lock: bool) -> tuple[RoleGrant, DelegatedFacts]:
    """Find the grant and hold it if asked: of two delegations of it at one moment the second sees the first."""
    query = (
        select(RoleGrant, Account, Unit.path)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.id == grant_id)
    )
    found = db.session.execute(query.with_for_update(of=RoleGrant) if lock else query).first()
    if found is None:
        raise not_seen()
    grant, account, path = found
    return grant, DelegatedFacts(Role(grant.role), path or COMPANY, party_of(account))


def _hold_account(username: str, fields: Fields) -> Actor:
    """Find and hold the delegate's account: a grant given to it meanwhile is compared with the delegation."""
    query = select(Account).where(Account.username == tidy_username(username), Account.disabled.is_(False))
    account = db.session.scalar(query.with_for_update())
    if account is None:
        fields.wrong("delegate", _NO_ACCOUNT, username=username)
        return Actor(0, username, username)
    return Actor(account.id, account.username, account.name, account.person_id)


def _check_days(new: NewDelegation, grant: RoleGrant, today: date, fields: Fields) -> None:
    fields.in_order(new.starts_on, new.ends_on)
    if new.starts_on < today:
        fields.wrong("starts_on", _PAST)
    if grant.starts_on > new.starts_on or (grant.ends_on is not None and grant.ends_on < new.ends_on):
        fields.wrong("grant", _NO_GRANT)
    other = db.session.scalar(
        select(Account.name)
        .join(Delegation, Delegation.delegate_id == Account.id)
        .where(
            Delegation.grant_id == grant.id,
            Delegation.state == lifecycle.State.GIVEN,
            Delegation.starts_on <= new.ends_on,
            Delegation.ends_on >= new.starts_on,
        )
    )
    if other is not None:
        fields.wrong("starts_on", _TAKEN, name=other)


def _role(actor: Actor, facts: DelegatedFacts) -> Grant | None:
    """As what the actor hands on or takes back: the holder by the grant itself, the delegate as nothing, else as administrator."""
    if facts.holder.is_by(actor):
        return Grant(facts.role)
    if facts.delegate is not None and facts.delegate.is_by(actor):
        return None
    return Grant(Role.ADMINISTRATOR)
