"""The life of a scheme version 考核方案 (source: lifecycle.md, The others): signed like a card, then immutable, at last retired."""

from dataclasses import dataclass
from typing import Final

from workflow.errors import Denied
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.lifecycle.signing import LEAST_RETURN_REASON, all_but, every, same_content
from workflow.policy import (
    SCHEME_STATE_NAMES,
    SCHEME_TRIGGER_NAMES,
    Actor,
    Meaning,
    SchemeState,
    SchemeTrigger,
    StandingSignature,
    decide_scheme_move,
)


@dataclass(frozen=True, slots=True)
class SchemeFacts:
    """What policy and lifecycle need to know of a scheme version."""

    state: str
    version: int
    signatures: tuple[StandingSignature, ...] = ()  # oldest first, voided ones left out


LIFECYCLE: Final = Lifecycle[SchemeFacts](
    initial=SchemeState.DRAFT,
    state_names=SCHEME_STATE_NAMES,
    trigger_names=SCHEME_TRIGGER_NAMES,
    edges=(
        Edge(SchemeTrigger.PREPARE, SchemeState.DRAFT, SchemeState.PREPARED, meaning=Meaning.PREPARE),
        Edge(
            SchemeTrigger.REVIEW,
            SchemeState.PREPARED,
            SchemeState.REVIEWED,
            meaning=Meaning.REVIEW,
            guards=(same_content,),
        ),
        Edge(
            SchemeTrigger.APPROVE,
            SchemeState.REVIEWED,
            SchemeState.APPROVED,
            meaning=Meaning.APPROVE,
            guards=(same_content,),
        ),
        Edge(
            SchemeTrigger.RETURN,
            SchemeState.PREPARED,
            SchemeState.DRAFT,
            least_reason=LEAST_RETURN_REASON,
            voids=every,
        ),
        Edge(
            SchemeTrigger.RETURN,
            SchemeState.REVIEWED,
            SchemeState.DRAFT,
            least_reason=LEAST_RETURN_REASON,
            voids=every,
        ),
        Edge(
            SchemeTrigger.RETURN,
            SchemeState.REVIEWED,
            SchemeState.PREPARED,
            least_reason=LEAST_RETURN_REASON,
            voids=all_but(Meaning.PREPARE),
        ),
        Edge(SchemeTrigger.RETIRE, SchemeState.APPROVED, SchemeState.RETIRED),
    ),
)


def decide(trigger: str, facts: SchemeFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    forbidden = decide_scheme_move(request.actor, trigger, facts.state, facts.signatures)
    return forbidden or LIFECYCLE.decide(trigger, facts, request)


def offered(facts: SchemeFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the version now."""
    return tuple(trigger for trigger in LIFECYCLE.leaving(facts.state) if not explain(trigger, facts, actor))


def explain(trigger: str, facts: SchemeFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    forbidden = decide_scheme_move(actor, trigger, facts.state, facts.signatures)
    return forbidden or LIFECYCLE.refusal_by_state(trigger, facts.state)
