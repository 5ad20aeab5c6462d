"""The life of a ledger entry 加减分台账 (source: lifecycle.md, The others): recorded, read or questioned, answered; or voided."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import UNIT_ROLES, Action, Actor, unit_items
from workflow.policy.refusals import no_grant
from workflow.wording import Phrase

LEAST_WORDS: Final = 1
"""The fewest characters of a question, of its answer, and of the reason for voiding: as of an adjustment on a card."""


class State(StrEnum):
    """The states of a ledger entry."""

    RECORDED = "recorded"
    ACKNOWLEDGED = "acknowledged"
    QUESTIONED = "questioned"
    ANSWERED = "answered"
    VOID = "void"


class Trigger(StrEnum):
    """The moves of a ledger entry; `drop` is the product's own, when the entry was voided on the card that counts it."""

    ACKNOWLEDGE = "acknowledge"
    QUESTION = "question"
    ANSWER = "answer"
    VOID = "void"
    DROP = "drop"


STATE_NAMES: Mapping[State, Phrase] = {
    State.RECORDED: Phrase("已登记", "recorded"),
    State.ACKNOWLEDGED: Phrase("本人已阅", "read"),
    State.QUESTIONED: Phrase("本人有疑问", "questioned"),
    State.ANSWERED: Phrase("已答复", "answered"),
    State.VOID: Phrase("已作废", "void"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.ACKNOWLEDGE: Phrase("标记已阅", "mark read"),
    Trigger.QUESTION: Phrase("提出疑问", "question"),
    Trigger.ANSWER: Phrase("答复", "answer"),
    Trigger.VOID: Phrase("作废", "void"),
    Trigger.DROP: Phrase("随评分表作废", "void with the card"),
}
STANDING: Final = tuple(state for state in State if state is not State.VOID)
"""The states in which an entry counts."""


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What policy and lifecycle need to know of a ledger entry."""

    state: str
    version: int
    unit_path: str
    item: str
    person_id: int | None = None  # whom it concerns
    shown: bool = True  # whether that person may see it yet
    counted_on: str = ""  # the number of a card that counts it and takes no changes now


def _not_on_a_signed_card(facts: LedgerFacts, _request: MoveRequest) -> Denied | None:
    return Denied(Reason.ENTRY_COUNTED, {"card": facts.counted_on}) if facts.counted_on else None


def _voids(state: State) -> Edge[LedgerFacts]:
    return Edge(Trigger.VOID, state, State.VOID, least_reason=LEAST_WORDS, guards=(_not_on_a_signed_card,))


LIFECYCLE: Final = Lifecycle[LedgerFacts](
    initial=State.RECORDED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.ACKNOWLEDGE, State.RECORDED, State.ACKNOWLEDGED),
        Edge(Trigger.ACKNOWLEDGE, State.ANSWERED, State.ACKNOWLEDGED),
        Edge(Trigger.QUESTION, State.RECORDED, State.QUESTIONED, least_reason=LEAST_WORDS),
        Edge(Trigger.QUESTION, State.ACKNOWLEDGED, State.QUESTIONED, least_reason=LEAST_WORDS),
        Edge(Trigger.QUESTION, State.ANSWERED, State.QUESTIONED, least_reason=LEAST_WORDS),
        Edge(Trigger.ANSWER, State.QUESTIONED, State.ANSWERED, least_reason=LEAST_WORDS),
        *(_voids(state) for state in STANDING),
        *(Edge(Trigger.DROP, state, State.VOID, internal=True) for state in STANDING),
    ),
)
BY_THE_PERSON: Final = frozenset({Trigger.ACKNOWLEDGE, Trigger.QUESTION})
"""The moves of whom the entry concerns."""

RESPONSIBLE: Final[Mapping[str, Action]] = {Trigger.ANSWER: Action.LEDGER_ANSWER, Trigger.VOID: Action.LEDGER_RECORD}
"""What those have to be permitted who make the other moves."""


def decide(trigger: str, facts: LedgerFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(trigger, request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def drop(facts: LedgerFacts) -> Move | Denied:
    """The move that the product makes when the entry was voided on the card that counts it."""
    return LIFECYCLE.advance(Trigger.DROP, facts)


def decide_see(actor: Actor, facts: LedgerFacts) -> Denied | None:
    """Whom it concerns sees it as soon as it is shown; of the others those who see this item's entries of the unit."""
    if _is_own(actor, facts) and facts.shown:
        return None
    seen = facts.item in unit_items(actor, Action.LEDGER_SEE, facts.unit_path)
    return None if seen else Denied(Reason.NOT_SEEN)


def decide_record(actor: Actor, item: str, unit_path: str, person_id: int | None) -> Denied | None:
    """Whether the actor may record entries of this item for this person of the unit: never one's own."""
    refused = _responsible(actor.apart_from(person_id), Action.LEDGER_RECORD, item, unit_path)
    is_own = person_id is not None and person_id == actor.person_id
    return refused or (Denied(Reason.OWN_ACTION) if is_own else None)


def explain(trigger: str, facts: LedgerFacts, actor: Actor) -> Denied | None:
    """Why this move is not offered to this actor and who could make it; None exactly for what is offered."""
    refused = forbidden(trigger, actor, facts) or LIFECYCLE.refusal_by_state(trigger, facts.state)
    if refused is None and trigger == Trigger.VOID and facts.counted_on:
        return Denied(Reason.ENTRY_COUNTED, {"card": facts.counted_on})
    return refused


def forbidden(trigger: str, actor: Actor, facts: LedgerFacts) -> Denied | None:
    """Why the actor may not make this move: unseen, not theirs, without the role for the item, or concerned by it."""
    refused = decide_see(actor, facts)
    if refused:
        return refused
    if trigger in BY_THE_PERSON:
        return None if _is_own(actor, facts) else Denied(Reason.NOT_YOURS)
    action = RESPONSIBLE.get(trigger)
    if action is None:
        return None  # no person's move: the table says so
    refused = _responsible(actor.apart_from(facts.person_id), action, facts.item, facts.unit_path)
    return refused or (Denied(Reason.OWN_ACTION) if _is_own(actor, facts) else None)


def _responsible(actor: Actor, action: Action, item: str, unit_path: str) -> Denied | None:
    return None if item in unit_items(actor, action, unit_path) else no_grant(UNIT_ROLES[action])


def _is_own(actor: Actor, facts: LedgerFacts) -> bool:
    return actor.person_id is not None and actor.person_id == facts.person_id
