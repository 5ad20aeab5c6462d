"""The one place that commits: a change, its record and the kept answer become true together or not at all."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import ColumnDefault, bindparam, delete, event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import scoped_session
from sqlalchemy.orm.exc import StaleDataError

from workflow.errors import Reason, Refusal, refuse
from workflow.models.accounts import KeptAnswer
from workflow.models.database import WRITER, db
from workflow.models.record import Record, RecordContent, RecordPending
from workflow.models.recorded import RECORDED, Entity, Recorded
from workflow.models.types import new_id
from workflow.policy import Actor, Grant, Role
from workflow.records.canonical import Envelope, Json, as_told, content_hash, plain
from workflow.services.clock import Clock

KEPT_FOR = timedelta(days=7)
"""How long the answer to a request with an Idempotency-Key is kept (source: interfaces.md)."""

_TIES = frozenset({"id", "version", "record_id"})
_DECLARED = "kaogong_declared"
_DISK_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_DISK_POSTGRESQL = ("5310", "58")  # its codes for a full disk and for one that fails
_UNIQUE_VIOLATION = "23505"  # PostgreSQL's code; on SQLite writers take turns and nobody comes in between


# The statements of every change, put together once.
_APPEND = insert(Record)
_DISCLOSE = insert(RecordContent)
_AWAIT = insert(RecordPending)
_PREVIOUS = select(Record.id, Record.hash).where(
    Record.entity_kind == bindparam("kind"),
    Record.entity_id == bindparam("entity"),
    Record.version == bindparam("number"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A request with an Idempotency-Key: how to tell it again and how to write its answer."""

    key: str
    target: str
    body_hash: bytes
    render: Callable[[Any], tuple[int, dict[str, Any]]]


class AlreadyAnsweredError(Exception):
    """The same request was answered before; carries that answer."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.answer = answer


class UnrecordedChangeError(RuntimeError):
    """A row of which no record would tell: assigned past the unit of work, or told in another row's place."""


@dataclass(frozen=True, slots=True)
class Part:
    """A change of one row within an entity: where it stands in the record, and its new values."""

    row: Recorded
    place: str
    values: Mapping[str, object]
    is_new: bool = False


