"""Refused signings are recorded too: alone, without a version, and not more than one a minute for a card and a signer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from workflow.errors import Reason, Refusal
from workflow.lifecycle.scorecard import Meaning
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.services.clock import Clock
from workflow.services.unit_of_work import unit_of_work

EVENT = "scorecard.refused"
AT_MOST_EVERY = timedelta(minutes=1)


def note_refused_signing(actor: Actor, clock: Clock, trigger: str, refused: Mapping[int, Refusal]) -> None:
    """Record that signings were refused, and why; cards that the actor may not even see are left out."""
    seen = {card_id: each for card_id, each in refused.items() if each.denied.reason is not Reason.NOT_SEEN}
    if trigger not in set(Meaning) or not seen or not _unnoted(actor, clock(), seen):
        return  # without waiting for a turn to write
    with unit_of_work(actor, clock) as work:
        unnoted = _unnoted(actor, work.now, seen)
        for card in db.session.scalars(select(Scorecard).where(Scorecard.id.in_(unnoted)).order_by(Scorecard.id)):
            work.note(card, EVENT, reason=f"{trigger}: {seen[card.id].denied.reason}")


def _unnoted(actor: Actor, now: datetime, card_ids: Iterable[int]) -> set[int]:
    """Leave out the cards of which a refused signing by this actor was recorded within the last minute."""
    wanted = set(card_ids)
    query = select(Record.entity_id).where(
        Record.actor_id == actor.account_id,
        Record.at > now - AT_MOST_EVERY,
        Record.entity_kind == "scorecard",
        Record.entity_id.in_(wanted),
        Record.event == EVENT,
    )
    return wanted - set(db.session.scalars(query))
