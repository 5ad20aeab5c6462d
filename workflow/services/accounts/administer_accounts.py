"""Accounts and passwords, as the operator keeps them; each change is a record."""

import re
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import select

from workflow.errors import FieldError, invalid, not_seen
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.policy import COMPANY, SYSTEM, Action, Actor, Role, decide_unit
from workflow.services.accounts import one_time_codes, passwords
from workflow.services.accounts.enrol_codes import take_away
from workflow.services.accounts.identify import end_sessions, set_password, tidy_username
from workflow.services.clock import Clock
from workflow.services.fields import Fields, check_fresh, permit, require_version
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Language, Phrase

NAME_LENGTH = 64

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_NO_USERNAME = Phrase(
    "用户名为 2 到 64 个小写字母、数字或 . _ @ -", "a user name has 2 to 64 small letters, digits or . _ @ -"
)
_TAKEN = Phrase("用户名 {username} 已被使用", "the user name {username} is taken")
_NO_PERSON = Phrase("没有工号为 {code} 的人员", "there is no person with the code {code}")
_HAS_ACCOUNT = Phrase("{code} 已有账户", "{code} has an account already")
_YOURSELF = Phrase("不能停用自己的账户", "one's own account can't be disabled")
_NO_DEVICE = Phrase("{username} 没有启用一次性验证码", "{username} does not use one-time codes")
_HAS_OPERATOR = Phrase("已有系统管理员,请由其建立账户", "there is an operator already, who makes accounts")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made of; `person` is the staff number of the one whose account it is."""

    username: str
    name: str
    person: str | None = None
    language: str = Language.ZH
    is_demo: bool = False


def create_account(
    actor: Actor,
    clock: Clock,
    new: NewAccount,
    password: str,
    *,
    must_change: bool = True,
    kept: Kept | None = None,
) -> Account:
    """Make an account with a first password, which its owner changes at once; raises Refusal."""
    hashed = passwords.keep(password)  # slow, so before the transaction
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.ACCOUNTS_MANAGE, COMPANY))
        account = _create(work, new, password)
        set_password(work, account, hashed, must_change=must_change)
        work.finish(account)
        return account


def create_first_operator(clock: Clock, new: NewAccount, password: str, today: date) -> Account:
    """Make the account that can make all others; raises Refusal once there has been an operator."""
    hashed = passwords.keep(password)
    with unit_of_work(SYSTEM, clock) as work:
        if has_operator():
            raise invalid(FieldError("username", _HAS_OPERATOR))
        account = _create(work, new, password)
        set_password(work, account, hashed, must_change=False)
        grant = RoleGrant(account_id=account.id, role=Role.OPERATOR, unit_id=None, items=[], starts_on=today)
        work.create(grant, "grant.give")
        return account


def has_operator() -> bool:
    """Say whether there has ever been an operator."""
    return db.session.scalar(select(RoleGrant.id).where(RoleGrant.role == Role.OPERATOR).limit(1)) is not None


def rename_account(
    actor: Actor,
    clock: Clock,
    username: str,
    *,
    name: str,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Account:
    """Change the name that an account shows; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        account = find_account(actor, username)
        permit(decide_unit(actor, Action.ACCOUNTS_MANAGE, COMPANY))
        require_version(seen_version)
        fields = Fields()
        values = {"name": fields.text("name", name, NAME_LENGTH)}
        fields.check()
        check_fresh(account, seen_version, ("name",))
        work.change(account, "account.rename", values, role=Role.OPERATOR)
        work.finish(account)
        return account


def disable_account(
    actor: Actor, clock: Clock, username: str, *, seen_version: int | None, kept: Kept | None = None
) -> Account:
    """Keep an account from signing in and end its sessions at once; raises Refusal, also for one's own."""
    return _switch(actor, clock, username, off=True, seen_version=seen_version, kept=kept)


