"""The way in: signing in, telling who calls, proving it again, signing out. No policy: whoever has an account may."""

import hashlib
import ipaddress
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select, update

from config import Settings
from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, refuse
from workflow.models import access_queries
from workflow.models.accounts import Access, Account, Credential
from workflow.models.database import db
from workflow.policy import COMPANY, Actor, Grant, Party, Role
from workflow.services.accounts import one_time_codes, passwords
from workflow.services.accounts.sign_in_lock import add_failure, check_lock, count_failure, forget_failures
from workflow.services.clock import Clock
from workflow.services.unit_of_work import Work, unit_of_work
from workflow.wording import Language, Phrase

BROWSER = "browser"
TOKEN = "token"  # noqa: S105 — a kind of access, not a secret

_SECRET_BYTES = 32
_LONGEST_USERNAME = 64
_LONGEST_ADDRESS = 64
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls and by which access: `kind` is `browser` or `token`; `proved_at` is when the password was last given."""

    actor: Actor
    access_id: int
    kind: str
    proved_at: datetime
    expires_at: datetime
    must_change_password: bool
    is_demo: bool
    has_device: bool = False  # for one-time codes


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody proved themselves: by `password` or `otp` just now, by a recent `sign-in`, or not at all (None)."""

    method: str | None
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Whose password is tried: an account that may sign in."""

    account_id: int
    password_hash: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A one-time code as it was given, if one was, and the application's key, under which its device is kept."""

    otp: str | None
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of the ways by which an account is signed in at present."""

    id: int
    kind: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


def sign_in(
    username: str,
    password: str,
    otp: str | None = None,
    *,
    address: str,
    kind: str,
    clock: Clock,
    settings: Settings,
    request_id: str = "",
) -> tuple[str, Identity]:
    """Give the secret of a new access and who it is; raises Refusal, the same for a wrong, unknown or disabled name.

    Only who knows the password is told that the account asks for a one-time code as well.
    """
    name, address = tidy_username(username), address[:_LONGEST_ADDRESS]
    check_lock(name, address, clock())
    candidate = _candidate(name)
    if not passwords.matches(candidate.password_hash if candidate else None, password) or candidate is None:
        count_failure(name, address, clock)
        raise refuse(Reason.SIGN_IN_FAILED)
    if candidate.is_demo and not demo_allowed(settings):
        raise refuse(Reason.DEMO_ACCOUNT)
    given = Given(otp, settings.secret_key)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    lasts = timedelta(hours=settings.token_hours if kind == TOKEN else settings.session_absolute_hours)
    with unit_of_work(Actor(candidate.account_id, name, name, request_id=request_id), clock) as work:
        opened = _open(work, candidate, Access(secret_hash=_hash(secret), kind=kind, address=address), lasts, given)
    if not opened:
        raise refuse(Reason.CODE_WRONG)
    found = identify(secret, kind=kind, clock=clock, settings=settings)
    if isinstance(found, Denied):
        raise Refusal(found)
    return secret, found


def identify(secret: str, *, kind: str, clock: Clock, settings: Settings) -> Identity | Denied:
    """Tell who has this secret, with the grants in force today; an access that ended says why."""
    now = clock()
    today = now.astimezone(settings.timezone).date()
    found = db.session.execute(access_queries.access(), {"secret": _hash(secret), "kind": kind, "today": today}).first()
    if found is None:
        return Denied(Reason.SIGN_IN)
    access, account, must_change, unit_path, has_device = found
    denied = _ended(access, account, now, settings)
    if denied is not None:
        return denied
    actor = Actor(
        account_id=account.id,
        username=account.username,
        name=account.name,
        person_id=account.person_id,
        grants=grants_on(account.id, account.person_id, today),
        language=Language(account.language),
        unit_path=unit_path,
    )
    identity = Identity(
        actor, access.id, kind, access.proved_at, access.expires_at, must_change, account.is_demo, has_device
    )
    if now - access.seen_at >= _SEEN_EVERY:
        _seen(actor, access.id, clock)
    return identity


def demo_allowed(settings: Settings) -> bool:
    """Say whether demo accounts may sign in: on a server bound to this machine alone, or where the setting allows it."""
    if settings.demo or settings.host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(settings.host.strip("[]")).is_loopback
    return False


def require_own_password(identity: Identity) -> None:
    """Raise Refusal while a first password, known to somebody else, has not been changed."""
    if identity.must_change_password:
        raise refuse(Reason.PASSWORD_CHANGE_FIRST)


def prove(identity: Identity, password: str | None, clock: Clock, minutes: int) -> Proof:
    """Check the password again, or without one whether it was given within `minutes`; raises Refusal (too many)."""
    if password is None:
        fresh = clock() - identity.proved_at <= timedelta(minutes=minutes)
        return Proof("sign-in" if fresh else None)
    if not knows_password(identity, password, clock):
        return Proof(None, wrong=True)
    with unit_of_work(identity.actor, clock) as work:
        _proved(work, identity)
    return Proof("password")


def prove_by_code(identity: Identity, otp: str, clock: Clock, settings: Settings) -> Proof:
    """Check a one-time code and use it up; a wrong one counts like a wrong password. Raises Refusal (too many)."""
    with unit_of_work(identity.actor, clock) as work:
        right = try_code(work, identity, otp, settings)
        if right:
            _proved(work, identity)
    return Proof("otp") if right else Proof(None, wrong=True)


def try_code(work: Work, identity: Identity, otp: str, settings: Settings) -> bool:
    """Say whether this is an unused code of the caller's device; a wrong one is counted in the same transaction.

    The account is held first, so that of many guesses at once each is counted before the next is looked at.
    """
    account = work.session.get_one(Account, identity.actor.account_id, with_for_update=True)
    address = _address_of(identity)
    check_lock(account.username, address, work.now)
    right = one_time_codes.use_up(work, account.id, otp, settings.secret_key)
    if not right:
        add_failure(work, account.username, address)
    return right


def knows_password(identity: Identity, password: str, clock: Clock) -> bool:
    """Whether this is the account's password; a wrong one counts against the lock like a failed sign-in."""
    check_lock(identity.actor.username, _address_of(identity), clock())
    query = select(Credential.password_hash).where(Credential.account_id == identity.actor.account_id)
    if passwords.matches(db.session.scalar(query), password):
        return True
    count_failure(identity.actor.username, _address_of(identity), clock)
    return False


