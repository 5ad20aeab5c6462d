"""The life of a delegation 代理: given from a day to a day, and ended before that by whom it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Actor, DelegatedFacts, decide_delegation_see, decide_end
from workflow.wording import Phrase


class State(StrEnum):
    """The states of a delegation; from which day to which it acts is said by its dates."""

    GIVEN = "given"
    ENDED = "ended"


class Trigger(StrEnum):
    """The moves of a delegation."""

    END = "end"


STATE_NAMES: Mapping[State, Phrase] = {
    State.GIVEN: Phrase("已委托", "given"),
    State.ENDED: Phrase("已结束", "ended"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {Trigger.END: Phrase("结束代理", "end the delegation")}


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """What policy and lifecycle need to know of a delegation."""

    state: str
    version: int
    given: DelegatedFacts


LIFECYCLE: Final = Lifecycle[DelegationFacts](
    initial=State.GIVEN,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(Edge(Trigger.END, State.GIVEN, State.ENDED),),
)


def decide(trigger: str, facts: DelegationFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, facts, request.actor) or LIFECYCLE.decide(trigger, facts, request)


def forbidden(trigger: str, facts: DelegationFacts, actor: Actor) -> Denied | None:
    """Why the actor may not make this move; of an unknown one only whether the delegation is seen."""
    if trigger not in set(Trigger):
        return decide_delegation_see(actor, facts.given)
    return decide_end(actor, facts.given)


def offered(facts: DelegationFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the delegation now."""
    return tuple(trigger for trigger in LIFECYCLE.leaving(facts.state) if not forbidden(trigger, facts, actor))
