"""Batches told twice: an Idempotency-Key holds for each card of a batch, as each card stands alone (source: interfaces.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflow.errors import Reason, Refusal, refuse
from workflow.models.accounts import KeptAnswer
from workflow.models.database import db
from workflow.services.unit_of_work import Work, forget_old_answers

DONE = 200


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A batch with an Idempotency-Key: what is asked of each card, and how the answers of those that acted are written."""

    key: str
    target: str
    hashes: Mapping[int, bytes]
    render: Callable[[Mapping[int, Any]], Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that a card was given when the same was asked of it before."""

    answer: Any


def answers_before(work: Work, kept: KeptBatch | None) -> dict[int, Answered | Refusal]:
    """Give what the cards of a batch, held by now, were answered before; asking otherwise under the same key is refused."""
    if kept is None:
        return {}
    forget_old_answers(work.now)
    by_target = {_target(kept, card_id): card_id for card_id in kept.hashes}
    query = select(KeptAnswer).where(
        KeptAnswer.account_id == work.actor.account_id, KeptAnswer.key == kept.key, KeptAnswer.target.in_(by_target)
    )
    found: dict[int, Answered | Refusal] = {}
    for row in db.session.scalars(query):
        card_id = by_target[row.target]
        is_same = row.body_hash == kept.hashes[card_id]
        found[card_id] = Answered(row.answer) if is_same else refuse(Reason.KEY_REUSED)
    return found


def keep(work: Work, kept: KeptBatch | None, acted: Mapping[int, Any]) -> None:
    """Keep the answers of the cards that acted; a card that was refused may be asked again under the same key."""
    if kept is None or not acted:
        return
    for card_id, answer in kept.render(acted).items():
        row = KeptAnswer(
            account_id=work.actor.account_id,
            key=kept.key,
            target=_target(kept, card_id),
            body_hash=kept.hashes[card_id],
            status=DONE,
            answer=answer,
            at=work.now,
        )
        work.session.add(row)
    work.session.flush()


def _target(kept: KeptBatch, card_id: int) -> str:
    return f"{kept.target}#{card_id}"
