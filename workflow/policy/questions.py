"""Who may ask a question 询问 about a card that waits for their signature, who reads it and who answers."""

from dataclasses import dataclass

from workflow.errors import Denied, Reason
from workflow.policy.actions import Action
from workflow.policy.cards import decide_card
from workflow.policy.facts import Actor, CardFacts, Party
from workflow.policy.units import decide_unit
from workflow.policy.vocabulary import State

ASKABLE = frozenset({State.PREPARED, State.REVIEWED})
"""The states in which a card waits for somebody who could return it, and so may ask instead."""


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What policy and lifecycle need to know of a question."""

    state: str
    version: int
    asker: Party
    card: CardFacts


def decide_ask(actor: Actor, facts: CardFacts) -> Denied | None:
    """Whoever could return the card may ask instead, nobody about their own; whether the state allows it comes later."""
    refused = decide_card(actor, Action.CARD_RETURN, facts)
    return refused or (Denied(Reason.OWN_CARD) if facts.is_about(actor) else None)


def decide_question_see(actor: Actor, facts: QuestionFacts) -> Denied | None:
    """Who asked reads it, and those who work on the card; whom the card appraises never does."""
    if not facts.card.is_about(actor) and (facts.asker.is_by(actor) or _works_on(actor, facts.card)):
        return None
    return Denied(Reason.NOT_SEEN)


def decide_question_answer(actor: Actor, facts: QuestionFacts) -> Denied | None:
    """A preparer of the card's unit answers, and not who asked."""
    refused = decide_unit(actor, Action.QUESTIONS_ANSWER, facts.card.unit_path)
    return refused or (Denied(Reason.OWN_QUESTION) if facts.asker.is_by(actor) else None)


def decide_asker(actor: Actor, facts: QuestionFacts) -> Denied | None:
    """Only who asked takes a question back."""
    return None if facts.asker.is_by(actor) else Denied(Reason.NOT_ASKER, {"name": facts.asker.name})


def _works_on(actor: Actor, card: CardFacts) -> bool:
    seen = decide_card(actor, Action.CARD_SEE, card) is None
    return seen and decide_unit(actor, Action.QUESTIONS_SEE, card.unit_path) is None
