"""A receipt of a published card: its records as far as the appraised person may read them, and their proof."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from workflow.errors import Reason, refuse
from workflow.lifecycle.scorecard import STATE_NAMES
from workflow.models.database import db
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.log import LogEntry
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard
from workflow.policy import DISCLOSED, Action, Actor, State, decide_card
from workflow.records.canonical import Envelope, plain
from workflow.records.receipt import FORMAT, TOLD_OF_CARD, names_raters
from workflow.services.erasing import look_up_erasures
from workflow.services.erasing.look_up_erasures import OrderTold
from workflow.services.record import log_key, look_up_log
from workflow.services.record.look_up_log import Proof, SignedTree
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.wording import Phrase

TO_GIVE = Phrase("出具成绩凭据", "giving a receipt")


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt holds, for people: the card, how many records, and under which checkpoint (none: not logged yet).

    Of those `withheld` the content tells of anonymous ratings; of those `erased` an order has taken it.
    """

    card: Scorecard
    records: int
    withheld: int
    erased: int
    order: OrderTold | None
    key: str | None
    tree: SignedTree | None


def has_receipt(actor: Actor, opened: OpenCard) -> bool:
    """Say whether the reader can have a receipt of a card that they opened."""
    facts = cards.facts_of(opened)
    return State(opened.card.state) in DISCLOSED and decide_card(actor, Action.CARD_RECORD, facts) is None


def describe_receipt(actor: Actor, card_id: int) -> ReceiptFacts:
    """Say what the receipt of a card holds; raises Refusal: not published."""
    card = _published_card(actor, card_id)
    told = db.session.execute(_records(card_id)).all()
    tree = look_up_log.find_checkpoint()
    waiting = tree is None or any(row.log_index is None or row.log_index >= tree.size for row in told)
    erased = sum(row.number is not None for row in told)
    withheld = sum(not _is_shown(row) for row in told) - erased
    order = look_up_erasures.order_about(card.subject_id, card.subject_name)
    return ReceiptFacts(card, len(told), withheld, erased, order, log_key.current(), None if waiting else tree)


def give_receipt(actor: Actor, card_id: int) -> tuple[str, bytes]:
    """Give the name and the bytes (JSON) of a card's receipt; raises Refusal: not published, or not logged yet."""
    card = _published_card(actor, card_id)
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


def _published_card(actor: Actor, card_id: int) -> Scorecard:
    card = cards.open_card(actor, Action.CARD_RECORD, card_id).card
    if State(card.state) not in DISCLOSED:
        raise refuse(Reason.WRONG_STATE, state=STATE_NAMES[State(card.state)], move=TO_GIVE)
    return card


def _is_shown(row: Row[Any]) -> bool:
    """Say whether a record's content is disclosed: not where it tells who rated what, nor where it was erased by order."""
    return row.content is not None and not names_raters(row.content)


def _records(card_id: int) -> Any:
    return (
        select(Record, RecordContent.salt, RecordContent.content, LogEntry.log_index)
        .add_columns(Erasure.number, Erasure.at, Erasure.order_text)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(LogEntry, LogEntry.record_id == Record.id)
        .outerjoin(ErasedContent, ErasedContent.erased_record_id == Record.id)
        .outerjoin(Erasure, Erasure.id == ErasedContent.erasure_id)
        .where(Record.entity_kind == "scorecard", Record.entity_id == card_id)
        .order_by(Record.version.is_(None), Record.version, Record.id)
    )


def _record(row: Row[Any], proof: Proof) -> dict[str, Any]:
    """Write one record; of one that tells who rated what only the hash of its content, likewise of one that an order erased.

    Of the latter it says which order that was, when, and on what paper it rests.
    """
    envelope = Envelope(**{name: getattr(row.Record, name) for name in Envelope._fields})
    shown = _is_shown(row)
    return {
        "index": proof.index,
        "envelope": json.loads(envelope.canonical()),
        "salt": row.salt.hex() if shown else None,
        "content": row.content if shown else None,
        **({} if row.number is None else {"erased": _order(row)}),
        "proof": [each.hex() for each in proof.path],
    }


def _order(row: Row[Any]) -> dict[str, Any]:
    return {"number": row.number, "at": plain(row.at), "order": row.order_text}
