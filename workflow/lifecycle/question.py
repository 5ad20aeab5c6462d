"""The life of a signer's question 询问 about a card: asked, then answered or taken back; the card itself stays where it is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from workflow.errors import Denied
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Actor, QuestionFacts, decide_asker, decide_question_answer, decide_question_see
from workflow.wording import Phrase

LEAST_TEXT: Final = 2
"""The fewest characters of a question and of its answer."""


class State(StrEnum):
    """The states of a question."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Trigger(StrEnum):
    """The moves of a question."""

    ANSWER = "answer"
    WITHDRAW = "withdraw"


STATE_NAMES: Mapping[State, Phrase] = {
    State.ASKED: Phrase("待答复", "asked"),
    State.ANSWERED: Phrase("已答复", "answered"),
    State.WITHDRAWN: Phrase("已撤回", "withdrawn"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.ANSWER: Phrase("答复", "answer"),
    Trigger.WITHDRAW: Phrase("撤回", "withdraw"),
}

LIFECYCLE: Final = Lifecycle[QuestionFacts](
    initial=State.ASKED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.ANSWER, State.ASKED, State.ANSWERED, least_reason=LEAST_TEXT),
        Edge(Trigger.WITHDRAW, State.ASKED, State.WITHDRAWN),
    ),
)


def decide(trigger: str, facts: QuestionFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def explain(trigger: str, facts: QuestionFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return forbidden(trigger, facts, actor) or LIFECYCLE.refusal_by_state(trigger, facts.state)


def forbidden(trigger: str, facts: QuestionFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move: unseen, or not theirs to make; of an unknown one only whether it is seen."""
    refused = decide_question_see(actor, facts)
    if refused or trigger not in set(Trigger):
        return refused
    return decide_asker(actor, facts) if trigger == Trigger.WITHDRAW else decide_question_answer(actor, facts)