def change_password(identity: Identity, old: str, new: str, clock: Clock) -> None:
    """Put a new password in the old one's place and end all other sessions; raises Refusal naming what is wrong."""
    username = identity.actor.username
    if not knows_password(identity, old, clock):
        raise invalid(FieldError("old_password", Phrase("原密码不正确", "the present password is wrong")))
    wrong = passwords.weaknesses(new, username, "new_password")
    if new == old:
        wrong.append(FieldError("new_password", Phrase("新密码不能与原密码相同", "the new password must differ")))
    if wrong:
        raise invalid(*wrong)
    kept = passwords.keep(new)
    with unit_of_work(identity.actor, clock) as work:
        account = work.session.get_one(Account, identity.actor.account_id)
        set_password(work, account, kept, must_change=False)
        end_sessions(work, account.id, but=identity.access_id)
        work.note(account, "account.change_password")


def set_password(work: Work, account: Account, kept: str, *, must_change: bool) -> None:
    """Keep the hash of an account's new password; the caller records that it changed."""
    credential = work.session.get(Credential, account.id) or Credential(account_id=account.id)
    credential.password_hash, credential.changed_at, credential.must_change = kept, work.now, must_change
    work.session.add(credential)
    work.session.flush()


def sign_out(identity: Identity, clock: Clock) -> None:
    """End this access."""
    end_session(identity, identity.access_id, clock)


def end_session(identity: Identity, access_id: int, clock: Clock) -> None:
    """End one of one's own sessions or tokens; raises Refusal when it is not one's own or there no more."""
    with unit_of_work(identity.actor, clock) as work:
        mine = and_(Access.id == access_id, Access.account_id == identity.actor.account_id)
        if work.session.scalar(select(Access.id).where(mine)) is None:
            raise not_seen()
        work.session.execute(delete(Access).where(mine))


def end_all_sessions(identity: Identity, clock: Clock) -> None:
    """End every session and token of one's own account but the present one."""
    with unit_of_work(identity.actor, clock) as work:
        end_sessions(work, identity.actor.account_id, but=identity.access_id)


def end_sessions(work: Work, account_id: int, *, but: int | None = None) -> None:
    """End the sessions and tokens of an account within a transaction, all or all but one."""
    kept = Access.id != but if but is not None else Access.id.is_not(None)
    work.session.execute(delete(Access).where(Access.account_id == account_id, kept))


