"""May this actor do this with this card? One answer with a reason, for every door (source: lifecycle.md, Roles and scope)."""

from collections.abc import Mapping

from workflow.errors import Denied, Reason
from workflow.policy.actions import CARD_ROLES, MOVES, Action
from workflow.policy.facts import ALL, Actor, CardFacts, Grant, Items, StandingSignature
from workflow.policy.refusals import no_grant
from workflow.policy.scope import card_scope
from workflow.policy.vocabulary import MEANING_NAMES, Meaning, Role, State

_RETURNED_BY: Mapping[str, frozenset[Role]] = {
    State.PREPARED: frozenset({Role.REVIEWER}),
    State.REVIEWED: frozenset({Role.APPROVER}),
}
SIGNED_BY: Mapping[Action, Meaning] = {
    Action.CARD_PREPARE: Meaning.PREPARE,
    Action.CARD_REVIEW: Meaning.REVIEW,
    Action.CARD_APPROVE: Meaning.APPROVE,
}
"""The actions that sign, and what their signature says."""
_READING = frozenset({Action.CARD_RECORD, Action.CARD_FORM})


def decide_card(actor: Actor, action: Action, facts: CardFacts) -> Denied | None:
    """None if permitted; what may not be seen is not there, what may be seen but not done says who can.

    The state counts only where the table names it (who sees, who returns); whether it allows the move is the lifecycle's.
    """
    if not card_scope(actor).covers(facts):
        return Denied(Reason.NOT_SEEN)
    if action is Action.CARD_SEE:
        return None
    if action is Action.CARD_ACKNOWLEDGE:
        return None if facts.is_about(actor) else Denied(Reason.NOT_YOURS)
    if action is Action.CARD_OBJECT:
        return None if facts.is_about(actor) else Denied(Reason.NOT_OBJECTOR)
    if action in _READING:
        return None if card_scope(actor, action).covers(facts) else no_grant(CARD_ROLES[action])
    if action is Action.CARD_EDIT:
        return None if editable_items(actor, facts) else no_grant(CARD_ROLES[action])
    return _decide_move(actor, action, facts)


def decide_move(actor: Actor, trigger: str, facts: CardFacts) -> Denied | None:
    """The same for a trigger as it came in; for an unknown one only whether the card may be seen."""
    return decide_card(actor, MOVES.get(trigger, Action.CARD_SEE), facts)


def acting_grant(actor: Actor, action: Action, facts: CardFacts) -> Grant | None:
    """By which of their grants the actor makes this move of the card; None for who may not."""
    able = actor.apart_from(facts.appraised_person_id) if action in SIGNED_BY else actor
    return able.acts_as(_roles_for(action, facts), facts.unit_path)


def _roles_for(action: Action, facts: CardFacts) -> frozenset[Role]:
    return _RETURNED_BY.get(facts.state, CARD_ROLES[action]) if action is Action.CARD_RETURN else CARD_ROLES[action]


def _decide_move(actor: Actor, action: Action, facts: CardFacts) -> Denied | None:
    roles = _roles_for(action, facts)
    if not actor.holds(roles, facts.unit_path):
        return no_grant(roles)
    if action is Action.CARD_WITHDRAW:
        return decide_withdraw(actor, facts.signatures)
    if action not in SIGNED_BY:
        return None
    if facts.is_about(actor):
        return Denied(Reason.OWN_CARD)
    if acting_grant(actor, action, facts) is None:
        return Denied(Reason.HOLDERS_CARD)
    return decide_signer(actor, SIGNED_BY[action], facts.signatures)


def decide_withdraw(actor: Actor, signatures: tuple[StandingSignature, ...]) -> Denied | None:
    """Refuse whoever has not given the newest of the standing signatures."""
    newest = signatures[-1] if signatures else None
    if newest is None or newest.is_by(actor):
        return None  # with nothing to withdraw it is the state that refuses, not the person
    return Denied(Reason.NOT_NEWEST_SIGNER, {"name": newest.name})


def decide_signer(actor: Actor, meaning: Meaning, signatures: tuple[StandingSignature, ...]) -> Denied | None:
    """Refuse whoever has given another of the standing signatures; giving the same one twice is the state's to refuse."""
    for signature in signatures:
        if signature.meaning != meaning and signature.is_by(actor):
            return Denied(Reason.SAME_SIGNER, {"meaning": MEANING_NAMES[Meaning(signature.meaning)]})
    return None


def editable_items(actor: Actor, facts: CardFacts) -> Items:
    """The items whose inputs the actor's roles may change while the card is a draft: all, or a recorder's own."""
    if actor.holds({Role.PREPARER}, facts.unit_path):
        return ALL
    return actor.recorded_items(facts.unit_path) & facts.items


def visible_items(actor: Actor, facts: CardFacts) -> Items:
    """The items that the actor may see: all of a seen card, or a recorder's own; nothing of an unseen one."""
    covering = [clause for clause in card_scope(actor).clauses if clause.covers(facts)]
    recorded: frozenset[str] = frozenset()
    for clause in covering:
        if clause.items is None:
            return ALL
        recorded |= clause.items & facts.items
    return recorded


def decide_item(actor: Actor, code: str, facts: CardFacts) -> Denied | None:
    """Whether the actor may change the input of this item; `facts.items` must name the card's items.

    An item that the card does not have, or that a recorder was not given, is not there for the reader.
    """
    if code not in facts.items or code not in visible_items(actor, facts):
        return Denied(Reason.NOT_SEEN)
    return None if code in editable_items(actor, facts) else no_grant(CARD_ROLES[Action.CARD_EDIT])


def decide_veto(actor: Actor, facts: CardFacts) -> Denied | None:
    """Whether the actor may change the vetoes of the card: they cut the total, so it takes who fills in the whole card."""
    if visible_items(actor, facts) is not ALL:
        return Denied(Reason.NOT_SEEN)
    return None if editable_items(actor, facts) is ALL else no_grant({Role.PREPARER})
