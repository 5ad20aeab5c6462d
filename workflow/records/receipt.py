"""A receipt: the records of a published card with the proof that they stand in the log, checked with nothing else at hand."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from workflow.records.canonical import Json
from workflow.records.checkpoints import Checkpoint, cosigned_by, open_checkpoint
from workflow.records.merkle import ProofError, check_inclusion, leaf_hash
from workflow.records.notes import NoteError, Verifier, read_verifier
from workflow.wording import Language, Phrase

FORMAT = "kaogong-receipt/1"

TOLD_OF_CARD = ("number", "period", "subject_name", "total", "grade", "state")
"""The fields of a card that a receipt states in its head; its records must lead to the same."""

UNREADABLE = Phrase("文件不是考功的成绩凭据", "the file is not a receipt of this product")
NOT_SIGNED = Phrase("检查点的签名不成立:{why}", "the checkpoint's signature does not hold: {why}")
NOT_IN_LOG = Phrase(
    "第 {version} 版的记录不在日志的第 {index} 位", "the record of version {version} does not stand at {index}"
)
CONTENT_DIFFERS = Phrase(
    "第 {version} 版的记录内容被改动过", "the content of the record of version {version} was altered"
)
CHAIN_BROKEN = Phrase(
    "第 {version} 版的记录接不上前一条", "the record of version {version} does not follow from the one before"
)
OTHER_ENTITY = Phrase("第 {version} 版的记录属于另一张评分表", "the record of version {version} is of another card")
BEFORE_DIFFERS = Phrase(
    "第 {version} 版的记录所说的“{field}”原值与之前的记录不符",
    "the record of version {version} names another value of {field} before it than the records before",
)
CARD_DIFFERS = Phrase(
    "凭据开头写的“{field}”与记录不符:{told} ≠ {found}",
    "the receipt's {field} is not what the records say: {told} ≠ {found}",
)


class ReceiptError(ValueError):
    """A receipt that does not hold."""

    def __init__(self, phrase: Phrase, **facts: object) -> None:
        super().__init__(phrase.say(Language.EN, **facts))
        self._phrase = phrase
        self._facts = facts

    def sentence(self, language: Language) -> str:
        """Say what does not hold."""
        return self._phrase.say(language, **self._facts)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt that holds shows; of `erased` records the `orders` have taken the content."""

    card: Mapping[str, Any]
    checkpoint: Checkpoint
    records: int
    withheld: int
    erased: int
    orders: Sequence[Mapping[str, Any]]
    key: str
    witnesses: Mapping[str, datetime]


def names_raters(content: Mapping[str, Any]) -> bool:
    """Say whether a record's content tells who rated what: it is then shown to nobody whom the rating is about."""
    values = (change[side] for change in content.get("changes", ()) for side in ("from", "to"))
    return any(isinstance(value, dict) and "ratings" in value for value in values)


def check_receipt(receipt: Any, keys: Sequence[Verifier] = (), witnesses: Sequence[Verifier] = ()) -> Checked:
    """Check a receipt down to the log's signature; raises ReceiptError with the first thing that does not hold.

    Without `keys` the log's key is the one that the receipt names itself, which proves only that it holds together.
    """
    try:
        return _check(receipt, keys, witnesses)
    except (KeyError, TypeError, AttributeError, IndexError) as unreadable:
        raise ReceiptError(UNREADABLE) from unreadable
    except ValueError as wrong:
        if isinstance(wrong, ReceiptError):
            raise
        raise ReceiptError(UNREADABLE) from wrong


def _check(receipt: Any, keys: Sequence[Verifier], witnesses: Sequence[Verifier]) -> Checked:
    if receipt["format"] != FORMAT:
        raise ReceiptError(UNREADABLE)
    trusted = keys or [read_verifier(receipt["log"]["key"])]
    try:
        tree, note = open_checkpoint(receipt["log"]["checkpoint"], trusted)
        seen = cosigned_by(note, witnesses)
    except NoteError as forged:
        raise ReceiptError(NOT_SIGNED, why=forged) from forged
    records = receipt["records"]
    for each in records:
        _check_record(each, tree)
    changing = [each for each in records if each["envelope"]["version"] is not None]
    _check_chain(changing, receipt["card"]["id"])
    _check_card(receipt["card"], changing)
    signed_by = note.verified_by([each for each in trusted if each.name == tree.origin])
    return Checked(
        card=receipt["card"],
        checkpoint=tree,
        records=len(records),
        withheld=sum(each["content"] is None and each.get("erased") is None for each in records),
        erased=sum(each.get("erased") is not None for each in records),
        orders=_orders(records),
        key=str(signed_by[0]),
        witnesses={witness.name: at for witness, at in seen.items()},
    )


def _orders(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give each order of erasure that the records name once."""
    told = {each["erased"]["number"]: each["erased"] for each in records if each.get("erased") is not None}
    return [{name: told[number][name] for name in ("number", "at", "order")} for number in sorted(told)]


def _check_record(told: Mapping[str, Any], tree: Checkpoint) -> None:
    envelope = told["envelope"]
    version = envelope["version"]
    leaf = leaf_hash(rfc8785.dumps(envelope))
    path = [bytes.fromhex(each) for each in told["proof"]]
    try:
        check_inclusion(leaf, told["index"], tree.size, path, tree.root)
    except ProofError as elsewhere:
        raise ReceiptError(NOT_IN_LOG, version=version, index=told["index"]) from elsewhere
    if told["content"] is not None:
        salted = bytes.fromhex(told["salt"]) + rfc8785.dumps(told["content"])
        if hashlib.sha256(salted).hexdigest() != envelope["content"]:
            raise ReceiptError(CONTENT_DIFFERS, version=version)


def _check_chain(records: Sequence[Mapping[str, Any]], card_id: str) -> None:
    """Raise ReceiptError unless these are all versions of this card, each following from the one before."""
    previous = None
    for number, each in enumerate(records, start=1):
        envelope = each["envelope"]
        if envelope["entity"] != ["scorecard", card_id]:
            raise ReceiptError(OTHER_ENTITY, version=envelope["version"])
        if envelope["version"] != number or envelope["previous"] != previous:
            raise ReceiptError(CHAIN_BROKEN, version=number)
        previous = leaf_hash(rfc8785.dumps(envelope)).hex()


def _check_card(card: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> None:
    """Raise ReceiptError unless what was disclosed leads to what the receipt says of the card."""
    known: dict[str, Json] = {}
    for each in records:
        if each["content"] is None:
            known.clear()  # what it changed is not told, so nothing is known for certain any more
            continue
        for field, before, after in _own_changes(each["content"]):
            if known.get(field, before) != before:
                raise ReceiptError(BEFORE_DIFFERS, version=each["envelope"]["version"], field=field)
            known[field] = after
    everything = all(each["content"] is not None for each in records)
    for field in TOLD_OF_CARD:
        found = known.get(field)
        if (everything or field in known) and found != card[field]:
            raise ReceiptError(CARD_DIFFERS, field=field, told=card[field], found=found)


def _own_changes(content: Mapping[str, Any]) -> Iterator[tuple[str, Json, Json]]:
    return ((each["field"], each["from"], each["to"]) for each in content["changes"] if "/" not in each["field"])
