"""The life of an appeal 绩效申诉 (source: lifecycle.md, The others): accepted, decided, escalated once, decided for good."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, ObjectionFacts, decide_handle, decide_objection_see, decide_objector
from workflow.policy.objections import names_of
from workflow.wording import Phrase

LEAST_TEXT: Final = 5
"""The fewest characters of an appeal, of a decision about it and of an escalation."""

COMMITTEE: Final = 3
"""How many decide together what an administrator alone does not (source: lifecycle.md, The others)."""

MAJORITY: Final = COMMITTEE // 2 + 1


class State(StrEnum):
    """The states of an appeal."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    UPHELD = "upheld"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    WITHDRAWN = "withdrawn"


class Trigger(StrEnum):
    """The moves of an appeal; where a committee decides, upholding and rejecting are votes until two agree."""

    ACCEPT = "accept"
    UPHOLD = "uphold"
    REJECT = "reject"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


STATE_NAMES: Mapping[State, Phrase] = {
    State.SUBMITTED: Phrase("已提出", "submitted"),
    State.ACCEPTED: Phrase("已受理", "accepted"),
    State.UPHELD: Phrase("申诉成立", "upheld"),
    State.REJECTED: Phrase("申诉不成立", "rejected"),
    State.ESCALATED: Phrase("复议中", "escalated"),
    State.WITHDRAWN: Phrase("已撤回", "withdrawn"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.ACCEPT: Phrase("受理", "accept"),
    Trigger.UPHOLD: Phrase("认定成立", "uphold"),
    Trigger.REJECT: Phrase("认定不成立", "reject"),
    Trigger.ESCALATE: Phrase("提请复议", "escalate"),
    Trigger.WITHDRAW: Phrase("撤回申诉", "withdraw"),
}

OPEN: Final = frozenset({State.SUBMITTED, State.ACCEPTED, State.ESCALATED})
"""The states in which somebody still has to decide."""

BY_OBJECTOR: Final = frozenset({Trigger.ESCALATE, Trigger.WITHDRAW})
"""The moves that only the appraised person makes."""


def _decides(trigger: Trigger, facts: ObjectionFacts) -> bool:
    """Whether one more of this makes a decision: always without a committee, else with it the majority is reached."""
    return not facts.committee or facts.votes(trigger) + 1 >= MAJORITY


def _upholds(facts: ObjectionFacts) -> bool:
    return _decides(Trigger.UPHOLD, facts)


def _rejects(facts: ObjectionFacts) -> bool:
    return _decides(Trigger.REJECT, facts)


def _once(facts: ObjectionFacts, _request: MoveRequest) -> Denied | None:
    return Denied(Reason.ESCALATED_BEFORE) if facts.escalated else None


def _in_time(facts: ObjectionFacts, _request: MoveRequest) -> Denied | None:
    return Denied(Reason.ESCALATION_LATE, {"day": facts.escalate_until}) if facts.escalation_over else None


def _unvoted(facts: ObjectionFacts, request: MoveRequest) -> Denied | None:
    voted = any(member.vote is not None and member.is_by(request.actor) for member in facts.committee)
    return Denied(Reason.HAS_VOTED) if voted else None


def _vote(trigger: Trigger, target: State) -> Edge[ObjectionFacts]:
    decisive = {Trigger.UPHOLD: _upholds, Trigger.REJECT: _rejects}[trigger]
    ends = target is not State.ESCALATED
    return Edge(
        trigger,
        State.ESCALATED,
        target,
        least_reason=LEAST_TEXT,
        chosen=lambda facts: decisive(facts) is ends,
        guards=(_unvoted,),
    )


LIFECYCLE: Final = Lifecycle[ObjectionFacts](
    initial=State.SUBMITTED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.ACCEPT, State.SUBMITTED, State.ACCEPTED),
        Edge(Trigger.UPHOLD, State.ACCEPTED, State.UPHELD, least_reason=LEAST_TEXT),
        Edge(Trigger.REJECT, State.ACCEPTED, State.REJECTED, least_reason=LEAST_TEXT),
        Edge(Trigger.ESCALATE, State.REJECTED, State.ESCALATED, least_reason=LEAST_TEXT, guards=(_once, _in_time)),
        _vote(Trigger.UPHOLD, State.UPHELD),
        _vote(Trigger.UPHOLD, State.ESCALATED),
        _vote(Trigger.REJECT, State.REJECTED),
        _vote(Trigger.REJECT, State.ESCALATED),
        Edge(Trigger.WITHDRAW, State.SUBMITTED, State.WITHDRAWN),
        Edge(Trigger.WITHDRAW, State.ACCEPTED, State.WITHDRAWN),
        Edge(Trigger.WITHDRAW, State.ESCALATED, State.WITHDRAWN),
    ),
)


def decide(trigger: str, facts: ObjectionFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def decide_committee(facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Whether this actor may name the committee now: an administrator who may decide the escalated appeal alone."""
    refused = decide_objection_see(actor, Action.APPEALS_SEE, facts)
    if refused:
        return refused
    if facts.committee:
        return Denied(Reason.COMMITTEE_NAMED, {"names": names_of(facts.committee)})
    refused = decide_handle(actor, facts, reconsidered=True)
    if refused or facts.state == State.ESCALATED:
        return refused
    move = Phrase("组成委员会", "naming a committee")
    return Denied(Reason.WRONG_STATE, {"state": STATE_NAMES[State(facts.state)], "move": move})


def explain(trigger: str, facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    refused = forbidden(trigger, facts, actor) or LIFECYCLE.refusal_by_state(trigger, facts.state)
    if refused:
        return refused
    request = MoveRequest(actor, facts.version)
    if trigger == Trigger.ESCALATE:
        return _once(facts, request) or _in_time(facts, request)
    return _unvoted(facts, request)


def forbidden(trigger: str, facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move: unseen, or not theirs to make; of an unknown one only whether it is seen."""
    refused = decide_objection_see(actor, Action.APPEALS_SEE, facts)
    if refused or trigger not in set(Trigger):
        return refused
    if trigger in BY_OBJECTOR:
        return decide_objector(actor, facts)
    return decide_handle(actor, facts, reconsidered=facts.state == State.ESCALATED)