def list_sessions(identity: Identity, clock: Clock) -> tuple[SessionRow, ...]:
    """Give one's own sessions and tokens that have not expired, the newest first."""
    mine = (Access.account_id == identity.actor.account_id, Access.expires_at > clock())
    rows = db.session.scalars(select(Access).where(*mine).order_by(Access.created_at.desc()))
    return tuple(
        SessionRow(
            row.id, row.kind, row.address, row.created_at, row.seen_at, row.expires_at, row.id == identity.access_id
        )
        for row in rows
    )


def tidy_username(text: str) -> str:
    """Give a user name as it is kept: without what can't be seen, in small letters, at most 64 characters."""
    normal = unicodedata.normalize("NFKC", text).strip().lower()
    return "".join(character for character in normal if character.isprintable())[:_LONGEST_USERNAME]


def _candidate(username: str) -> _Candidate | None:
    found = db.session.execute(
        select(Account.id, Credential.password_hash, Account.is_demo)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.username == username, Account.disabled.is_(False))
    ).first()
    return _Candidate(*found) if found else None


def _open(work: Work, candidate: _Candidate, access: Access, lasts: timedelta, given: Given) -> bool:
    """Write the access, if no other guess locked the name and nobody changed the account while the password was tried.

    Says no for a wrong one-time code, and has counted it.
    """
    account = work.session.scalars(select(Account).where(Account.id == candidate.account_id).with_for_update()).one()
    check_lock(account.username, access.address, work.now)
    kept = work.session.scalar(select(Credential.password_hash).where(Credential.account_id == account.id))
    if account.disabled or kept != candidate.password_hash:
        raise refuse(Reason.SIGN_IN_FAILED)
    if one_time_codes.asks_for_code(account.id):
        if not given.otp:
            raise refuse(Reason.CODE_NEEDED)
        if not one_time_codes.use_up(work, account.id, given.otp, given.key):
            add_failure(work, account.username, access.address)
            return False
    forget_failures(work, account.username, access.address)
    work.session.execute(delete(Access).where(Access.account_id == account.id, Access.expires_at <= work.now))
    access.account_id, access.expires_at = account.id, work.now + lasts
    access.created_at = access.seen_at = access.proved_at = work.now
    work.session.add(access)
    work.note(account, "account.sign_in", reason=access.kind)
    return True


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _ended(access: Access, account: Account, now: datetime, settings: Settings) -> Denied | None:
    if account.disabled:
        return Denied(Reason.SIGN_IN)
    if account.is_demo and not demo_allowed(settings):
        return Denied(Reason.DEMO_ACCOUNT)
    if access.kind == TOKEN:
        return Denied(Reason.TOKEN_EXPIRED) if now >= access.expires_at else None
    idle = now - access.seen_at >= timedelta(minutes=settings.session_idle_minutes)
    return Denied(Reason.SIGN_IN) if idle or now >= access.expires_at else None


def grants_on(account_id: int, person_id: int | None, today: date) -> tuple[Grant, ...]:
    """The grants in force, what a person is as head of a unit, and what others have delegated."""
    whose = {"account": account_id, "person": person_id, "today": today}
    rows: Iterable[tuple[Any, ...]] = db.session.execute(access_queries.grants(), whose)
    found = (_grant(row) for row in rows)
    return tuple(sorted(found, key=lambda grant: grant.holder is not None))


def _grant(row: tuple[Any, ...]) -> Grant:
    role, unit_id, path, items, *holder = row
    held_by = None if holder[0] is None else Party(*holder)
    return Grant(Role(role), COMPANY if unit_id is None else path, frozenset(items or ()), held_by)


def _seen(actor: Actor, access_id: int, clock: Clock) -> None:
    """Say that the access is in use; a database that can't take it now does not keep anybody from reading."""
    with suppress(Refusal), unit_of_work(actor, clock) as work:
        work.session.execute(update(Access).where(Access.id == access_id).values(seen_at=work.now))


def _proved(work: Work, identity: Identity) -> None:
    """Keep that they have just proved who they are."""
    forget_failures(work, identity.actor.username, _address_of(identity))
    work.session.execute(update(Access).where(Access.id == identity.access_id).values(proved_at=work.now))


def _address_of(identity: Identity) -> str:
    return db.session.scalar(select(Access.address).where(Access.id == identity.access_id)) or ""
