"""已阅: the appraised person says that they have read the published card; read is not agreed."""

from sqlalchemy import select

from workflow.lifecycle import scorecard as lifecycle
from workflow.models.database import db
from workflow.models.scorecards import Acknowledgement
from workflow.policy import Action, Actor
from workflow.services import cards
from workflow.services.clock import Clock
from workflow.services.unit_of_work import Kept, unit_of_work


def acknowledge(actor: Actor, clock: Clock, card_id: int, kept: Kept | None = None) -> Acknowledgement:
    """Mark a published card as read, once: a second time gives the first. Raises Refusal for anybody else's card."""
    with unit_of_work(actor, clock, kept) as work:
        opened = cards.open_card(actor, Action.CARD_ACKNOWLEDGE, card_id, lock=True)
        found = find_acknowledgement(actor, card_id)
        if found is None:
            cards.check(lifecycle.decide_acknowledgement(cards.facts_of(opened)))
            found = Acknowledgement(scorecard_id=card_id, person_id=actor.person_id, at=work.now)
            work.create(found, "acknowledgement.give")
        work.finish(found)
        return found


def find_acknowledgement(actor: Actor, card_id: int) -> Acknowledgement | None:
    """Give the acknowledgement that the actor has given of a card."""
    mine = (Acknowledgement.scorecard_id == card_id, Acknowledgement.person_id == actor.person_id)
    return db.session.scalar(select(Acknowledgement).where(*mine))
