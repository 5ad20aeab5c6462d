"""What giving a standing and giving a level share: the person is held, nobody enters for themselves, voiding needs a reason."""

from datetime import date
from typing import TypeVar

from sqlalchemy import select

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle import personnel as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.personnel import LevelGiven, Standing
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.fields import Fields, permit
from workflow.services.people.look_up_organisation import last_unit_path
from workflow.services.unit_of_work import Work
from workflow.services.working_days import USUAL
from workflow.wording import Phrase

CODE_LENGTH = 32
REASON_LENGTH = 1000
PAPERS_LENGTH = 500

_NO_PERSON = Phrase("没有工号为 {code} 的人员", "there is nobody with the staff number {code}")

E = TypeVar("E", Standing, LevelGiven)


def hold_person(actor: Actor, code: str, day: date, fields: Fields) -> int:
    """Find and hold whom an entry is for; one out of reach is not told to exist. Raises Refusal for oneself.

    Of two entries for one person at one moment the second sees the first.
    """
    person_id = db.session.scalar(select(Person.id).where(Person.code == code).with_for_update())
    path = last_unit_path(person_id, day) if person_id is not None else COMPANY
    if person_id is None or decide_unit(actor, Action.PEOPLE_WRITE, path):
        fields.wrong("person", _NO_PERSON, code=code)
        return 0
    permit(lifecycle.forbidden_for(actor, path, person_id))
    return person_id


def hold_entry(table: type[E], entry_id: int) -> E:
    """Find and hold an entry with its person; raises Refusal where there is none."""
    person_id = db.session.scalar(select(table.person_id).where(table.id == entry_id))
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    entry = db.session.scalar(select(table).where(table.id == entry_id).with_for_update())
    if entry is None:
        raise not_seen()
    return entry


def move_entry(work: Work, entry: E, kind: str, trigger: str, *, reason: str | None, seen_version: int | None) -> None:
    """Move an entry, which voids it with the reason; raises Refusal."""
    path = last_unit_path(entry.person_id, USUAL.day_of(work.now))
    facts = lifecycle.EntryFacts(entry.state, entry.version, path, entry.person_id)
    answer = lifecycle.decide(trigger, facts, MoveRequest(work.actor, seen_version, reason))
    if isinstance(answer, Denied):
        raise stale(entry.version, entry.state) if answer.reason is Reason.STALE else Refusal(answer)
    text = (reason or "").strip()
    values = {"state": answer.target, "void_reason": text}
    work.change(entry, f"{kind}.{trigger}", values, role=Role.HR, reason=text)
