"""Slows down guessing: five failures within a quarter of an hour lock a user name at an address for as long."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from workflow.errors import Reason, Refusal, refuse
from workflow.models.accounts import SignInFailure
from workflow.models.database import db
from workflow.policy import SYSTEM
from workflow.services.clock import Clock
from workflow.services.unit_of_work import Work, unit_of_work

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


def check_lock(username: str, address: str, now: datetime) -> None:
    """Raise Refusal (too many) while this name is locked at this address."""
    refusal = _locked(username, address, now)
    if refusal is not None:
        raise refusal


def count_failure(username: str, address: str, clock: Clock) -> None:
    """Count a wrong password, known name or not, in a transaction of its own."""
    with unit_of_work(SYSTEM, clock) as work:
        add_failure(work, username, address)


def add_failure(work: Work, username: str, address: str) -> None:
    """Count a wrong password or code within a transaction."""
    work.session.add(SignInFailure(username=username, address=address, at=work.now))
    work.session.execute(delete(SignInFailure).where(SignInFailure.at < work.now - 2 * LOCKED_FOR))


def forget_failures(work: Work, username: str, address: str) -> None:
    """Start counting anew after a right password."""
    here = (SignInFailure.username == username, SignInFailure.address == address)
    work.session.execute(delete(SignInFailure).where(*here))


def _locked(username: str, address: str, now: datetime) -> Refusal | None:
    newest = db.session.scalars(
        select(SignInFailure.at)
        .where(SignInFailure.username == username, SignInFailure.address == address)
        .order_by(SignInFailure.at.desc())
        .limit(FAILURES)
    ).all()
    if len(newest) < FAILURES or newest[0] - newest[-1] > LOCKED_FOR:
        return None
    left = newest[0] + LOCKED_FOR - now
    return refuse(Reason.TOO_MANY, minutes=math.ceil(left / timedelta(minutes=1))) if left > timedelta() else None
