"""The life of an improvement plan 改进 (source: lifecycle.md, The others): agreed, carried out, its effect judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, decide_unit
from workflow.wording import Phrase

LEAST_WORDS: Final = 5
"""The fewest characters of a progress note, of what was reached in the end, and of the judgement of the effect."""


class State(StrEnum):
    """The states of an improvement plan."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    EVALUATED = "evaluated"


class Trigger(StrEnum):
    """The moves of an improvement plan; `note` adds to its progress and leaves it where it is."""

    AGREE = "agree"
    START = "start"
    NOTE = "note"
    FINISH = "finish"
    EVALUATE = "evaluate"


STATE_NAMES: Mapping[State, Phrase] = {
    State.DRAFT: Phrase("草稿", "draft"),
    State.AGREED: Phrase("已约定", "agreed"),
    State.IN_PROGRESS: Phrase("进行中", "in progress"),
    State.DONE: Phrase("已完成(待评估)", "done (effect not judged yet)"),
    State.EVALUATED: Phrase("已评估", "evaluated"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.AGREE: Phrase("约定", "agree"),
    Trigger.START: Phrase("开始", "start"),
    Trigger.NOTE: Phrase("记录进展", "note progress"),
    Trigger.FINISH: Phrase("完成", "finish"),
    Trigger.EVALUATE: Phrase("评估效果", "evaluate"),
}
BY_THE_OWNER: Final = frozenset({Trigger.START, Trigger.NOTE, Trigger.FINISH})
"""What the one who carries it out may do as well as head and HR."""

WITH_WORDS: Final = frozenset({Trigger.NOTE, Trigger.FINISH, Trigger.EVALUATE})
"""The moves that need words."""

OPEN: Final = (State.DRAFT, State.AGREED, State.IN_PROGRESS)
"""The states in which the due date can pass."""


@dataclass(frozen=True, slots=True)
class ImprovementFacts:
    """What policy and lifecycle need to know of an improvement plan."""

    state: str
    version: int
    unit_path: str
    person_id: int | None = None  # whom it is for; of a unit the person responsible for it
    owner_id: int | None = None  # who carries it out
    missing: tuple[str, ...] = ()  # the periods whose value is not there yet, before or after


def _effect_known(facts: ImprovementFacts, _request: MoveRequest) -> Denied | None:
    """Refuse to judge an effect before both values are there."""
    if not facts.missing:
        return None
    return Denied(Reason.INCOMPLETE, {"count": len(facts.missing), "items": "、".join(facts.missing)})


LIFECYCLE: Final = Lifecycle[ImprovementFacts](
    initial=State.DRAFT,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.AGREE, State.DRAFT, State.AGREED),
        Edge(Trigger.START, State.AGREED, State.IN_PROGRESS),
        Edge(Trigger.NOTE, State.IN_PROGRESS, State.IN_PROGRESS, least_reason=LEAST_WORDS),
        Edge(Trigger.FINISH, State.IN_PROGRESS, State.DONE, least_reason=LEAST_WORDS),
        Edge(
            Trigger.EVALUATE,
            State.DONE,
            State.EVALUATED,
            least_reason=LEAST_WORDS,
            completeness=(_effect_known,),
        ),
    ),
)


def decide(trigger: str, facts: ImprovementFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def decide_see(actor: Actor, facts: ImprovementFacts) -> Denied | None:
    """Whom it is for and who carries it out see it, and whoever may see those of its unit."""
    if _is_one_of(actor, facts.person_id, facts.owner_id):
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, Action.IMPROVEMENTS_SEE, facts.unit_path) else None


def forbidden(trigger: str, facts: ImprovementFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move in any state; nobody agrees to their own plan or judges their own effect."""
    unseen = decide_see(actor, facts)
    if unseen is not None:
        return unseen
    if trigger in BY_THE_OWNER and _is_one_of(actor, facts.owner_id):
        return None
    refused = decide_unit(actor, Action.IMPROVEMENTS_DECIDE, facts.unit_path)
    if refused is not None or trigger in BY_THE_OWNER:
        return refused
    concerned = (facts.person_id, facts.owner_id) if trigger == Trigger.EVALUATE else (facts.person_id,)
    return Denied(Reason.OWN_ACTION) if _is_one_of(actor, *concerned) else None


def explain(trigger: str, facts: ImprovementFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor now and who could make it; None exactly for what is offered."""
    refused = forbidden(trigger, facts, actor) or LIFECYCLE.refusal_by_state(trigger, facts.state)
    if refused is None and trigger == Trigger.EVALUATE:
        return _effect_known(facts, MoveRequest(actor, facts.version))
    return refused


def _is_one_of(actor: Actor, *people: int | None) -> bool:
    return actor.person_id is not None and actor.person_id in people
