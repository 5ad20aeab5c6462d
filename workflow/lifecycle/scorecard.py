"""The life of a scorecard 评分表 (source: lifecycle.md, Scorecard): its table, and every question about its moves."""

from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Lifecycle, Move, MoveRequest
from workflow.lifecycle.signing import after_approval, until_approved
from workflow.policy import (
    MEANING_NAMES,
    STATE_NAMES,
    TRIGGER_NAMES,
    Actor,
    CardFacts,
    Meaning,
    State,
    Trigger,
    decide_move,
)
from workflow.wording import Phrase

__all__ = [
    "EDITABLE",
    "LIFECYCLE",
    "LOCKED",
    "MEANING_NAMES",
    "STATE_NAMES",
    "TRIGGER_NAMES",
    "Meaning",
    "Move",
    "MoveRequest",
    "State",
    "Trigger",
    "decide",
    "decide_acknowledgement",
    "decide_edit",
    "explain",
    "offered",
    "supersede",
]

EDITABLE: Final = frozenset({State.DRAFT})
"""The states in which inputs may change."""

LOCKED: Final = frozenset({State.APPROVED, State.PUBLISHED, State.SUPERSEDED})
"""The states whose content nothing may ever change again."""

_EDIT: Final = Phrase("修改", "changing it")
_ACKNOWLEDGE: Final = Phrase("已阅", "acknowledging it")


def _plan_takes_entries(facts: CardFacts, _request: MoveRequest) -> Denied | None:
    return None if facts.takes_entries else Denied(Reason.PLAN_CLOSED)


def _plan_stands(facts: CardFacts, _request: MoveRequest) -> Denied | None:
    return Denied(Reason.PLAN_CANCELLED) if facts.plan_cancelled else None


def _not_erased(facts: CardFacts, _request: MoveRequest) -> Denied | None:
    """A revision begins with what the card says, of which an order has left nothing."""
    return Denied(Reason.CONTENT_ERASED, {"move": TRIGGER_NAMES[Trigger.REVISE]}) if facts.erased else None


def _nothing_missing(facts: CardFacts, _request: MoveRequest) -> Denied | None:
    if not facts.missing:
        return None
    items = Phrase("、".join(facts.missing), ", ".join(facts.missing))
    return Denied(Reason.INCOMPLETE, {"count": len(facts.missing), "items": items})


LIFECYCLE: Final = Lifecycle[CardFacts](
    initial=State.DRAFT,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    locked=LOCKED,
    edges=(
        *until_approved(prepared_if=(_plan_takes_entries,), complete=_nothing_missing),
        *after_approval(stands=(_plan_stands,), revisable=(_not_erased,)),
    ),
)


def decide(trigger: str, facts: CardFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return decide_move(request.actor, trigger, facts) or LIFECYCLE.decide(trigger, facts, request)


def supersede(facts: CardFacts) -> Move | Denied:
    """The move that the product makes of the old card when its revision is published."""
    return LIFECYCLE.advance(Trigger.SUPERSEDE, facts)


def decide_edit(facts: CardFacts, seen_version: int | None) -> Denied | None:
    """Whether inputs, notes and adjustments may change now; who may change which item is policy's `decide_item`."""
    if seen_version is None:
        return Denied(Reason.NO_VERSION)
    if facts.state in LOCKED:
        return Denied(Reason.LOCKED)
    if facts.state not in EDITABLE:
        return Denied(Reason.WRONG_STATE, {"state": STATE_NAMES[State(facts.state)], "move": _EDIT})
    if not facts.takes_entries:
        return Denied(Reason.PLAN_CLOSED)
    return None if seen_version == facts.version else Denied(Reason.STALE)


def decide_acknowledgement(facts: CardFacts) -> Denied | None:
    """Only a published card can be marked 已阅; that the reader is the appraised person is policy's to say."""
    if facts.state == State.PUBLISHED:
        return None
    return Denied(Reason.WRONG_STATE, {"state": STATE_NAMES[State(facts.state)], "move": _ACKNOWLEDGE})


def offered(facts: CardFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the card now; `prepare` also while items are missing."""
    return tuple(trigger for trigger in LIFECYCLE.leaving(facts.state) if not decide_move(actor, trigger, facts))


def explain(trigger: str, facts: CardFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return decide_move(actor, trigger, facts) or LIFECYCLE.refusal_by_state(trigger, facts.state)
