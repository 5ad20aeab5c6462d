"""Refused signings are recorded too: alone, without a version, and not more than one a minute for a signer and what is signed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from workflow.errors import Reason, Refusal
from workflow.lifecycle.scorecard import Meaning
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.recorded import RECORDED, Entity
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.services.clock import Clock
from workflow.services.unit_of_work import unit_of_work

AT_MOST_EVERY = timedelta(minutes=1)


def note_refused_signing(
    actor: Actor, clock: Clock, trigger: str, refused: Mapping[int, Refusal], model: type[Entity] = Scorecard
) -> None:
    """Record that signings were refused, and why; what the actor may not even see is left out."""
    seen = {entity_id: each for entity_id, each in refused.items() if each.denied.reason is not Reason.NOT_SEEN}
    kind = RECORDED[model.__tablename__].kind
    if trigger not in set(Meaning) or not seen or not _unnoted(actor, clock(), kind, seen):
        return  # without waiting for a turn to write
    with unit_of_work(actor, clock) as work:
        unnoted = _unnoted(actor, work.now, kind, seen)
        for entity in db.session.scalars(select(model).where(model.id.in_(unnoted)).order_by(model.id)):
            work.note(entity, f"{kind}.refused", reason=f"{trigger}: {seen[entity.id].denied.reason}")


def _unnoted(actor: Actor, now: datetime, kind: str, entity_ids: Iterable[int]) -> set[int]:
    """Leave out that of which a refused signing by this actor was recorded within the last minute."""
    wanted = set(entity_ids)
    query = select(Record.entity_id).where(
        Record.actor_id == actor.account_id,
        Record.at > now - AT_MOST_EVERY,
        Record.entity_kind == kind,
        Record.entity_id.in_(wanted),
        Record.event == f"{kind}.refused",
    )
    return wanted - set(db.session.scalars(query))
