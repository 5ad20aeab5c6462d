"""The life of a query 查询 about a score (source: lifecycle.md, The others): submitted, answered, closed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from workflow.errors import Denied
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, ObjectionFacts, decide_answer, decide_objection_see, decide_objector
from workflow.wording import Phrase

LEAST_TEXT: Final = 5
"""The fewest characters of a query and of its answer."""


class State(StrEnum):
    """The states of a query."""

    SUBMITTED = "submitted"
    ANSWERED = "answered"
    CLOSED = "closed"


class Trigger(StrEnum):
    """The moves of a query."""

    ANSWER = "answer"
    CLOSE = "close"


STATE_NAMES: Mapping[State, Phrase] = {
    State.SUBMITTED: Phrase("已提出", "submitted"),
    State.ANSWERED: Phrase("已答复", "answered"),
    State.CLOSED: Phrase("已关闭", "closed"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.ANSWER: Phrase("答复", "answer"),
    Trigger.CLOSE: Phrase("关闭", "close"),
}

OPEN: Final = frozenset({State.SUBMITTED})
"""The states in which somebody still has to do something about it."""

LIFECYCLE: Final = Lifecycle[ObjectionFacts](
    initial=State.SUBMITTED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.ANSWER, State.SUBMITTED, State.ANSWERED, least_reason=LEAST_TEXT),
        Edge(Trigger.CLOSE, State.ANSWERED, State.CLOSED),
    ),
)


def decide(trigger: str, facts: ObjectionFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def explain(trigger: str, facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return forbidden(trigger, facts, actor) or LIFECYCLE.refusal_by_state(trigger, facts.state)


def forbidden(trigger: str, facts: ObjectionFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move: unseen, or not theirs to make; of an unknown one only whether it is seen."""
    refused = decide_objection_see(actor, Action.QUERIES_SEE, facts)
    if refused or trigger not in set(Trigger):
        return refused
    return decide_objector(actor, facts) if trigger == Trigger.CLOSE else decide_answer(actor, facts)