def enable_account(
    actor: Actor, clock: Clock, username: str, *, seen_version: int | None, kept: Kept | None = None
) -> Account:
    """Let a disabled account sign in again; raises Refusal."""
    return _switch(actor, clock, username, off=False, seen_version=seen_version, kept=kept)


def reset_password(
    actor: Actor, clock: Clock, username: str, password: str, *, reason: str = "", kept: Kept | None = None
) -> Account:
    """Give an account a new first password and end its sessions; raises Refusal."""
    hashed = passwords.keep(password)  # slow, so before the transaction
    with unit_of_work(actor, clock, kept) as work:
        account = find_account(actor, username)
        permit(decide_unit(actor, Action.ACCOUNTS_MANAGE, COMPANY))
        wrong = passwords.weaknesses(password, account.username)
        if wrong:
            raise invalid(*wrong)
        set_password(work, account, hashed, must_change=True)
        end_sessions(work, account.id)
        work.note(account, "account.reset_password", role=Role.OPERATOR, reason=reason)
        work.finish(account)
        return account


def reset_code(actor: Actor, clock: Clock, username: str, *, reason: str = "", kept: Kept | None = None) -> Account:
    """Let an account whose device is lost sign in by password alone, until another one is put in place; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        account = find_account(actor, username)
        permit(decide_unit(actor, Action.ACCOUNTS_MANAGE, COMPANY))
        if not one_time_codes.asks_for_code(account.id):
            raise invalid(FieldError("username", _NO_DEVICE, {"username": account.username}))
        take_away(work, account.id)
        end_sessions(work, account.id)
        work.note(account, "account.reset_code", role=Role.OPERATOR, reason=reason)
        work.finish(account)
        return account


def find_account(actor: Actor, username: str) -> Account:
    """Give an account and hold it until the transaction ends; raises Refusal when the actor may not see accounts."""
    query = select(Account).where(Account.username == tidy_username(username)).with_for_update()
    account = db.session.scalar(query)
    if account is None or decide_unit(actor, Action.ACCOUNTS_SEE):
        raise not_seen()
    return account


def _switch(
    actor: Actor, clock: Clock, username: str, *, off: bool, seen_version: int | None, kept: Kept | None
) -> Account:
    with unit_of_work(actor, clock, kept) as work:
        account = find_account(actor, username)
        permit(decide_unit(actor, Action.ACCOUNTS_MANAGE, COMPANY))
        require_version(seen_version)
        if off and account.id == actor.account_id:
            raise invalid(FieldError("username", _YOURSELF))
        check_fresh(account, seen_version, ("disabled",))
        work.change(account, "account.disable" if off else "account.enable", {"disabled": off}, role=Role.OPERATOR)
        if off:
            end_sessions(work, account.id)
        work.finish(account)
        return account


def _create(work: Work, new: NewAccount, password: str) -> Account:
    fields = Fields()
    username = tidy_username(new.username)
    if not _USERNAME.fullmatch(username):
        fields.wrong("username", _NO_USERNAME)
    elif db.session.scalar(select(Account.id).where(Account.username == username)) is not None:
        fields.wrong("username", _TAKEN, username=username)
    name = fields.text("name", new.name, NAME_LENGTH)
    language = fields.choice("language", new.language, Language)
    person_id = _person_id(new.person, fields)
    fields.errors += passwords.weaknesses(password, username)
    fields.check()
    account = Account(
        username=username,
        name=name,
        person_id=person_id,
        language=cast(Language, language),
        disabled=False,
        is_demo=new.is_demo,
    )
    work.create(account, "account.create", role=Role.OPERATOR if work.actor.account_id else None)
    return account


def _person_id(code: str | None, fields: Fields) -> int | None:
    """Give the id of the person behind an account, who has no other account."""
    if code is None:
        return None
    found = db.session.scalar(select(Person.id).where(Person.code == code))
    if found is None:
        fields.wrong("person", _NO_PERSON, code=code)
    elif db.session.scalar(select(Account.id).where(Account.person_id == found)) is not None:
        fields.wrong("person", _HAS_ACCOUNT, code=code)
    return found
