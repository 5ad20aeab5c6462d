"""The life of a rating 评价 (source: lifecycle.md, Roles and scope): somebody is asked, gives it, may change it; or it is revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import UNIT_ROLES, Action, Actor
from workflow.policy.refusals import no_grant
from workflow.wording import Phrase

LEAST_WORDS: Final = 5
"""The fewest characters of the reason why somebody is asked no longer."""


class State(StrEnum):
    """The states of a rating."""

    OPEN = "open"
    GIVEN = "given"
    REVOKED = "revoked"


class Trigger(StrEnum):
    """The moves of a rating."""

    RATE = "rate"
    REVOKE = "revoke"
    RESTORE = "restore"


STATE_NAMES: Mapping[State, Phrase] = {
    State.OPEN: Phrase("待评价", "asked for"),
    State.GIVEN: Phrase("已评价", "given"),
    State.REVOKED: Phrase("已撤销", "revoked"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.RATE: Phrase("评价", "rate"),
    Trigger.REVOKE: Phrase("撤销", "revoke"),
    Trigger.RESTORE: Phrase("恢复", "ask again"),
}


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """What policy and lifecycle need to know of a rating."""

    state: str
    version: int
    unit_path: str
    rater_id: int  # the person who is asked
    person_id: int | None = None  # the person appraised by the card that takes it
    hindrance: Denied | None = None  # why that card takes no changes now


def _card_takes_changes(facts: RatingFacts, _request: MoveRequest) -> Denied | None:
    return facts.hindrance


def _edge(trigger: Trigger, source: State, target: State, least_reason: int = 0) -> Edge[RatingFacts]:
    return Edge(trigger, source, target, least_reason=least_reason, guards=(_card_takes_changes,))


LIFECYCLE: Final = Lifecycle[RatingFacts](
    initial=State.OPEN,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        _edge(Trigger.RATE, State.OPEN, State.GIVEN),
        _edge(Trigger.RATE, State.GIVEN, State.GIVEN),
        _edge(Trigger.REVOKE, State.OPEN, State.REVOKED, LEAST_WORDS),
        _edge(Trigger.REVOKE, State.GIVEN, State.REVOKED, LEAST_WORDS),
        _edge(Trigger.RESTORE, State.REVOKED, State.OPEN),
    ),
)


def decide(trigger: str, facts: RatingFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def decide_see(actor: Actor, facts: RatingFacts) -> Denied | None:
    """Who is asked sees it, and who says who is asked; never whom it is about, whatever role they hold."""
    if _is_about(actor, facts):
        return Denied(Reason.NOT_SEEN)
    seen = _is_asked(actor, facts) or actor.holds(UNIT_ROLES[Action.RATERS_MANAGE], facts.unit_path)
    return None if seen else Denied(Reason.NOT_SEEN)


def forbidden(trigger: str, actor: Actor, facts: RatingFacts) -> Denied | None:
    """Why the actor may not make this move: unseen, asked of somebody else, or without the role for the unit."""
    refused = decide_see(actor, facts)
    if refused:
        return refused
    if trigger == Trigger.RATE:
        return None if _is_asked(actor, facts) else Denied(Reason.NOT_YOURS)
    roles = UNIT_ROLES[Action.RATERS_MANAGE]
    return None if actor.holds(roles, facts.unit_path) else no_grant(roles)


def _is_asked(actor: Actor, facts: RatingFacts) -> bool:
    return actor.person_id is not None and actor.person_id == facts.rater_id


def _is_about(actor: Actor, facts: RatingFacts) -> bool:
    return actor.person_id is not None and actor.person_id == facts.person_id
