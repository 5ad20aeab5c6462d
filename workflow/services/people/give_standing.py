"""Giving a standing 岗位状态: on post, off post 待岗, leave or probation, from one day to another, with its reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.errors import Reason, refuse
from workflow.lifecycle import action_item
from workflow.lifecycle.personnel import State
from workflow.lifecycle.standing import KIND_NAMES, Kind, Span, collision
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.personnel import Standing
from workflow.policy import Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.people.personnel import PAPERS_LENGTH, REASON_LENGTH, hold_entry, hold_person, move_entry
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.services.working_days import USUAL
from workflow.wording import Phrase

_NO_END = Phrase("在岗没有结束日期", "on post has no last day")
_NO_ACTION = Phrase("此人没有这项已确认的奖惩事项", "this person has no such confirmed action item")
_TAKEN = {
    Kind.ON_POST: Phrase(
        "{since} 已登记在岗;请先作废该条或换一天",
        "on post from {since} is entered already; void that or take another day",
    ),
    Kind.OFF_POST: Phrase(
        "{since} 起已是待岗;请先作废该条,或先登记返岗",
        "off post from {since} already; void that or enter the return first",
    ),
    Kind.LEAVE: Phrase(
        "{since} 起已是请假;请先作废该条,或先登记返岗",
        "on leave from {since} already; void that or enter the return first",
    ),
    Kind.PROBATION: Phrase(
        "{since} 起已是试用;请先作废该条,或先登记返岗",
        "on probation from {since} already; void that or enter the return first",
    ),
}


@dataclass(frozen=True, slots=True)
class NewStanding:
    """What a standing is made of: for whom, what, which days, why, by which papers, and from which action item."""

    person: str
    kind: str
    starts_on: date
    ends_on: date | None = None
    reason: str = ""
    evidence: str = ""
    action: int | None = None


def give_standing(actor: Actor, clock: Clock, new: NewStanding, kept: Kept | None = None) -> Standing:
    """Enter a standing; raises Refusal, also where the person has another one on any of these days.

    A return to post may fall into another standing, which then ends on the day before.
    """
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.PEOPLE_WRITE))
        fields = Fields()
        person_id = hold_person(actor, new.person, USUAL.day_of(work.now), fields)
        span = _read_span(new, fields)
        reason = fields.text("reason", new.reason, REASON_LENGTH)
        evidence = fields.text("evidence", new.evidence, PAPERS_LENGTH, least=0)
        if new.action is not None and not _led_to_it(new.action, person_id):
            fields.wrong("action", _NO_ACTION)
        if span is not None:
            _check_alone(person_id, span, fields)
        fields.check()
        standing = Standing(person_id=person_id, kind=new.kind, starts_on=new.starts_on, ends_on=new.ends_on)
        standing.reason, standing.evidence, standing.action_id = reason, evidence, new.action
        work.create(standing, "standing.give", role=Role.HR, reason=reason)
        work.finish(standing)
        return standing


def move(
    actor: Actor,
    clock: Clock,
    standing_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
) -> Standing:
    """Void a standing with a reason; raises Refusal, also where two others would then hold on one day."""
    with unit_of_work(actor, clock, kept) as work:
        standing = hold_entry(Standing, standing_id)
        move_entry(work, standing, "standing", trigger, reason=reason, seen_version=seen_version)
        clash = collision(_spans(standing.person_id))
        if clash is not None:
            since = clash[1].starts_on.isoformat()
            raise refuse(Reason.STANDINGS_OVERLAP, kind=KIND_NAMES[clash[1].kind], since=since)
        work.finish(standing)
        return standing


def _read_span(new: NewStanding, fields: Fields) -> Span | None:
    """Check kind and days; None where they are wrong."""
    kind = fields.choice("kind", new.kind, Kind)
    fields.in_order(new.starts_on, new.ends_on)
    if kind is Kind.ON_POST and new.ends_on is not None:
        fields.wrong("ends_on", _NO_END)
    return None if kind is None or fields.errors else Span(kind, new.starts_on, new.ends_on)


def _led_to_it(action_id: int, person_id: int) -> bool:
    """Say whether this confirmed action item concerns the person."""
    query = select(ActionItem.id).where(
        ActionItem.id == action_id,
        ActionItem.person_id == person_id,
        ActionItem.state.in_([action_item.State.CONFIRMED, action_item.State.DONE]),
    )
    return db.session.scalar(query) is not None


def _check_alone(person_id: int, fresh: Span, fields: Fields) -> None:
    """Say that the days are wrong where the person has another standing on any of them."""
    clash = collision([*_spans(person_id), fresh])
    if clash is not None:
        other = clash[0] if clash[1].starts_on == fresh.starts_on else clash[1]
        fields.wrong("starts_on", _TAKEN[other.kind], since=other.starts_on.isoformat())


def _spans(person_id: int) -> list[Span]:
    """Give the valid standings of a person."""
    query = select(Standing).where(Standing.person_id == person_id, Standing.state == State.VALID)
    return [Span(Kind(each.kind), each.starts_on, each.ends_on) for each in db.session.scalars(query)]
