"""A receipt of a published card: its records as far as the appraised person may read them, and their proof."""

import json
from typing import Any

from sqlalchemy import Row, select

from workflow.errors import Reason, refuse
from workflow.lifecycle.scorecard import STATE_NAMES
from workflow.models.database import db
from workflow.models.log import LogEntry
from workflow.models.record import Record, RecordContent
from workflow.policy import DISCLOSED, Action, Actor, State
from workflow.records.canonical import Envelope, plain
from workflow.records.receipt import FORMAT, TOLD_OF_CARD, names_raters
from workflow.services import cards, log_key, look_up_log
from workflow.services.look_up_log import Proof
from workflow.wording import Phrase

TO_GIVE = Phrase("出具成绩凭据", "giving a receipt")


def give_receipt(actor: Actor, card_id: int) -> tuple[str, bytes]:
    """Give the name and the bytes (JSON) of a card's receipt; raises Refusal: not published, or not logged yet."""
    card = cards.open_card(actor, Action.CARD_RECORD, card_id).card
    if State(card.state) not in DISCLOSED:
        raise refuse(Reason.WRONG_STATE, state=STATE_NAMES[State(card.state)], move=TO_GIVE)
    told = db.session.execute(_records(card_id)).all()
    if any(row.log_index is None for row in told):
        raise refuse(Reason.NOT_LOGGED)
    proofs = look_up_log.prove_all([row.log_index for row in told])
    receipt = {
        "format": FORMAT,
        "card": {"id": str(card_id), **{field: plain(getattr(card, field)) for field in TOLD_OF_CARD}},
        "log": {"key": log_key.current(), "checkpoint": proofs[0].tree.note},
        "records": [_record(row, proof) for row, proof in zip(told, proofs, strict=True)],
    }
    return f"receipt-{card.number}.json", json.dumps(receipt, ensure_ascii=False, indent=1).encode()


def _records(card_id: int) -> Any:
    return (
        select(Record, RecordContent.salt, RecordContent.content, LogEntry.log_index)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(LogEntry, LogEntry.record_id == Record.id)
        .where(Record.entity_kind == "scorecard", Record.entity_id == card_id)
        .order_by(Record.version.is_(None), Record.version, Record.id)
    )


def _record(row: Row[Any], proof: Proof) -> dict[str, Any]:
    """Write one record; of one that tells who rated what, and of an erased one, only the hash of its content."""
    envelope = Envelope(**{name: getattr(row.Record, name) for name in Envelope.__slots__})
    shown = row.content is not None and not names_raters(row.content)
    return {
        "index": proof.index,
        "envelope": json.loads(envelope.canonical()),
        "salt": row.salt.hex() if shown else None,
        "content": row.content if shown else None,
        "proof": [each.hex() for each in proof.path],
    }
