"""Bringing in a file: upload, check, apply in one transaction, undo until used (source: lifecycle.md, Import)."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath

from sqlalchemy import select

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, refuse, stale
from workflow.lifecycle import import_batch as lifecycle
from workflow.lifecycle.import_batch import ImportFacts, Kind, State, Trigger
from workflow.lifecycle.machine import MoveRequest
from workflow.models.database import db
from workflow.models.imports import ImportBatch, ImportContent
from workflow.models.record import Record
from workflow.policy import SYSTEM, Actor, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import permit
from workflow.services.importing.import_measurements import MEASUREMENTS
from workflow.services.importing.import_people import PEOPLE
from workflow.services.importing.import_rows import (
    CheckedRow,
    FileRow,
    Importer,
    Outcome,
    match_columns,
    missing_columns,
    text_of,
)
from workflow.services.importing.workbooks import Notice, Table, read_table
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

IMPORTERS: Mapping[Kind, Importer] = {Kind.PEOPLE: PEOPLE, Kind.MEASUREMENTS: MEASUREMENTS}
MOST_NAMED = 100
NAME_LENGTH = 256

_EMPTY = Phrase("文件中没有数据", "the file holds no data")
_NO_COLUMN = Phrase("没有“{title}”列", "there is no column for “{title}”")
_NO_KIND = Phrase("没有“{kind}”这种导入", "there is no import of “{kind}”")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an import: the move, for a check which heading fills which field, for applying which rows."""

    trigger: str
    columns: Mapping[str, str] | None = None
    only_correct: bool = False


@dataclass(frozen=True, slots=True)
class OpenImport:
    """An import with its file as read, and until it is applied its rows as checked against the present data."""

    batch: ImportBatch
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    rows: tuple[CheckedRow, ...]
    notices: tuple[Notice, ...] = ()  # formulas, hidden rows, merged cells

    @property
    def importer(self) -> Importer:
        """What knows this kind of file."""
        return IMPORTERS[Kind(self.batch.kind)]


def upload(actor: Actor, clock: Clock, kind: str, file_name: str, file: bytes, kept: Kept | None = None) -> ImportBatch:
    """Take in a file and match its columns; raises Refusal for one that can't be read."""
    if kind not in set(Kind):
        raise invalid(FieldError("kind", _NO_KIND, {"kind": kind}))
    permit(decide_unit(actor, lifecycle.MADE_BY[Kind(kind)]))
    table = _read(file)
    with unit_of_work(actor, clock, kept) as work:
        batch = ImportBatch(
            kind=kind,
            state=State.UPLOADED,
            file_name=PurePath(file_name.replace("\\", "/")).name[:NAME_LENGTH],
            file_hash=hashlib.sha256(file).hexdigest(),
            columns=_first_columns(actor, Kind(kind), table),
            counts={},
            uploaded_by=actor.account_id if actor.account_id != SYSTEM.account_id else None,
            uploaded_at=work.now,
        )
        work.create(batch, "import.upload")
        work.session.add(ImportContent(import_id=batch.id, file=file, effects=[]))
        work.finish(batch)
        return batch


def preview(actor: Actor, kind: Kind, file: bytes, today: date) -> tuple[CheckedRow, ...]:
    """Tell what each row of a file would do, and write nothing; raises Refusal for one that can't be read or lacks a column."""
    permit(decide_unit(actor, lifecycle.MADE_BY[kind]))
    importer, table = IMPORTERS[kind], _read(file)
    columns = _first_columns(actor, kind, table)
    _check_columns(importer, columns)
    return tuple(importer.check(actor, _file_rows(table, columns), today))


def move(
    actor: Actor,
    clock: Clock,
    import_id: int,
    asked: Asked,
    *,
    today: date,
    seen_version: int | None,
    kept: Kept | None = None,
) -> ImportBatch:
    """Check, apply or undo an import; raises Refusal when policy or lifecycle say no."""
    with unit_of_work(actor, clock, kept) as work:
        batch, content = _find(actor, import_id, lock=True)
        opened = _open(batch, content, today, actor, asked.columns)
        facts = _facts(opened, content, asked)
        answer = lifecycle.decide(asked.trigger, facts, MoveRequest(actor, seen_version))
        if isinstance(answer, Denied):
            raise _refusal(answer, opened)
        if not content.file:
            raise refuse(Reason.CONTENT_ERASED, move=lifecycle.TRIGGER_NAMES[Trigger(asked.trigger)])
        values: dict[str, object] = {"state": answer.target}
        if asked.trigger == Trigger.VALIDATE:
            _check_columns(opened.importer, opened.columns)
            values |= {"columns": dict(opened.columns), "counts": counts(opened.rows)}
        if asked.trigger == Trigger.APPLY:
            values["counts"] = counts(opened.rows)
            right = [row for row in opened.rows if row.outcome is not Outcome.ERROR]
            content.effects = opened.importer.apply(work, right, _told(batch))
        if asked.trigger == Trigger.UNDO:
            opened.importer.undo(work, content.effects, _told(batch))
        work.change(batch, f"import.{asked.trigger}", values)
        work.finish(batch)
        return batch


