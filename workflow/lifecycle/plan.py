"""The life of a plan 考核计划 (source: lifecycle.md, The others): open, close, publish, then final and archived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.wording import Phrase

AT_ONCE: Final = 500
"""The most cards that opening a plan creates at once; more are created by a job while the plan is `opening`."""

_NAMED: Final = 10  # cards or objections that a refusal names


class State(StrEnum):
    """The states of a plan."""

    DRAFT = "draft"
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    PUBLISHED = "published"
    FINAL = "final"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


STATE_NAMES: Mapping[State, Phrase] = {
    State.DRAFT: Phrase("草稿", "draft"),
    State.OPENING: Phrase("正在生成评分表", "opening"),
    State.OPEN: Phrase("进行中", "open"),
    State.CLOSING: Phrase("已截止填报", "closing"),
    State.PUBLISHED: Phrase("公示中", "published"),
    State.FINAL: Phrase("已定案", "final"),
    State.ARCHIVED: Phrase("已归档", "archived"),
    State.CANCELLED: Phrase("已取消", "cancelled"),
}


class Trigger(StrEnum):
    """The moves of a plan; `opened` is the product's own, when the last card has been created."""

    OPEN = "open"
    OPENED = "opened"
    CLOSE = "close"
    REOPEN = "reopen"
    PUBLISH = "publish"
    FINALIZE = "finalize"
    ARCHIVE = "archive"
    CANCEL = "cancel"


TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.OPEN: Phrase("启动", "open"),
    Trigger.OPENED: Phrase("完成生成", "finish opening"),
    Trigger.CLOSE: Phrase("截止填报", "close"),
    Trigger.REOPEN: Phrase("恢复填报", "reopen"),
    Trigger.PUBLISH: Phrase("发布", "publish"),
    Trigger.FINALIZE: Phrase("定案", "finalize"),
    Trigger.ARCHIVE: Phrase("归档", "archive"),
    Trigger.CANCEL: Phrase("取消", "cancel"),
}


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What policy and lifecycle need to know of a plan."""

    state: str
    version: int
    unit_path: str = COMPANY  # the unit that holds all units of the plan
    subjects: int = 0  # cards that opening it creates
    open_cards: tuple[str, ...] = ()  # numbers of current cards and revisions neither void, approved nor later
    open_objections: tuple[str, ...] = ()  # whose, about which card
    objection_time_over: bool = False
    objection_until: date | None = None  # the last day for objections, once there is one


TAKES_SUBJECTS: Final = frozenset({State.OPEN, State.CLOSING})
"""The states in which somebody may still join."""

_JOIN: Final = Phrase("增加考核对象", "adding a subject")


def _no_open_cards(facts: PlanFacts, _request: MoveRequest) -> Denied | None:
    if not facts.open_cards:
        return None
    return Denied(Reason.CARDS_OPEN, {"count": len(facts.open_cards), "cards": _some(facts.open_cards)})


def _some(names: Sequence[str]) -> Phrase:
    """Name the first of them."""
    named = names[:_NAMED]
    more = len(names) > len(named)
    return Phrase("、".join(named) + ("等" if more else ""), ", ".join(named) + (" and others" if more else ""))


def _objections_over(facts: PlanFacts, _request: MoveRequest) -> Denied | None:
    if not facts.objection_time_over:
        return Denied(Reason.OBJECTION_TIME, {"until": facts.objection_until})
    if facts.open_objections:
        named = _some(facts.open_objections)
        return Denied(Reason.OBJECTIONS_OPEN, {"count": len(facts.open_objections), "named": named})
    return None


def _by_job(facts: PlanFacts) -> bool:
    return facts.subjects > AT_ONCE


def _at_once(facts: PlanFacts) -> bool:
    return not _by_job(facts)


def _cancels(state: State) -> Edge[PlanFacts]:
    return Edge(Trigger.CANCEL, state, State.CANCELLED, least_reason=1)


LIFECYCLE: Final = Lifecycle[PlanFacts](
    initial=State.DRAFT,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.OPEN, State.DRAFT, State.OPEN, chosen=_at_once),
        Edge(Trigger.OPEN, State.DRAFT, State.OPENING, chosen=_by_job),
        Edge(Trigger.OPENED, State.OPENING, State.OPEN, internal=True),
        Edge(Trigger.CLOSE, State.OPEN, State.CLOSING),
        Edge(Trigger.REOPEN, State.CLOSING, State.OPEN),
        Edge(Trigger.PUBLISH, State.CLOSING, State.PUBLISHED, guards=(_no_open_cards,)),
        Edge(Trigger.FINALIZE, State.PUBLISHED, State.FINAL, guards=(_objections_over, _no_open_cards)),
        Edge(Trigger.ARCHIVE, State.FINAL, State.ARCHIVED),
        _cancels(State.DRAFT),
        _cancels(State.OPENING),
        _cancels(State.OPEN),
        _cancels(State.CLOSING),
    ),
)


def decide(trigger: str, facts: PlanFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def decide_join(facts: PlanFacts, actor: Actor) -> Denied | None:
    """Whether cards may be added to the plan now: by who manages it, while it is open or closing."""
    refused = forbidden(actor, facts)
    if refused is not None or facts.state in TAKES_SUBJECTS:
        return refused
    return Denied(Reason.WRONG_STATE, {"state": STATE_NAMES[State(facts.state)], "move": _JOIN})


def finish_opening(facts: PlanFacts) -> Move | Denied:
    """The move that the product makes when the job has created the last card."""
    return LIFECYCLE.advance(Trigger.OPENED, facts)


def decide_entries(state: str, *, stays_editable: bool = False) -> Denied | None:
    """Whether drafts of a plan in this state take inputs and may be prepared.

    `stays_editable`: the card was prepared before and returned, or is a revision, or joined late; only such ones remain
    open once the plan is closing. Revisions go on to the end.
    """
    if state == State.OPEN or (stays_editable and state in {State.CLOSING, State.PUBLISHED, State.FINAL}):
        return None
    return Denied(Reason.PLAN_CLOSED)


def offered(facts: PlanFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the plan now; whether cards are still open is said when asked."""
    return () if forbidden(actor, facts) else LIFECYCLE.leaving(facts.state)


def explain(trigger: str, facts: PlanFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    return forbidden(actor, facts) or LIFECYCLE.refusal_by_state(trigger, facts.state)


def forbidden(actor: Actor, facts: PlanFacts) -> Denied | None:
    """Why the actor may do nothing with the plan: unseen, or not theirs to run."""
    if decide_unit(actor, Action.PLANS_SEE):
        return Denied(Reason.NOT_SEEN)
    return decide_unit(actor, Action.PLANS_MANAGE, facts.unit_path)
