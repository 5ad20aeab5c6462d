"""The life of a period's report 考核报告: written, signed like a card, published; corrected only by a revision."""

from collections.abc import Mapping
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Lifecycle, Move, MoveRequest
from workflow.lifecycle.signing import after_approval, until_approved
from workflow.policy import (
    STATE_NAMES,
    TRIGGER_NAMES,
    Actor,
    ReportFacts,
    State,
    Trigger,
    decide_report_move,
    decide_report_write,
)
from workflow.wording import Phrase

LOCKED: Final = frozenset({State.APPROVED, State.PUBLISHED, State.SUPERSEDED})
"""The states whose words and figures nothing may ever change again."""

WORDS: Final[Mapping[str, Phrase]] = {
    "problems": Phrase("存在问题", "problems"),
    "directions": Phrase("改进方向", "directions of improvement"),
}
"""What is said of the whole plan, without which no report is signed (source: service quality measures)."""

_EDIT: Final = Phrase("修改", "changing it")


def _nothing_missing(facts: ReportFacts, _request: MoveRequest) -> Denied | None:
    if not facts.missing:
        return None
    names = [WORDS[each] for each in facts.missing]
    items = Phrase("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return Denied(Reason.INCOMPLETE, {"count": len(names), "items": items})


LIFECYCLE: Final = Lifecycle[ReportFacts](
    initial=State.DRAFT,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    locked=LOCKED,
    edges=(
        *until_approved(prepared_if=(), complete=_nothing_missing),
        *after_approval(),
    ),
)


def decide(trigger: str, facts: ReportFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return decide_report_move(request.actor, trigger, facts) or LIFECYCLE.decide(trigger, facts, request)


def supersede(facts: ReportFacts) -> Move | Denied:
    """The move that the product makes of the old report when its revision is published."""
    return LIFECYCLE.advance(Trigger.SUPERSEDE, facts)


def decide_edit(facts: ReportFacts, actor: Actor, seen_version: int | None) -> Denied | None:
    """Whether the actor may change the words now: a draft's, by who writes it."""
    refused = decide_report_write(actor, facts)
    if refused is not None:
        return refused
    if seen_version is None:
        return Denied(Reason.NO_VERSION)
    if facts.state in LOCKED:
        return Denied(Reason.LOCKED)
    if facts.state != State.DRAFT:
        return Denied(Reason.WRONG_STATE, {"state": STATE_NAMES[State(facts.state)], "move": _EDIT})
    return None if seen_version == facts.version else Denied(Reason.STALE)


def explain(trigger: str, facts: ReportFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return decide_report_move(actor, trigger, facts) or LIFECYCLE.refusal_by_state(trigger, facts.state)
