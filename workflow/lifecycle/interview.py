"""The life of an interview record 谈话记录: written when a talk is done, read by the person, changed only by a correction."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, decide_unit
from workflow.wording import Phrase

LEAST_WORDS: Final = 5
"""The fewest characters of a correction, and of why the person has not marked it as read."""


class State(StrEnum):
    """The states of an interview record."""

    RECORDED = "recorded"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    CORRECTED = "corrected"


class Trigger(StrEnum):
    """The moves of an interview record; `decline` notes that the person has not marked it as read, and why."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    CORRECT = "correct"


STATE_NAMES: Mapping[State, Phrase] = {
    State.RECORDED: Phrase("待本人阅知", "to be read by the person"),
    State.ACKNOWLEDGED: Phrase("本人已阅", "read by the person"),
    State.DECLINED: Phrase("本人未阅(已注明)", "not marked as read (noted)"),
    State.CORRECTED: Phrase("更正后待本人阅知", "corrected, to be read again"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.ACKNOWLEDGE: Phrase("标记已阅", "mark as read"),
    Trigger.DECLINE: Phrase("注明本人未阅", "note that it was not marked as read"),
    Trigger.CORRECT: Phrase("补充更正", "correct"),
}
UNREAD: Final = (State.RECORDED, State.CORRECTED)
"""The states in which it waits for the person."""


@dataclass(frozen=True, slots=True)
class InterviewFacts:
    """What policy and lifecycle need to know of an interview record."""

    state: str
    version: int
    unit_path: str
    person_id: int | None = None  # with whom was spoken; of a unit the person responsible for it


def _acknowledges(state: State) -> Edge[InterviewFacts]:
    return Edge(Trigger.ACKNOWLEDGE, state, State.ACKNOWLEDGED)


def _declines(state: State) -> Edge[InterviewFacts]:
    return Edge(Trigger.DECLINE, state, State.DECLINED, least_reason=LEAST_WORDS)


def _corrects(state: State) -> Edge[InterviewFacts]:
    return Edge(Trigger.CORRECT, state, State.CORRECTED, least_reason=LEAST_WORDS)


LIFECYCLE: Final = Lifecycle[InterviewFacts](
    initial=State.RECORDED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        _acknowledges(State.RECORDED),
        _acknowledges(State.DECLINED),
        _acknowledges(State.CORRECTED),
        _declines(State.RECORDED),
        _declines(State.CORRECTED),
        _corrects(State.RECORDED),
        _corrects(State.ACKNOWLEDGED),
        _corrects(State.DECLINED),
        _corrects(State.CORRECTED),
    ),
)


def decide(trigger: str, facts: InterviewFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def decide_see(actor: Actor, facts: InterviewFacts) -> Denied | None:
    """Whom it concerns sees it, and whoever may see the action items of its unit."""
    if _is_own(actor, facts):
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, Action.ACTIONS_SEE, facts.unit_path) else None


def forbidden(trigger: str, facts: InterviewFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move in any state: the person alone marks it as read, and does nothing else."""
    unseen = decide_see(actor, facts)
    if unseen is not None:
        return unseen
    if trigger == Trigger.ACKNOWLEDGE:
        return None if _is_own(actor, facts) else Denied(Reason.NOT_YOURS)
    refused = decide_unit(actor.apart_from(facts.person_id), Action.ACTIONS_DECIDE, facts.unit_path)
    return refused or (Denied(Reason.OWN_ACTION) if _is_own(actor, facts) else None)


def explain(trigger: str, facts: InterviewFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor now and who could make it; None exactly for what is offered."""
    return forbidden(trigger, facts, actor) or LIFECYCLE.refusal_by_state(trigger, facts.state)


def _is_own(actor: Actor, facts: InterviewFacts) -> bool:
    return actor.person_id is not None and actor.person_id == facts.person_id
