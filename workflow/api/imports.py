"""Imports 数据导入: a file uploaded, checked row by row, applied in one transaction, undone until what it brought is used."""

from typing import Any, ClassVar

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.declaring import Access
from workflow.api.fields import Choice, File, Flag, FlagInAddress, Instant, Part, Schema, Several, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_bring_in, may_move_import
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.errors import FieldError
from workflow.lifecycle.import_batch import Kind, State
from workflow.services.importing import import_data, look_up_imports
from workflow.services.importing.import_data import Asked, OpenImport
from workflow.services.importing.import_rows import CheckedRow, Outcome
from workflow.services.paging import PageAsked
from workflow.services.scorecards import cards

ROWS_SHOWN = 1000
HEADING_LENGTH = 256
MOST_COLUMNS = 100

resource = Resource("imports", "数据导入 / Imports of files")


class ImportQuery(Schema):
    """Which rows are shown: all, or only those that can't be brought in."""

    errors = FlagInAddress()


class NewImportSchema(Schema):
    """An Excel workbook and what it brings in."""

    sent_as: ClassVar[str] = "files"

    kind = Choice(Kind, required=True)
    file = File(required=True)


class ColumnSchema(Schema):
    """Which heading of the file fills a field."""

    field = Text(required=True)
    heading = Text(HEADING_LENGTH, required=True)


class ImportMoveSchema(Schema):
    """A move: for a check which headings fill which fields, for applying whether wrong rows may be left out."""

    trigger = Text(required=True)
    columns = Several(Part(ColumnSchema), most=MOST_COLUMNS, load_default=())
    only_correct = Flag(load_default=False)


class ImportSchema(Schema):
    """One import; its rows are counted by outcome once it has been checked."""

    id = Shown()
    kind = Choice(Kind)
    file_name = Shown()
    state = Choice(State)
    counts = fields.Dict(keys=Shown(), values=fields.Integer())
    uploaded_by = Shown()
    uploaded_at = Instant()
    version = fields.Integer()


class CellChangeSchema(Schema):
    """What a field would hold in place of what."""

    field = Shown()
    before = Shown(data_key="from")
    after = Shown(data_key="to")


class CellFaultSchema(Schema):
    """What is wrong or odd about a cell, in the caller's language."""

    path = Shown()
    detail = Shown()


class CheckedRowSchema(Schema):
    """One row of the file by its number there, and what it would do."""

    row = fields.Integer(attribute="number")
    label = Shown()
    outcome = Choice(Outcome)
    changes = fields.List(Part(CellChangeSchema))
    errors = fields.List(Part(CellFaultSchema))
    warnings = fields.List(Part(CellFaultSchema))


class ImportDetailSchema(ImportSchema):
    """One import in full: how its columns were matched, until it is applied its first thousand rows, what one can do."""

    columns = fields.List(Part(ColumnSchema))
    headings = fields.List(Shown())
    rows = fields.List(Part(CheckedRowSchema))
    notices = fields.List(Shown())
    allowed = fields.List(Shown())


_import = ImportSchema()
_detail = ImportDetailSchema()


@resource.reads("/imports", Access.SIGNED_IN, ImportSchema(many=True), query=PageQuery)
def list_imports(query: dict[str, Any]) -> Response:
    """List one's own imports, and those of kinds that one may see for the whole company; the newest first."""
    found = look_up_imports.list_imports(web.actor(), PageAsked(**query))
    return reply_list(_import.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/imports",
    Access.SIGNED_IN,
    ImportDetailSchema,
    takes=NewImportSchema,
    status=201,
    guard=may_bring_in,
)
def upload(entered: dict[str, Any]) -> Response:
    """Take in a file; it changes nothing until it is applied."""
    name, file = entered["file"]
    return write(
        lambda kept: import_data.upload(web.actor(), web.clock(), entered["kind"], name, file, kept),
        lambda batch: _show(batch.id),
        201,
    )


@resource.reads("/imports/<import_id>", Access.SIGNED_IN, ImportDetailSchema, query=ImportQuery)
def one_import(query: dict[str, Any], import_id: str) -> Response:
    """Read one import, its rows compared with what is there now."""
    return reply(_show(cards.card_id_of(import_id), only_errors=bool(query.get("errors"))))


@resource.writes(
    "POST",
    "/imports/<import_id>/transitions",
    Access.SIGNED_IN,
    ImportDetailSchema,
    takes=ImportMoveSchema,
    versioned=True,
    guard=may_move_import,
)
def move_import(entered: dict[str, Any], import_id: str) -> Response:
    """Check an import, apply it, or take it back."""
    columns = {each["field"]: each["heading"] for each in entered["columns"]} or None
    number, asked = cards.card_id_of(import_id), Asked(entered["trigger"], columns, entered["only_correct"])
    return write(
        lambda kept: import_data.move(
            web.actor(), web.clock(), number, asked, today=today(), seen_version=seen_version(), kept=kept
        ),
        lambda batch: _show(batch.id),
    )


def _show(import_id: int, *, only_errors: bool = False) -> Any:
    opened = import_data.open_import(web.actor(), import_id, today())
    rows = [row for row in opened.rows if not only_errors or row.outcome is Outcome.ERROR]
    return _detail.dump(_told(opened) | {"rows": [_row(row) for row in rows[:ROWS_SHOWN]]})


def _told(opened: OpenImport) -> dict[str, Any]:
    batch, language = opened.batch, web.language()
    return {
        **{name: getattr(batch, name) for name in ("id", "kind", "file_name", "state", "uploaded_at", "version")},
        "counts": import_data.counts(opened.rows) if opened.rows else batch.counts,
        "uploaded_by": look_up_imports.uploader(batch),
        "columns": [{"field": name, "heading": heading} for name, heading in opened.columns.items()],
        "headings": opened.headings,
        "notices": [each.phrase.say(language, **each.facts) for each in opened.notices],
        "allowed": import_data.offered(web.actor(), batch),
    }


def _row(row: CheckedRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "label": row.label,
        "outcome": row.outcome,
        "changes": row.changes,
        "errors": [_fault(each) for each in row.errors],
        "warnings": [_fault(each) for each in row.warnings],
    }


def _fault(error: FieldError) -> dict[str, str]:
    return {"path": error.path, "detail": error.phrase.say(web.language(), **error.facts)}
