"""Does what a signed form states agree with the card as it is kept?"""

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.personal import ERASED
from workflow.models.scorecards import Scorecard
from workflow.services.scorecards import cards
from workflow.services.scorecards.sealing import digest_of

if TYPE_CHECKING:
    from workflow.services.printing.signing import Stated


def agrees(stated: "Stated") -> bool:
    """Say whether this card is kept, and its newest signature and its content both have the digest that the form states.

    Of a card that an order has erased there is the signature alone to compare with: the form may be all that is left of it.
    """
    here = (Scorecard.number == stated.number, Scorecard.revision == stated.revision)
    card_id = db.session.scalar(select(Scorecard.id).where(*here))
    if card_id is None:
        return False
    opened = cards.open_many([card_id])[card_id]
    signatures = card_queries.standing(card_queries.signatures_of([card_id])[card_id])
    if not signatures or signatures[-1].digest != stated.digest:
        return False
    erased = opened.card.subject_name == ERASED
    return erased or digest_of(opened, card_queries.adjustments_of([card_id])) == stated.digest