@dataclass(slots=True)
class Work:
    """A writing transaction: what it writes carries its record."""

    session: scoped_session[Session]
    actor: Actor
    now: datetime
    kept: Kept | None = None

    def create(
        self,
        entity: Entity,
        event: str,
        *,
        parts: Sequence[Part] = (),
        role: Grant | Role | None = None,
        reason: str = "",
    ) -> None:
        """Bring an entity into being as version 1: first its record, then its parts, then its own row (the guards' order)."""
        entity.version = 1
        changes = [*_beginning(entity), *(change for part in parts for change in _beginning_of(part))]
        entity.record_id = self._record(entity, 1, event, _told(changes, parts, reason), role)
        self._write_parts(parts, entity.record_id)
        self.session.add(entity)
        self._flush(entity)

    def change(
        self,
        entity: Entity,
        event: str,
        values: Mapping[str, object],
        *,
        parts: Sequence[Part] = (),
        role: Grant | Role | None = None,
        reason: str = "",
    ) -> None:
        """Take an entity to its next version: first its record, then its parts, then its own row (the guards' order)."""
        self._refuse_undeclared(entity, *(part.row for part in parts if not part.is_new))
        changes = [change for part in parts for change in (_beginning_of(part) if part.is_new else _moves_of(part))]
        changes += _moves(entity, values)
        record_id = self._record(entity, entity.version + 1, event, _told(changes, parts, reason), role)
        self._write_parts(parts, record_id)
        _assign(entity, values)
        entity.version += 1
        entity.record_id = record_id
        self._flush(entity)

    def restate(
        self,
        entity: Entity,
        event: str,
        values: Mapping[str, object],
        *,
        parts: Sequence[tuple[Recorded, Mapping[str, object]]] = (),
        role: Grant | Role | None = None,
        reason: str = "",
    ) -> None:
        """Take an entity to its next version by a record that says anew how all of it stands, since those before are erased.

        Parts with new values stand on this record from now on; the others stay as they are, each on the record that made it so.
        """
        self._refuse_undeclared(entity, *(row for row, _ in parts))
        told: list[Json] = list(_standing(entity, values))
        rows: dict[str, Json] = {}
        for row, changed in parts:
            place = f"{row.__tablename__}/{row.id}"
            told += _standing(row, changed, f"{place}/")
            rows[place] = [row.__tablename__, str(row.id), *([] if changed else [str(row.record_id)])]
        content: dict[str, Json] = {"changes": told, "parts": rows, "reason": plain(reason)}
        record_id = self._record(entity, entity.version + 1, event, content, role)
        self._write_parts([Part(row, "", changed) for row, changed in parts if changed], record_id)
        _assign(entity, values)
        entity.version += 1
        entity.record_id = record_id
        self._flush(entity)

    def note(self, entity: Entity, event: str, *, role: Grant | Role | None = None, reason: str = "") -> None:
        """Record something about an entity that changes nothing, such as a refused signing."""
        self._record(entity, None, event, _told([], (), reason), role)

    def finish(self, result: Any) -> Any:
        """Keep the answer for a repeated request, if this one may be repeated; gives the result back."""
        if self.kept is not None:
            status, answer = self.kept.render(result)
            row = KeptAnswer(
                account_id=self.actor.account_id,
                key=self.kept.key,
                target=self.kept.target,
                body_hash=self.kept.body_hash,
                status=status,
                answer=answer,
                at=self.now,
            )
            self.session.add(row)
            self.session.flush()
        return result

    def _write_parts(self, parts: Sequence[Part], record_id: int) -> None:
        for part in parts:
            _assign(part.row, part.values)
            part.row.record_id = record_id
            if part.is_new:
                self.session.add(part.row)
        self._flush(*(part.row for part in parts))

    def _flush(self, *rows: Recorded) -> None:
        """Write rows whose record has been written; whatever else is waiting to be written is refused."""
        self.session.info[_DECLARED] = {id(row) for row in rows}
        try:
            self.session.flush()
        finally:
            del self.session.info[_DECLARED]

    def _refuse_undeclared(self, *rows: Recorded) -> None:
        """Refuse rows with values that were assigned and not handed over: the record would not tell of them."""
        for row in rows:
            if self.session.is_modified(row):
                raise UnrecordedChangeError(row)

    def _record(
        self,
        entity: Entity,
        version: int | None,
        event: str,
        content: dict[str, Json],
        role: Grant | Role | None,
    ) -> int:
        """Append the record of a change; gives its id."""
        kind = RECORDED[str(entity.__tablename__)].kind
        acting = self.actor.capacity(role)
        salt = secrets.token_bytes(16)
        previous_id, previous_hash = self._previous(kind, entity, version)
        envelope = Envelope(
            id=new_id(above=previous_id),  # the order of an entity's records stays though the clock was set back
            entity_kind=kind,
            entity_id=entity.id,
            version=version,
            event=event,
            at=self.now,
            actor_id=self.actor.account_id or None,
            role=acting.role if acting else None,
            on_behalf_of=acting.holder.account_id if acting and acting.holder else None,
            state=getattr(entity, "state", None),
            request_id=self.actor.request_id,
            previous_hash=previous_hash,
            content_hash=content_hash(salt, content),
        )
        row = envelope._asdict()
        connection = self.session.connection()
        connection.execute(_APPEND, {**row, "hash": envelope.hash()})
        connection.execute(_DISCLOSE, {"record_id": envelope.id, "salt": salt, "content": content})
        connection.execute(_AWAIT, {"record_id": envelope.id})
        return envelope.id

    def _previous(self, kind: str, entity: Entity, version: int | None) -> tuple[int, bytes | None]:
        """Give the id and the hash of the record that made the entity's present version; of a new entity's none."""
        if version == 1:
            return 0, None
        place = {"kind": kind, "entity": entity.id, "number": entity.version}
        found = self.session.connection().execute(_PREVIOUS, place).one_or_none()
        return (0, None) if found is None else (found.id, found.hash)


@event.listens_for(Session, "before_flush")
def _refuse_what_no_record_tells(session: Session, _context: object, _instances: object) -> None:
    """Nothing but a unit of work writes a recorded row, and only what it has written a record of."""
    declared = session.info.get(_DECLARED, frozenset())
    for row in (*session.new, *session.dirty):
        if isinstance(row, Recorded) and id(row) not in declared and session.is_modified(row):
            raise UnrecordedChangeError(row)


@contextmanager
def unit_of_work(actor: Actor, clock: Clock, kept: Kept | None = None) -> Iterator[Work]:
    """Begin a writing transaction for `actor`, commit it at the end, undo all of it on any exception.

    Raises Refusal (busy, stale) when the database can't take it now, AlreadyAnsweredError for a request told twice.
    """
    session = db.session
    session.rollback()
    session.expire_all()  # what was read before belongs to another moment
    try:
        session.connection(execution_options={WRITER: True})
        _answered_before(actor, kept, clock())
        if kept is not None:
            forget_old_answers(clock())
        yield Work(session, actor, clock(), kept)
        session.commit()
    except AlreadyAnsweredError:
        session.rollback()
        raise
    except Exception as error:
        session.rollback()
        _answered_before(actor, kept, clock())  # the same request, told twice at once, may have won the race
        refusal = _lost_race(error)
        if refusal is None:
            raise
        raise refusal from error
    except BaseException:
        session.rollback()
        raise


