"""The life of an action item 奖惩事项 (source: lifecycle.md, The others): proposed, confirmed, done; or dismissed with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import Action, Actor, decide_unit
from workflow.wording import Phrase

LEAST_REASON: Final = 5
"""The fewest characters of a dismissal's reason, and of the record of what was done."""


class State(StrEnum):
    """The states of an action item."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DONE = "done"
    DISMISSED = "dismissed"


class Trigger(StrEnum):
    """The moves of an action item; `lapse` is the product's own, when a revision takes the ground from a proposal."""

    CONFIRM = "confirm"
    COMPLETE = "complete"
    DISMISS = "dismiss"
    LAPSE = "lapse"


STATE_NAMES: Mapping[State, Phrase] = {
    State.PROPOSED: Phrase("待确认", "proposed"),
    State.CONFIRMED: Phrase("已确认", "confirmed"),
    State.DONE: Phrase("已办结", "done"),
    State.DISMISSED: Phrase("不予执行", "dismissed"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.CONFIRM: Phrase("确认", "confirm"),
    Trigger.COMPLETE: Phrase("办结", "complete"),
    Trigger.DISMISS: Phrase("不予执行", "dismiss"),
    Trigger.LAPSE: Phrase("随更正撤销", "lapse"),
}


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What policy and lifecycle need to know of an action item."""

    state: str
    version: int
    unit_path: str
    person_id: int | None = None  # whom it concerns


LIFECYCLE: Final = Lifecycle[ActionFacts](
    initial=State.PROPOSED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.CONFIRM, State.PROPOSED, State.CONFIRMED),
        Edge(Trigger.COMPLETE, State.CONFIRMED, State.DONE, least_reason=LEAST_REASON),
        Edge(Trigger.DISMISS, State.PROPOSED, State.DISMISSED, least_reason=LEAST_REASON),
        Edge(Trigger.LAPSE, State.PROPOSED, State.DISMISSED, internal=True),
    ),
)


def decide(trigger: str, facts: ActionFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def lapse(facts: ActionFacts) -> Move | Denied:
    """The move that the product makes when a revision leaves a proposal without its ground."""
    return LIFECYCLE.advance(Trigger.LAPSE, facts)


def decide_see(actor: Actor, facts: ActionFacts) -> Denied | None:
    """Whom it concerns sees it, and whoever may see those of its unit."""
    if _is_own(actor, facts):
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, Action.ACTIONS_SEE, facts.unit_path) else None


def explain(trigger: str, facts: ActionFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return forbidden(actor, facts) or LIFECYCLE.refusal_by_state(trigger, facts.state)


def offered(facts: ActionFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the action item now."""
    return () if forbidden(actor, facts) else LIFECYCLE.leaving(facts.state)


def forbidden(actor: Actor, facts: ActionFacts) -> Denied | None:
    """Why the actor may move it not at all: unseen, without the role, or concerned by it."""
    refused = decide_see(actor, facts) or decide_unit(
        actor.apart_from(facts.person_id), Action.ACTIONS_DECIDE, facts.unit_path
    )
    return refused or (Denied(Reason.OWN_ACTION) if _is_own(actor, facts) else None)


def _is_own(actor: Actor, facts: ActionFacts) -> bool:
    return actor.person_id is not None and actor.person_id == facts.person_id
