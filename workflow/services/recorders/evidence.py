"""Evidence 凭证: files handed in once, found by their hash, read by whoever may see an entry that names them."""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from sqlalchemy import select

from workflow.errors import FieldError, Reason, invalid, not_seen, refuse
from workflow.models.database import db
from workflow.models.evidence import HASH_LENGTH, EvidenceContent, EvidenceFile
from workflow.models.ledger import LedgerEntry, LedgerEvidence
from workflow.models.scorecards import Adjustment
from workflow.models.types import new_id
from workflow.policy import Action, Actor, decide_card, decide_unit, visible_items
from workflow.services.clock import Clock
from workflow.services.fields import permit
from workflow.services.recorders import ledger_scope
from workflow.services.recorders.file_types import NAMES, media_type_of
from workflow.services.scorecards import cards
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

NAME_LENGTH: Final = 256
MOST_TRIED: Final = 50
"""As many entries that name a file are asked whether the reader may see one of them."""

EMPTY = Phrase("请选择一个有内容的文件", "choose a file that holds something")
TO_ADD, TO_OPEN = Phrase("上传", "handing it in"), Phrase("打开", "opening it")
NO_SUCH_FILE = Phrase("没有这份凭证文件,请先上传", "there is no such file of evidence; hand it in first")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of evidence as it is given out."""

    name: str
    media_type: str
    content: bytes


def add(actor: Actor, clock: Clock, name: str, content: bytes, kept: Kept | None = None) -> EvidenceFile:
    """Take a file in; raises Refusal for an empty one, a type that serves as no evidence, and what an order has erased.

    The same content handed in again by the same account is the same file.
    """
    permit(decide_unit(actor, Action.EVIDENCE_ADD))
    if not content:
        raise invalid(FieldError("file", EMPTY))
    shown = _clean(name)
    media_type = media_type_of(shown, content)
    if media_type is None:
        raise refuse(Reason.FILE_TYPE, name=shown, types=NAMES)
    digest = hashlib.sha256(content).hexdigest()
    with unit_of_work(actor, clock, kept) as work:
        mine = select(EvidenceFile).where(EvidenceFile.hash == digest, EvidenceFile.uploaded_by == actor.account_id)
        file = db.session.scalar(mine)
        if file is None:
            _keep(digest, content)
            file = EvidenceFile(id=new_id(), hash=digest, file_name=shown, media_type=media_type, size=len(content))
            file.uploaded_by, file.uploaded_at = actor.account_id, work.now
            work.create(file, "evidence.add")
        work.finish(file)
        return file


def _keep(digest: str, content: bytes) -> None:
    there = db.session.get(EvidenceContent, digest)
    if there is None:
        db.session.add(EvidenceContent(hash=digest, content=content))
        db.session.flush()
    elif not there.content:
        raise refuse(Reason.CONTENT_ERASED, move=TO_ADD)


def open_file(actor: Actor, digest: str, *, at_once: bool) -> OpenFile:
    """Read a file; raises Refusal: not seen unless the reader may see an entry that names it, or erased by order."""
    content = db.session.get(EvidenceContent, digest) if is_hash(digest) else None
    if content is None or not may_see(actor, digest, at_once=at_once):
        raise not_seen()
    if not content.content:
        raise refuse(Reason.CONTENT_ERASED, move=TO_OPEN)
    if hashlib.sha256(content.content).hexdigest() != digest:
        message = f"the content of the evidence {digest} is not what was handed in"
        raise RuntimeError(message)
    file = files_named([digest])[digest]
    return OpenFile(file.file_name, file.media_type, content.content)


def may_see(actor: Actor, digest: str, *, at_once: bool) -> bool:
    """Say whether the actor may see an entry that names the file: in the ledger, or on a card."""
    naming = select(LedgerEvidence.ledger_entry_id).where(LedgerEvidence.hash == digest)
    in_ledger = select(LedgerEntry.id).where(LedgerEntry.id.in_(naming), ledger_scope.seen_by(actor, at_once=at_once))
    if db.session.scalar(in_ledger.limit(1)) is not None:
        return True
    counting = select(Adjustment.scorecard_id, Adjustment.item_code).where(Adjustment.ledger_entry_id.in_(naming))
    places = db.session.execute(counting.distinct().limit(MOST_TRIED)).all()
    return any(_sees(actor, card_id, item) for card_id, item in places)


def check_named(actor: Actor, references: Iterable[str]) -> None:
    """Raise Refusal where a reference is the hash of a file that the actor neither handed in nor may see for their work.

    Whoever could name any file could read it by naming it.
    """
    hashes = tuple(dict.fromkeys(each for each in references if is_hash(each)))
    own = select(EvidenceFile.hash).where(EvidenceFile.hash.in_(hashes), EvidenceFile.uploaded_by == actor.account_id)
    known = set(db.session.scalars(own)) if hashes else set()
    for digest in hashes:
        if digest not in known and not may_see(actor, digest, at_once=False):
            raise invalid(FieldError("evidence", NO_SUCH_FILE))


def files_named(hashes: Collection[str]) -> Mapping[str, EvidenceFile]:
    """Give how each of these contents was first handed in; asks nothing where there are none."""
    if not hashes:
        return {}
    query = select(EvidenceFile).where(EvidenceFile.hash.in_(sorted(hashes))).order_by(EvidenceFile.id.desc())
    return {file.hash: file for file in db.session.scalars(query)}


def is_hash(reference: str) -> bool:
    """Say whether a reference names a file; anything else is where the evidence is filed, in words."""
    return len(reference) == HASH_LENGTH and set(reference) <= set("0123456789abcdef")


def _sees(actor: Actor, card_id: int, item: str) -> bool:
    opened = cards.open_many([card_id])[card_id]
    facts = cards.facts_with_history(opened, actor)
    return decide_card(actor, Action.CARD_SEE, facts) is None and item in visible_items(actor, facts)


def _clean(name: str) -> str:
    """Give the last part of a file's name as it can be shown, its ending kept."""
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown if len(shown) <= NAME_LENGTH else shown[: NAME_LENGTH - 10] + PurePath(shown).suffix[:10]