def open_import(actor: Actor, import_id: int, today: date) -> OpenImport:
    """Read an import, its rows compared with the present data; raises Refusal when the actor may not see it."""
    batch, content = _find(actor, import_id)
    return _open(batch, content, today, actor, None)


def offered(actor: Actor, batch: ImportBatch) -> tuple[str, ...]:
    """The moves that the actor can make of the import now."""
    return lifecycle.offered(_plain_facts(batch), actor)


def check_may_move(actor: Actor, import_id: int) -> None:
    """Raise Refusal for an import that the actor may not see or not move."""
    batch, _ = _find(actor, import_id)
    permit(lifecycle.forbidden(actor, _plain_facts(batch)))


def counts(rows: Sequence[CheckedRow]) -> dict[str, int]:
    """Count the rows by outcome."""
    found = Counter(str(row.outcome) for row in rows)
    return {str(outcome): found[outcome] for outcome in Outcome}


def _find(actor: Actor, import_id: int, *, lock: bool = False) -> tuple[ImportBatch, ImportContent]:
    query = select(ImportBatch, ImportContent).join(ImportContent, ImportContent.import_id == ImportBatch.id)
    if lock:
        query = query.with_for_update(of=ImportBatch)
    found = db.session.execute(query.where(ImportBatch.id == import_id)).first()
    if found is None:
        raise not_seen()
    batch, content = found
    permit(lifecycle.decide_see(actor, Kind(batch.kind), _uploader(batch)))
    return batch, content


def _open(
    batch: ImportBatch, content: ImportContent, today: date, actor: Actor, chosen: Mapping[str, str] | None
) -> OpenImport:
    """Read the file again, unless an order erased it, and check its rows as long as they can still be applied."""
    if batch.state not in {State.UPLOADED, State.VALIDATED} or not content.file:
        return OpenImport(batch, (), dict(batch.columns), ())
    importer, table = IMPORTERS[Kind(batch.kind)], _read(content.file)
    columns = match_columns(table.headers, importer.columns, chosen) if chosen else dict(batch.columns)
    missing = missing_columns(importer.columns, columns)
    rows = () if missing else tuple(importer.check(actor, _file_rows(table, columns), today))
    return OpenImport(batch, table.headers, columns, rows, table.notices)


def _read(file: bytes) -> Table:
    table = read_table(file)
    if not table.rows:
        raise invalid(FieldError("file", _EMPTY))
    return table


def _file_rows(table: Table, columns: Mapping[str, str]) -> list[FileRow]:
    places = {name: table.headers.index(heading) for name, heading in columns.items()}
    return [
        FileRow(number, {name: cells[place] for name, place in places.items()}, tuple(map(text_of, cells)))
        for number, cells in table.rows
    ]


def _first_columns(actor: Actor, kind: Kind, table: Table) -> dict[str, str]:
    """Match the columns as the actor last did for a file of this kind, or else by their headings."""
    query = select(ImportBatch.columns).where(
        ImportBatch.kind == kind, ImportBatch.uploaded_by == actor.account_id, ImportBatch.state != State.UPLOADED
    )
    remembered = db.session.scalar(query.order_by(ImportBatch.id.desc()).limit(1))
    if remembered and set(remembered.values()) <= set(table.headers):
        return dict(remembered)
    return match_columns(table.headers, IMPORTERS[kind].columns)


def _plain_facts(batch: ImportBatch) -> ImportFacts:
    return ImportFacts(Kind(batch.kind), batch.state, batch.version, _uploader(batch))


def _uploader(batch: ImportBatch) -> int:
    return batch.uploaded_by or SYSTEM.account_id


def _facts(opened: OpenImport, content: ImportContent, asked: Asked) -> ImportFacts:
    batch = opened.batch
    wrong = counts(opened.rows)[Outcome.ERROR] if asked.trigger == Trigger.APPLY and not asked.only_correct else 0
    undoes = asked.trigger == Trigger.UNDO and batch.state == State.APPLIED
    used_by = opened.importer.used_by(content.effects, _applied_at(batch)) if undoes else ()
    return replace(_plain_facts(batch), wrong_rows=wrong, used_by=used_by)


def _applied_at(batch: ImportBatch) -> datetime:
    query = select(Record.at).where(Record.entity_id == batch.id, Record.event == f"import.{Trigger.APPLY}")
    return db.session.scalars(query.where(Record.entity_kind == "import")).one()


def _check_columns(importer: Importer, columns: Mapping[str, str]) -> None:
    """Raise Refusal naming every required field that no column fills."""
    missing = missing_columns(importer.columns, columns)
    if missing:
        raise invalid(*(FieldError(f"columns.{each.field}", _NO_COLUMN, {"title": each.title}) for each in missing))


def _refusal(denied: Denied, opened: OpenImport) -> Refusal:
    """Add to a refusal what is newest, or which rows are wrong and why."""
    if denied.reason is Reason.STALE:
        return stale(opened.batch.version, opened.batch.state)
    errors = tuple(
        FieldError(f"rows[{row.number}].{error.path}", error.phrase, error.facts)
        for row in opened.rows
        for error in row.errors
    )
    return Refusal(denied, errors=errors[:MOST_NAMED] if denied.reason is Reason.INVALID_INPUT else ())


def _told(batch: ImportBatch) -> str:
    return f"{batch.file_name} ({batch.id})"
