"""The key that signs the log: made once, kept in a file outside the database, changed by a record in the log itself."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.log import LogKey
from workflow.models.record import Record, RecordContent
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.records.notes import NoteError, Signer, Verifier, new_signer, read_signer, read_verifier
from workflow.services.clock import Clock
from workflow.services.unit_of_work import unit_of_work
from workflow.services.whole_files import sync_folder, write_whole

DEFAULT_DOMAIN = "kaogong.local"
_RANDOM_BYTES = 4


@dataclass(frozen=True, slots=True)
class Keyholder:
    """The key in its file; at a change of keys the next one lies beside it until the log says that it counts."""

    path: Path

    @property
    def _next(self) -> Path:
        return self.path.with_name(f"{self.path.name}.next")

    def signer(self) -> Signer | None:
        """Give the key, or none where there is no file; raises NoteError for a file that holds no key."""
        return _read(self.path)

    def signers(self, vkey: str | None) -> tuple[Signer, ...]:
        """Give the keys that sign while the log names `vkey`: at a change the old one and the new one; none if it is lost."""
        old, new = _read(self.path), _read(self._next)
        if old is not None and str(old.verifier) == vkey:
            return (old,)
        if old is not None and new is not None and str(new.verifier) == vkey:
            return (old, new)
        return ()

    def make(self, name: str) -> Signer:
        """Make the key unless there is one."""
        if not self.path.exists():
            write_whole(self.path, _text(new_signer(name)))
        return _present(self.signer())

    def make_next(self) -> Signer:
        """Make the key that follows this one; raises NoteError where there is none yet."""
        write_whole(self._next, _text(new_signer(_present(self.signer()).name)))
        return _present(_read(self._next))

    def settle(self, vkey: str) -> None:
        """Put the next key in the old one's place, once a checkpoint of both tells of it; the old one is destroyed."""
        following = _read(self._next)
        if following is not None and str(following.verifier) == vkey:
            self._next.replace(self.path)
            sync_folder(self.path.parent)


def begin(keyholder: Keyholder, clock: Clock, name: str | None = None) -> Verifier | None:
    """Make the log's key and record it, unless the log has one already; gives its public half if it was made now."""
    if current() is not None:
        return None
    signer = keyholder.make(name or f"{DEFAULT_DOMAIN}/{secrets.token_hex(_RANDOM_BYTES)}")
    with unit_of_work(SYSTEM, clock) as work:
        work.create(LogKey(id=new_id(), vkey=str(signer.verifier)), "log.begin")
    return signer.verifier


def rotate(keyholder: Keyholder, clock: Clock, reason: str) -> Verifier:
    """Record that another key signs from now on; the old one signs the checkpoint that tells of it, and then goes."""
    row = db.session.scalars(select(LogKey)).one()
    if keyholder.signers(row.vkey) == ():
        message = "the key in the file is not the log's"
        raise NoteError(message)
    following = keyholder.make_next().verifier
    with unit_of_work(SYSTEM, clock) as work:
        row = db.session.scalars(select(LogKey)).one()
        work.change(row, "log.rotate", {"vkey": str(following)}, reason=reason)
    return following


def current() -> str | None:
    """Give the public half (vkey) of the key that the log says counts; none before the log has begun."""
    return db.session.scalar(select(LogKey.vkey))


def known() -> Sequence[Verifier]:
    """Give every key that the log's records tell of, oldest first."""
    query = select(RecordContent.content).join(Record, Record.id == RecordContent.record_id)
    contents = db.session.scalars(query.where(Record.entity_kind == "log").order_by(Record.version))
    told = (change["to"] for content in contents for change in content["changes"] if change["field"] == "vkey")
    return [read_verifier(vkey) for vkey in told]


def _present(signer: Signer | None) -> Signer:
    if signer is None:
        message = "the log has no key"
        raise NoteError(message)
    return signer


def _read(path: Path) -> Signer | None:
    try:
        return read_signer(path.read_text("ascii").strip())
    except FileNotFoundError:
        return None


def _text(signer: Signer) -> bytes:
    return f"{signer.secret()}\n".encode("ascii")
