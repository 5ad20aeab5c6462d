"""Putting a device for one-time codes in place, and removing it; the secret is told to its owner alone, and only once."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete

from config import Settings
from workflow.errors import FieldError, Reason, invalid, refuse
from workflow.models.accounts import Account, CodeMaker
from workflow.models.database import db
from workflow.services.accounts import one_time_codes
from workflow.services.accounts.identify import Identity, knows_password, try_code
from workflow.services.clock import Clock
from workflow.services.unit_of_work import Work, unit_of_work
from workflow.wording import Phrase

OFFERED_FOR = timedelta(minutes=10)
"""How long a new secret waits for its first code."""

_NONCE_BYTES = 12
_WRONG_PASSWORD = Phrase("密码不正确", "the password is wrong")
_WRONG_CODE = Phrase("验证码不正确或已用过", "the code is wrong or has been used")


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that waits for its first code: as letters to type, and as the address in the QR code."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How things stand with one's device: `since` when it counts, or the `offer` that waits; neither for none."""

    since: datetime | None = None
    offer: Offer | None = None


def begin(identity: Identity, password: str, clock: Clock, settings: Settings) -> None:
    """Make a secret for a new device; raises Refusal for a wrong password and where there is a device already."""
    _require_password(identity, password, clock)
    account_id = identity.actor.account_id
    with unit_of_work(identity.actor, clock) as work:
        work.session.get_one(Account, account_id, with_for_update=True)
        present = work.session.get(CodeMaker, account_id)
        if present is not None and present.confirmed_at is not None:
            raise refuse(Reason.STALE)
        concealed = one_time_codes.conceal(
            pyotp.random_base32(), account_id, settings.secret_key, os.urandom(_NONCE_BYTES)
        )
        work.session.merge(CodeMaker(account_id=account_id, secret=concealed, made_at=work.now, last_step=0))


def look_up(identity: Identity, clock: Clock, settings: Settings) -> Enrolment:
    """Tell how things stand with one's own device."""
    maker = db.session.get(CodeMaker, identity.actor.account_id)
    if maker is None:
        return Enrolment()
    if maker.confirmed_at is not None:
        return Enrolment(since=maker.confirmed_at)
    secret = one_time_codes.reveal(maker.secret, maker.account_id, settings.secret_key)
    if secret is None or clock() - maker.made_at > OFFERED_FOR:
        return Enrolment()
    address = pyotp.TOTP(secret).provisioning_uri(name=identity.actor.username, issuer_name=settings.company)
    return Enrolment(offer=Offer(secret, address))


def confirm(identity: Identity, code: str, clock: Clock, settings: Settings) -> None:
    """Let the device count from now on, by its first code; raises Refusal."""
    offered = look_up(identity, clock, settings).offer is not None
    with unit_of_work(identity.actor, clock) as work:
        account = work.session.get_one(Account, identity.actor.account_id)
        right = offered and one_time_codes.use_up(work, account.id, code, settings.secret_key, confirmed=False)
        if right:
            work.session.get_one(CodeMaker, account.id).confirmed_at = work.now
            work.note(account, "account.enrol_code")
    if not right:
        raise invalid(FieldError("otp", _WRONG_CODE))


def remove(identity: Identity, password: str, code: str, clock: Clock, settings: Settings) -> None:
    """Do without one-time codes from now on; asks for the password and a code, raises Refusal."""
    _require_password(identity, password, clock)
    with unit_of_work(identity.actor, clock) as work:
        right = try_code(work, identity, code, settings)
        if right:
            take_away(work, identity.actor.account_id)
            work.note(work.session.get_one(Account, identity.actor.account_id), "account.remove_code")
    if not right:
        raise invalid(FieldError("otp", _WRONG_CODE))


def take_away(work: Work, account_id: int) -> None:
    """Delete an account's device within a transaction; the caller records it."""
    work.session.execute(delete(CodeMaker).where(CodeMaker.account_id == account_id))


def _require_password(identity: Identity, password: str, clock: Clock) -> None:
    if not knows_password(identity, password, clock):
        raise invalid(FieldError("password", _WRONG_PASSWORD))
