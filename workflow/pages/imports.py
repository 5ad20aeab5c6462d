"""数据导入: upload a file, check what it would do, apply it, undo it until it is used."""

from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import STATUS, FieldError, Reason, Refusal
from workflow.lifecycle.import_batch import MADE_BY, Kind, State, Trigger
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.views.cards import Change
from workflow.pages.views.imports import CheckedRow, ColumnMatch, ImportPage, ImportRow, ImportsPage
from workflow.pages.views.shell import Option
from workflow.pages.words import gettext as _
from workflow.policy import Actor, decide_unit
from workflow.services.importing import import_data, import_rows, look_up_imports
from workflow.services.importing.import_data import Asked, OpenImport
from workflow.services.importing.import_rows import Outcome
from workflow.services.paging import PageAsked
from workflow.services.scorecards.cards import card_id_of as number_of

PAST_SHOWN = 20
ROWS_SHOWN = 300
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_COLUMNS = "column."

blueprint = shell.area("imports")


@blueprint.get("/imports")
def index() -> ResponseReturnValue:
    """Show where a file is chosen, and what was brought in before."""
    return render_template("imports/list.html", page=_imports_page(web.actor()))


@blueprint.post("/imports")
def upload() -> ResponseReturnValue:
    """Take in a file and check it at once; one that can't be read is refused with the reason."""
    actor, sent = web.actor(), request.files.get("file")
    try:
        file, name = (sent.read(), sent.filename or "") if sent else (b"", "")
        batch = import_data.upload(actor, web.clock(), request.form.get("kind", ""), name, file)
        _move(actor, batch.id, Asked(Trigger.VALIDATE), batch.version)
    except Refusal as refusal:
        if refusal.denied.reason is Reason.NO_GRANT:
            raise
        page = _imports_page(actor, _why(refusal))
        return render_template("imports/list.html", page=page), STATUS[refusal.denied.code]
    return redirect(url_for("imports.show", import_id=batch.id))


@blueprint.get("/imports/<import_id>")
def show(import_id: str) -> ResponseReturnValue:
    """Show one import: how its columns were matched, what each row would do."""
    return render_template("imports/show.html", page=_import_page(web.actor(), number_of(import_id)))


@blueprint.post("/imports/<import_id>")
def move(import_id: str) -> ResponseReturnValue:
    """Check again with other columns, apply the correct rows, or undo."""
    form, number = request.form, number_of(import_id)
    columns = {name.removeprefix(IN_COLUMNS): form[name] for name in form if name.startswith(IN_COLUMNS) and form[name]}
    asked = Asked(form.get("do", ""), columns=columns or None, only_correct=True)
    version = form.get("version", "")
    try:
        _move(web.actor(), number, asked, int(version) if version.isdigit() else None)
    except Refusal as refusal:
        flash(_why(refusal), "error")
    else:
        flash(_done(asked.trigger), "success")
    return redirect(url_for("imports.show", import_id=number))


@blueprint.get("/imports/templates/<kind>")
def template(kind: str) -> ResponseReturnValue:
    """Give an empty workbook with the headings of a kind."""
    known = Kind(kind) if kind in set(Kind) else Kind.PEOPLE
    return _file(look_up_imports.template_file(known, web.language()), f"{known}.xlsx")


@blueprint.get("/imports/<import_id>/errors")
def errors(import_id: str) -> ResponseReturnValue:
    """Give a workbook of exactly the failed rows, with the reason of each."""
    number = number_of(import_id)
    return _file(look_up_imports.error_file(web.actor(), number, today(), web.language()), f"errors-{number}.xlsx")


def _move(actor: Actor, import_id: int, asked: Asked, version: int | None) -> None:
    import_data.move(actor, web.clock(), import_id, asked, today=today(), seen_version=version)


def _imports_page(actor: Actor, error: str = "") -> ImportsPage:
    found = look_up_imports.list_imports(actor, PageAsked(PAST_SHOWN))
    return ImportsPage(
        kinds=tuple(kind for kind in Kind if decide_unit(actor, MADE_BY[kind]) is None),
        rows=tuple(
            ImportRow(
                id=str(each.id),
                kind=each.kind,
                file=each.file_name,
                state=each.state,
                rows=sum(each.counts.values()),
                errors=each.counts.get(Outcome.ERROR, 0),
                by=each.uploaded_by,
                at=each.uploaded_at,
            )
            for each in found.rows
        ),
        error=error,
    )


def _import_page(actor: Actor, import_id: int) -> ImportPage:
    opened = import_data.open_import(actor, import_id, today())
    batch, language = opened.batch, web.language()
    only_errors = request.args.get("errors") == "1"
    rows = [row for row in opened.rows if not only_errors or row.outcome is Outcome.ERROR]
    counted: Mapping[str, int] = import_data.counts(opened.rows) if opened.rows else batch.counts
    offered = import_data.offered(actor, batch)
    return ImportPage(
        id=str(batch.id),
        kind=batch.kind,
        file=batch.file_name,
        state=batch.state,
        version=batch.version,
        by=look_up_imports.uploader(batch),
        at=batch.uploaded_at,
        columns=tuple(
            ColumnMatch(each.field, each.title.say(language), each.required, opened.columns.get(each.field, ""))
            for each in opened.importer.columns
        ),
        headers=tuple(Option(heading, heading) for heading in opened.headings if heading),
        new=counted.get(Outcome.NEW, 0),
        changed=counted.get(Outcome.CHANGED, 0),
        same=counted.get(Outcome.SAME, 0),
        errors=counted.get(Outcome.ERROR, 0),
        rows=tuple(_row(each) for each in rows[:ROWS_SHOWN]),
        only_errors=only_errors,
        notices=tuple(_notices(actor, opened)),
        may_apply=Trigger.APPLY in offered,
        may_undo=Trigger.UNDO in offered and batch.state == State.APPLIED,
        why_not=_("只有上传这份文件的人可以导入。"),
    )


def _row(each: import_rows.CheckedRow) -> CheckedRow:
    said = [_say(error) for error in (*each.errors, *each.warnings)]
    return CheckedRow(
        row=each.number,
        outcome=each.outcome,
        label=each.label,
        changes=tuple(Change("", change.field, change.before, change.after) for change in each.changes),
        error=";".join(said),
        cells=each.shown if each.outcome is Outcome.ERROR else (),
    )


def _notices(actor: Actor, opened: OpenImport) -> list[str]:
    said = [notice.phrase.say(web.language(), **notice.facts) for notice in opened.notices]
    before = look_up_imports.same_file_before(actor, opened.batch)
    if before is not None:
        said.append(
            _("同一份文件已在 %(when)s 导入过。", when=f"{before.astimezone(web.settings().timezone):%Y-%m-%d %H:%M}")
        )
    return said


def _why(refusal: Refusal) -> str:
    return ";".join(map(_say, refusal.errors)) or refusal.denied.sentence(web.language())


def _say(error: FieldError) -> str:
    return error.phrase.say(web.language(), **error.facts)


def _done(trigger: str) -> str:
    done = {Trigger.VALIDATE: _("已重新检查"), Trigger.APPLY: _("已导入"), Trigger.UNDO: _("已撤销")}
    return done[Trigger(trigger)]


def _file(data: bytes, name: str) -> Response:
    return Response(data, mimetype=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'})
