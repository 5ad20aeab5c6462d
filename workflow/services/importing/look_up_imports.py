"""What was brought in, and the files that go with it: the template, and the failed rows with the reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select

from workflow.lifecycle.import_batch import Kind, State, decide_see
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.imports import ImportBatch
from workflow.policy import SYSTEM, Actor
from workflow.services.importing.import_data import IMPORTERS, open_import
from workflow.services.importing.import_rows import Outcome
from workflow.services.importing.workbooks import write_table
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.wording import Language, Phrase

REASON = Phrase("原因", "Reason")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as a list shows it; its rows are counted by outcome once it has been checked."""

    id: int
    kind: Kind
    file_name: str
    state: State
    counts: dict[str, int]
    uploaded_by: str
    uploaded_at: datetime
    version: int


def list_imports(actor: Actor, asked: PageAsked) -> Page[ImportRow]:
    """Give one's own imports, and those of kinds that one may see for the whole company; the newest first."""
    query = select(ImportBatch, Account.name).outerjoin(Account, Account.id == ImportBatch.uploaded_by)
    return page(query.where(_seen_by(actor)), (ImportBatch.uploaded_at, ImportBatch.id), asked, _row, newest_first=True)


def uploader(batch: ImportBatch) -> str:
    """Give the name of who brought the file; the product's own where the command did."""
    return db.session.scalar(select(Account.name).where(Account.id == batch.uploaded_by)) or SYSTEM.name


def same_file_before(actor: Actor, batch: ImportBatch) -> datetime | None:
    """When this very file was applied before, by an import that has not been undone."""
    query = select(ImportBatch.uploaded_at).where(
        ImportBatch.file_hash == batch.file_hash,
        ImportBatch.id != batch.id,
        ImportBatch.state == State.APPLIED,
        _seen_by(actor),
    )
    return db.session.scalar(query.order_by(ImportBatch.uploaded_at.desc()).limit(1))


def template_file(kind: Kind, language: Language) -> bytes:
    """Give an empty workbook with the headings of a kind."""
    return write_table([column.title.say(language) for column in IMPORTERS[kind].columns], [])


def error_file(actor: Actor, import_id: int, today: date, language: Language) -> bytes:
    """Give a workbook of exactly the failed rows, with the original columns and the reason; raises Refusal."""
    opened = open_import(actor, import_id, today)
    rows = [
        [*row.shown, ";".join(error.phrase.say(language, **error.facts) for error in row.errors)]
        for row in opened.rows
        if row.outcome is Outcome.ERROR
    ]
    return write_table([*opened.headings, REASON.say(language)], rows)


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    whole = [kind for kind in Kind if decide_see(actor, kind, 0) is None]
    return or_(ImportBatch.uploaded_by == actor.account_id, ImportBatch.kind.in_(whole))


def _row(row: AnyRow) -> ImportRow:
    batch, name = tuple(row)[:2]
    return ImportRow(
        id=batch.id,
        kind=Kind(batch.kind),
        file_name=batch.file_name,
        state=State(batch.state),
        counts=dict(batch.counts),
        uploaded_by=name or SYSTEM.name,
        uploaded_at=batch.uploaded_at,
        version=batch.version,
    )
