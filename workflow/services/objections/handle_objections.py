"""Queries and appeals: making one, and moving it on; an appeal that is upheld opens a revision of the card."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from workflow.errors import Denied, ErrorCode, FieldError, Reason, Refusal, invalid, not_seen, refuse, stale
from workflow.lifecycle import appeal, query
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.models.database import db
from workflow.models.objections import APPEAL, KINDS, QUERY, TEXT_LENGTH, CommitteeSeat, Objection, ObjectionStep
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import STATE_NAMES, UNIT_ROLES, Action, Actor, Grant, ObjectionFacts, Role, State
from workflow.scoring.engine import Scorer
from workflow.services.clock import Clock
from workflow.services.fields import permit, require_version
from workflow.services.objections import committees
from workflow.services.objections.objection_facts import appeals_about, facts_of, seats_of
from workflow.services.scorecards import cards, derive, revise
from workflow.services.scorecards.cards import OpenCard
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.services.working_days import USUAL, Terms
from workflow.wording import Phrase

LEAST_TEXT: Final = 5
NO_SUCH_KIND = Phrase("须是 query(查询)或 appeal(申诉)", "must be query or appeal")
NO_SUCH_ITEM = Phrase("此评分表没有项目 {item}", "this card has no item {item}")
TEXT_SIZE = Phrase("须有 {least} 到 {most} 个字", "must have {least} to {most} characters")

MAKING: Final[Mapping[str, Phrase]] = {
    QUERY: Phrase("提出查询", "making a query"),
    APPEAL: Phrase("提出申诉", "making an appeal"),
}
DECIDE: Final[Mapping[str, Callable[[str, ObjectionFacts, MoveRequest], Move | Denied]]] = {
    QUERY: query.decide,
    APPEAL: appeal.decide,
}
ROLES: Final[Mapping[str, frozenset[Role]]] = {
    QUERY: UNIT_ROLES[Action.QUERIES_ANSWER],
    APPEAL: UNIT_ROLES[Action.APPEALS_HANDLE],
}
"""As what somebody moves an objection who is not the one who objects."""


@dataclass(frozen=True, slots=True)
class NewObjection:
    """What somebody objects to: an item by its code, or the whole card, and their words."""

    kind: str
    text: str
    item: str | None = None


def submit(
    actor: Actor, clock: Clock, card_id: int, new: NewObjection, *, terms: Terms = USUAL, kept: Kept | None = None
) -> Objection:
    """Make a query at any time, or an appeal within the days after publication and once about each item; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = cards.open_card(actor, Action.CARD_OBJECT, card_id, lock=True)
        text = _read(opened.scorer, new)
        _check_possible(work, opened, new, terms)
        card = opened.card
        objection = Objection(
            id=new_id(),
            kind=new.kind,
            scorecard_id=card.id,
            plan_id=card.plan_id,
            unit_id=card.unit_id,
            item=new.item,
            person_id=card.appraised_person_id,
            submitted_at=work.now,
            due_on=terms.answer_by(work.now),
        )
        work.create(objection, "objection.submit", parts=[_step(work, objection, "submit", text, None)])
        work.finish(objection)
        return objection


def move(
    actor: Actor,
    clock: Clock,
    objection_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    terms: Terms = USUAL,
    kept: Kept | None = None,
) -> Objection:
    """Answer, accept, uphold, reject, escalate, withdraw or close; the reason is what is said. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        objection = _locked(objection_id)
        facts = facts_of(objection, terms.day_of(work.now))
        answer = DECIDE[objection.kind](trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise _stale(objection) if answer.reason is Reason.STALE else Refusal(answer)
        text = _read_text("reason", reason or "", least=0)
        role = (
            None
            if facts.is_own(actor)
            else actor.apart_from(facts.person_id).acts_as(ROLES[objection.kind], facts.unit_path)
        )
        is_vote = answer.source == answer.target
        values = {} if is_vote else _values(work, objection, answer, terms, text, role)
        parts = [_step(work, objection, trigger, text, role), *_votes(actor, objection, answer)]
        event = "objection.vote" if is_vote else f"objection.{trigger}"
        work.change(objection, event, values, parts=parts, role=role, reason=text)
        work.finish(objection)
        return objection


def name_committee(
    actor: Actor,
    clock: Clock,
    objection_id: int,
    members: Sequence[str],
    *,
    seen_version: int | None,
    terms: Terms = USUAL,
    kept: Kept | None = None,
) -> Objection:
    """Let three people, by their user names, decide an escalated appeal in the place of an administrator; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        objection = _locked(objection_id)
        facts = facts_of(objection, terms.day_of(work.now))
        denied = decide_committee(objection, facts, actor)
        in_this_state = denied is None or denied.code is not ErrorCode.WRONG_STATE
        permit(denied if in_this_state else None)
        require_version(seen_version)
        found = committees.read_members(members, facts, terms.day_of(work.now))
        permit(denied)
        if seen_version != objection.version:
            raise _stale(objection)
        role = actor.acts_as(UNIT_ROLES[Action.APPEALS_RECONSIDER], facts.unit_path)
        seats = [_seat(objection, each) for each in found]
        step = _step(work, objection, "committee", "、".join(each.name for each in found), role)
        work.change(objection, "objection.committee", {}, parts=[step, *seats], role=role)
        work.finish(objection)
        return objection


