"""Proving the record on request: a page asks, the worker proves, the page shows how far it is and what was found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from config import Settings
from workflow.errors import Refusal
from workflow.models.accounts import Account
from workflow.models.database import WRITER, db
from workflow.models.verify_runs import VerifyRun
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.services.clock import Clock
from workflow.services.record import verify_records
from workflow.services.unit_of_work import unit_of_work

GIVEN_UP_AFTER = timedelta(minutes=1)
"""A proof that nobody has seen going on for so long is begun again."""

TOLD_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RunShown:
    """A proof as its reader sees it; without a verdict it waits or goes on, `percent` of it done."""

    asked_by: str
    asked_at: datetime
    begun: bool
    percent: int
    finished_at: datetime | None
    verdict: dict[str, Any] | None


def may_verify(actor: Actor) -> bool:
    """Say whether the actor may have the record proved, and sees what was found."""
    return decide_unit(actor, Action.RECORDS_VERIFY, COMPANY) is None


def ask(actor: Actor, clock: Clock) -> None:
    """Ask for a proof unless one is under way; raises Refusal for who may not."""
    denied = decide_unit(actor, Action.RECORDS_VERIFY, COMPANY)
    if denied is not None:
        raise Refusal(denied)
    with unit_of_work(actor, clock) as work:
        if work.session.scalar(select(VerifyRun.id).where(VerifyRun.finished_at.is_(None)).limit(1)) is None:
            work.session.add(VerifyRun(asked_by=actor.account_id, asked_at=work.now))


def newest(actor: Actor) -> RunShown | None:
    """Give the newest proof, none where there was none or where the actor may not see it."""
    if not may_verify(actor):
        return None
    query = select(VerifyRun, Account.name).join(Account, Account.id == VerifyRun.asked_by)
    found = db.session.execute(query.order_by(VerifyRun.id.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    run, name = found
    percent = min(99, run.done * 100 // run.steps) if run.steps else 0
    return RunShown(name, run.asked_at, run.seen_at is not None, percent, run.finished_at, run.verdict)


def work_off(settings: Settings, clock: Clock) -> bool:
    """Prove the record if somebody waits for it; says whether somebody did."""
    run_id = _begin(clock)
    if run_id is None:
        return False
    verdict = verify_records.verify_installation(settings, _Teller(run_id, clock).tell)
    _write(run_id, finished_at=clock(), verdict=verdict.as_data())
    return True


def _begin(clock: Clock) -> int | None:
    """Take the oldest proof that nobody is at; none where there is none."""
    now = clock()
    unseen = or_(VerifyRun.seen_at.is_(None), VerifyRun.seen_at < now - GIVEN_UP_AFTER)
    waiting = select(VerifyRun.id).where(VerifyRun.finished_at.is_(None), unseen).order_by(VerifyRun.id).limit(1)
    with db.engine.connect() as connection:
        run_id = connection.scalar(waiting)
    if run_id is None:
        return None
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        taken = connection.execute(update(VerifyRun).where(VerifyRun.id == run_id, unseen).values(seen_at=now, done=0))
        if not taken.rowcount:
            return None  # another worker was there first
    _write(run_id, steps=verify_records.count())
    return int(run_id)


class _Teller:
    """Writes down how far a proof is, about once a second."""

    def __init__(self, run_id: int, clock: Clock) -> None:
        self._run_id, self._clock = run_id, clock
        self._done = 0
        self._told_at = clock()

    def tell(self, steps: int) -> None:
        """Take note of so many more steps."""
        self._done += steps
        now = self._clock()
        if now - self._told_at >= TOLD_EVERY:
            self._told_at = now
            _write(self._run_id, done=self._done, seen_at=now)


def _write(run_id: int, **values: object) -> None:
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        connection.execute(update(VerifyRun).where(VerifyRun.id == run_id).values(**values))
