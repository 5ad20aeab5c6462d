"""Refused signings are recorded too: alone, without a version, and not more than one a minute for a card and a signer."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from workflow.errors import Reason, Refusal
from workflow.lifecycle.scorecard import Meaning
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.services.clock import Clock
from workflow.services.unit_of_work import Work, unit_of_work

EVENT = "scorecard.refused"
AT_MOST_EVERY = timedelta(minutes=1)


def note_refused_signing(actor: Actor, clock: Clock, trigger: str, refused: Mapping[int, Refusal]) -> None:
    """Record that signings were refused, and why; cards that the actor may not even see are left out."""
    seen = {card_id: each for card_id, each in refused.items() if each.denied.reason is not Reason.NOT_SEEN}
    if trigger not in set(Meaning) or not seen:
        return
    with unit_of_work(actor, clock) as work:
        for card in db.session.scalars(select(Scorecard).where(Scorecard.id.in_(sorted(seen)))):
            if not _noted_lately(work, card):
                work.note(card, EVENT, reason=f"{trigger}: {seen[card.id].denied.reason}")


def _noted_lately(work: Work, card: Scorecard) -> bool:
    query = select(Record.id).where(
        Record.actor_id == work.actor.account_id,
        Record.at > work.now - AT_MOST_EVERY,
        Record.entity_kind == "scorecard",
        Record.entity_id == card.id,
        Record.event == EVENT,
    )
    return db.session.scalar(query.limit(1)) is not None