def decide_committee(objection: Objection, facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Whether this actor may name a committee for it now; a query never has one."""
    return appeal.decide_committee(facts, actor) if objection.kind == APPEAL else Denied(Reason.NOT_SEEN)


def _locked(objection_id: int) -> Objection:
    found = db.session.scalar(select(Objection).where(Objection.id == objection_id).with_for_update())
    if found is None:
        raise not_seen()
    return found


def _stale(objection: Objection) -> Refusal:
    return stale(objection.version, objection.state)


def _read(scorer: Scorer, new: NewObjection) -> str:
    if new.kind not in KINDS:
        raise invalid(FieldError("kind", NO_SUCH_KIND))
    if new.item is not None and new.item not in scorer.scheme.items:
        raise invalid(FieldError("item", NO_SUCH_ITEM, {"item": new.item}))
    return _read_text("text", new.text, least=LEAST_TEXT)


def _read_text(path: str, text: str, *, least: int) -> str:
    read = unicodedata.normalize("NFC", text).strip()
    if not least <= len(read) <= TEXT_LENGTH:
        raise invalid(FieldError(path, TEXT_SIZE, {"least": least, "most": TEXT_LENGTH}))
    return read


def _check_possible(work: Work, opened: OpenCard, new: NewObjection, terms: Terms) -> None:
    """Raise Refusal unless the card stands, and for an appeal its time runs and it is the first about this."""
    card = opened.card
    if card.state != State.PUBLISHED or card.published_at is None:
        raise refuse(Reason.WRONG_STATE, state=STATE_NAMES[State(card.state)], move=MAKING[new.kind])
    if new.kind == QUERY:
        return
    before = appeals_about(card.id).get(new.item)
    if before is not None:
        raise refuse(Reason.APPEALED_BEFORE, state=appeal.STATE_NAMES[appeal.State(before.state)])
    last = terms.last_day(card.published_at)
    if terms.day_of(work.now) > last:
        raise refuse(Reason.APPEAL_LATE, day=last)


def _values(
    work: Work, objection: Objection, answer: Move, terms: Terms, text: str, role: Grant | None
) -> dict[str, object]:
    """Give what a move changes of the objection's own row."""
    values: dict[str, object] = {"state": answer.target}
    match answer.trigger:
        case query.Trigger.ANSWER | appeal.Trigger.ACCEPT:
            values["handler_id"] = work.actor.account_id
        case appeal.Trigger.UPHOLD:
            values |= {"handler_id": work.actor.account_id, "revision_id": _revision_for(work, objection, text, role)}
        case appeal.Trigger.REJECT:
            values["handler_id"] = work.actor.account_id
            if not objection.escalated:
                values["escalate_until"] = terms.last_day(work.now)
        case appeal.Trigger.ESCALATE:
            values |= {"escalated": True, "handler_id": None, "due_on": terms.answer_by(work.now)}
    return values


def _revision_for(work: Work, objection: Objection, text: str, role: Grant | None) -> int:
    """Open a revision of the card as it stands now, or take the draft of one that another appeal has opened."""
    number = select(Scorecard.number).where(Scorecard.id == objection.scorecard_id).scalar_subquery()
    revisions = select(Scorecard.id).where(Scorecard.number == number).order_by(Scorecard.revision.desc()).limit(1)
    draft = db.session.scalar(revisions.where(Scorecard.revision > 0, Scorecard.state == State.DRAFT))
    if draft is not None:
        return draft
    standing = db.session.scalars(revisions.where(Scorecard.state == State.PUBLISHED)).one()
    opened = cards.open_many([standing], lock=True)[standing]
    fresh = revise.begin(work, opened, text, role or Grant(Role.ADMINISTRATOR))
    derive.follow_cards(work, [fresh])
    return fresh.id


def _step(work: Work, objection: Objection, trigger: str, text: str, role: Grant | None) -> Part:
    """Write down what was done and said."""
    query_of = select(func.count()).where(ObjectionStep.objection_id == objection.id)
    number = (db.session.scalar(query_of) or 0) + 1
    row = ObjectionStep(id=new_id(), objection_id=objection.id)
    actor = work.actor
    who: dict[str, Any] = {"account_id": actor.account_id, "person_id": actor.person_id, "name": actor.name}
    values = {
        "number": number,
        "trigger": trigger,
        **who,
        "role": role.role if role else None,
        "text": text,
        "at": work.now,
    }
    return Part(row, f"steps/{number}", values, is_new=True)


def _seat(objection: Objection, member: Actor) -> Part:
    row = CommitteeSeat(id=new_id(), objection_id=objection.id)
    values = {"account_id": member.account_id, "person_id": member.person_id, "name": member.name, "vote": None}
    return Part(row, f"committee/{member.username}", values, is_new=True)


def _votes(actor: Actor, objection: Objection, answer: Move) -> Iterator[Part]:
    """Give the vote that a member of the committee casts, if this is one."""
    if answer.source != appeal.State.ESCALATED or answer.trigger == appeal.Trigger.WITHDRAW:
        return
    for seat in seats_of(objection.id):
        if seat.account_id == actor.account_id:
            yield Part(seat, f"committee/{actor.username}", {"vote": answer.trigger})