def _lost_race(error: Exception) -> Refusal | None:
    """Give the refusal for what the database could not take because of others; None for any other fault."""
    if isinstance(error, OperationalError):
        return refuse(Reason.NOT_STORED if _is_full(error.orig) else Reason.BUSY)
    if isinstance(error, StaleDataError):
        return refuse(Reason.STALE)
    if isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION:
        return refuse(Reason.STALE)  # somebody else has just made this version, or taken this key
    return None


def _is_full(fault: object) -> bool:
    """Say whether the disk took no more, or failed, rather than that others were in the way."""
    primary = getattr(fault, "sqlite_errorcode", 0) & 0xFF  # the rest tells more of it
    return primary in _DISK_SQLITE or (getattr(fault, "sqlstate", None) or "").startswith(_DISK_POSTGRESQL)


def find_kept(
    account_id: int, key: str, target: str, body_hash: bytes, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    """Give the answer kept for this request, if there is one; raises Refusal when the key was used with another body."""
    row = db.session.get(KeptAnswer, (account_id, key, target))
    if row is None or row.at < now - KEPT_FOR:
        return None
    if row.body_hash != body_hash:
        raise refuse(Reason.KEY_REUSED)
    return row.status, row.answer


def forget_old_answers(now: datetime) -> None:
    """Delete the answers that have been kept long enough, so that their keys can be used again."""
    db.session.execute(delete(KeptAnswer).where(KeptAnswer.at < now - KEPT_FOR))


def _answered_before(actor: Actor, kept: Kept | None, now: datetime) -> None:
    """Raise AlreadyAnsweredError when this request has its answer already."""
    if kept is None:
        return
    answer = find_kept(actor.account_id, kept.key, kept.target, kept.body_hash, now)
    if answer is not None:
        raise AlreadyAnsweredError(*answer)


def _told(changes: list[dict[str, Json]], parts: Sequence[Part], reason: str) -> dict[str, Json]:
    """Give a record's content: the changes, the row that stands behind each place in them, and the reason."""
    rows: dict[str, Json] = {part.place: [part.row.__tablename__, str(part.row.id)] for part in parts}
    if len(rows) < len(parts):
        raise UnrecordedChangeError(parts)
    return {"changes": list(changes), "parts": rows, "reason": plain(reason)}


def _beginning_of(part: Part) -> list[dict[str, Json]]:
    """Say what a new part of an entity begins with."""
    _assign(part.row, part.values)
    return _beginning(part.row, f"{part.place}/")


def _beginning(row: Recorded, place: str = "") -> list[dict[str, Json]]:
    """Say what every field of a new row begins with, defaults put in; what only ties the row is left out."""
    for column in row.__table__.columns:
        if isinstance(column.default, ColumnDefault) and getattr(row, column.key) is None:
            setattr(row, column.key, column.default.arg(None) if column.default.is_callable else column.default.arg)
    tie = RECORDED[row.__tablename__]
    told = (column.key for column in row.__table__.columns if column.key not in {*_TIES, tie.parent_column})
    values = ((name, getattr(row, name)) for name in told)
    return [_change(f"{place}{name}", None, value) for name, value in values if value is not None]


def _standing(row: Recorded, values: Mapping[str, object], place: str = "") -> list[dict[str, Json]]:
    """Say how every field of a row stands once it has these values."""
    told = _beginning(row, place)
    changed = {f"{place}{name}": _change(f"{place}{name}", None, value) for name, value in values.items()}
    kept = [each for each in told if each["field"] not in changed]
    return [*kept, *(each for each in changed.values() if each["to"] is not None)]


def _moves_of(part: Part) -> list[dict[str, Json]]:
    """Say how the fields of a part change."""
    return _moves(part.row, part.values, f"{part.place}/")


def _moves(row: Recorded, values: Mapping[str, object], place: str = "") -> list[dict[str, Json]]:
    """Say how the fields of a row change; those that stay as they are are left out."""
    changes = (_change(f"{place}{name}", getattr(row, name), value) for name, value in values.items())
    return [change for change in changes if change["from"] != change["to"]]


def _assign(row: Recorded, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _change(name: str, before: object, after: object) -> dict[str, Json]:
    """Say how one field changed."""
    column = name.rpartition("/")[2]
    return {"field": name, "from": as_told(column, before), "to": as_told(column, after)}
