"""Interview records 谈话记录: written with the end of a talk, read by the person, corrected beside what stands."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle import interview as lifecycle
from workflow.lifecycle.interview import InterviewFacts, State, Trigger
from workflow.lifecycle.machine import MoveRequest
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.interviews import Interview, InterviewCorrection
from workflow.models.organisation import Person, Unit
from workflow.models.types import new_id
from workflow.policy import UNIT_ROLES, Action, Actor, Grant
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit, require_version
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

PLACE_LENGTH = 128
PRESENT_LENGTH = 256

NO_SUCH_PERSON = Phrase("没有工号为 {code} 的人员", "there is no person {code}")
NO_TIME = Phrase("须是 14:30 这样的时间", "must be a time of day like 14:30")
WITH_ONESELF = Phrase("谈话人须是另一个人", "the talk has to be held by somebody else")

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Held:
    """Where a talk was held, at which time of day, by whom (by who writes it down where not given), who else was there."""

    place: str
    at: str | None = None
    by: str | None = None
    present: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """How a talk was held, as it is kept."""

    place: str
    held_at: str | None
    held_by_id: int | None
    held_by: str
    present: str


def read(fields: Fields, actor: Actor, held: Held, with_person: int | None) -> Read:
    """Check how a talk was held, field by field below `interview`."""
    place = fields.text("interview.place", held.place, PLACE_LENGTH)
    present = fields.text("interview.present", held.present, PRESENT_LENGTH, least=0)
    if held.at is not None and not _TIME.fullmatch(held.at):
        fields.wrong("interview.at", NO_TIME)
    person_id, name = actor.person_id, actor.name
    if held.by:
        person = db.session.scalar(select(Person).where(Person.code == held.by))
        if person is None:
            fields.wrong("interview.by", NO_SUCH_PERSON, code=held.by)
        else:
            person_id, name = person.id, person.name
    if person_id is not None and person_id == with_person:
        fields.wrong("interview.by", WITH_ONESELF)
    return Read(place, held.at, person_id, name, present)


def write_down(work: Work, item: ActionItem, found: Read, role: Grant | None) -> None:
    """Make the record of the talk that this action item has just ended with."""
    same = ("subject_kind", "subject_id", "subject_code", "subject_name", "person_id", "unit_id")
    interview = Interview(
        id=new_id(),
        action_item_id=item.id,
        held_on=item.done_on,
        state=State.RECORDED,
        **{name: getattr(item, name) for name in same},
        **{name: getattr(found, name) for name in Read.__slots__},
    )
    work.create(interview, "interview.record", role=role)


def move(
    actor: Actor,
    clock: Clock,
    interview_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
) -> Interview:
    """Mark it as read (the reason is what the person has to say), note why it was not, or correct it; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        interview = db.session.scalar(select(Interview).where(Interview.id == interview_id).with_for_update())
        if interview is None:
            raise not_seen()
        facts = facts_of(interview)
        permit(lifecycle.forbidden(trigger, facts, actor))
        require_version(seen_version)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(interview.version, interview.state) if answer.reason is Reason.STALE else Refusal(answer)
        text = (reason or "").strip()
        values: dict[str, object] = {"state": answer.target, "acknowledged_at": None, "comment": None, "declined": None}
        if trigger == Trigger.ACKNOWLEDGE:
            values |= {"acknowledged_at": work.now, "comment": text or None}
        if trigger == Trigger.DECLINE:
            values["declined"] = text
        parts = [_correction(work, interview, text)] if trigger == Trigger.CORRECT else []
        role = None
        if trigger != Trigger.ACKNOWLEDGE:
            role = actor.apart_from(facts.person_id).acts_as(UNIT_ROLES[Action.ACTIONS_DECIDE], facts.unit_path)
        work.change(interview, f"interview.{trigger}", values, parts=parts, role=role, reason=text)
        work.finish(interview)
        return interview


def facts_of(interview: Interview, unit_path: str | None = None) -> InterviewFacts:
    """Give what policy and lifecycle need to know of an interview record."""
    if unit_path is None:
        unit_path = db.session.scalar(select(Unit.path).where(Unit.id == interview.unit_id)) or ""
    return InterviewFacts(interview.state, interview.version, unit_path, interview.person_id)


def _correction(work: Work, interview: Interview, text: str) -> Part:
    query = select(func.count()).where(InterviewCorrection.interview_id == interview.id)
    number = (db.session.scalar(query) or 0) + 1
    row = InterviewCorrection(id=new_id(), interview_id=interview.id)
    said = {"number": number, "text": text, "account_id": work.actor.account_id, "name": work.actor.name}
    return Part(row, f"corrections/{number}", {**said, "at": work.now}, is_new=True)
