"""The life of a standing 岗位状态 or a level 等级: it holds as it was entered, until it is voided with a reason.

Nothing of it is ever overwritten (source: lifecycle.md, The others): a correction voids what was wrong and adds what is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, decide_unit
from workflow.wording import Phrase

LEAST_REASON: Final = 5
"""The fewest characters of the reason for voiding."""


class State(StrEnum):
    """The states of an entry."""

    VALID = "valid"
    VOID = "void"


class Trigger(StrEnum):
    """The moves of an entry."""

    VOID = "void"


STATE_NAMES: Mapping[State, Phrase] = {State.VALID: Phrase("有效", "valid"), State.VOID: Phrase("已作废", "void")}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {Trigger.VOID: Phrase("作废", "void")}


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What policy and lifecycle need to know of an entry, and of the person whom it concerns."""

    state: str
    version: int
    unit_path: str
    person_id: int


LIFECYCLE: Final = Lifecycle[EntryFacts](
    initial=State.VALID,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(Edge(Trigger.VOID, State.VALID, State.VOID, least_reason=LEAST_REASON),),
)


def decide(trigger: str, facts: EntryFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def forbidden(actor: Actor, facts: EntryFacts) -> Denied | None:
    """Why the actor may move it not at all: unseen, without the role, or concerned by it."""
    if not is_own(actor, facts.person_id) and decide_unit(actor, Action.PEOPLE_SEE, facts.unit_path):
        return Denied(Reason.NOT_SEEN)
    return forbidden_for(actor, facts.unit_path, facts.person_id)


def forbidden_for(actor: Actor, unit_path: str, person_id: int) -> Denied | None:
    """Why the actor may enter nothing for this person: HR does so in its scope, and nobody for themselves."""
    refused = decide_unit(actor.apart_from(person_id), Action.PEOPLE_WRITE, unit_path)
    return refused or (Denied(Reason.OWN_ACTION) if is_own(actor, person_id) else None)


def offered(facts: EntryFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the entry now."""
    return () if forbidden(actor, facts) else LIFECYCLE.leaving(facts.state)


def is_own(actor: Actor, person_id: int) -> bool:
    """Whether the entry concerns the actor."""
    return actor.person_id is not None and actor.person_id == person_id
