"""审计: the written record, readable and with filters."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import history, shell
from workflow.pages.record_words import MOST_CHANGES, Described, RecordWords, item_title, reason_text
from workflow.pages.views.cards import CardLink
from workflow.pages.views.record import LogLine, ProofLine, RecordPage, RecordRow, WitnessLine
from workflow.pages.views.shell import Option, Pager
from workflow.pages.words import gettext as _
from workflow.policy import Actor
from workflow.services.erasing.look_up_erasures import TOLD, OrderTold
from workflow.services.paging import PageAsked
from workflow.services.record import export_log, look_up_log, look_up_records, told_records, verify_runs
from workflow.services.record.look_up_records import RecordsWanted
from workflow.services.schemes.maintain_schemes import scorer_of

PER_PAGE = 50

blueprint = shell.area("record")


@blueprint.get("/record")
def index() -> ResponseReturnValue:
    """Show the records within the reader's reach, narrowed by entity, actor and days."""
    actor, asked = web.actor(), request.args
    newest_first = asked.get("oldest") != "1"
    wanted = RecordsWanted(
        entity=":".join(part for part in (asked.get("kind"), asked.get("entity")) if part),
        actor=asked.get("actor", ""),
        since=_moment(asked.get("from_day"), days=0),
        until=_moment(asked.get("to_day"), days=1),
        newest_first=newest_first,
    )
    found = look_up_records.search_records(actor, wanted, PageAsked(PER_PAGE, asked.get("after") or None))
    words = RecordWords.of(map(_described, found.rows))
    page = RecordPage(
        rows=tuple(_row(words, each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        log=_log(),
        may_export=export_log.may_export(actor),
        proof=_proof(actor),
        kinds=look_up_records.KINDS,
        kind=asked.get("kind", ""),
        entity=asked.get("entity", ""),
        actor=asked.get("actor", ""),
        actors=tuple(Option(username, name) for username, name in look_up_records.actors_within_reach(actor)),
        from_day=asked.get("from_day", ""),
        to_day=asked.get("to_day", ""),
        newest_first=newest_first,
    )
    return render_template("record/list.html", page=page)


@blueprint.post("/record/verify")
def verify() -> ResponseReturnValue:
    """Have the whole record proved by the worker."""
    verify_runs.ask(web.actor(), web.clock())
    return redirect(url_for("record.index", _anchor="proof"))


@blueprint.get("/record/log.zip")
def export() -> ResponseReturnValue:
    """Send the whole log as one file while it is read."""
    archive = export_log.archive(web.actor())
    disposition = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return Response(stream_with_context(archive.pieces), mimetype="application/zip", headers=disposition)


def _proof(actor: Actor) -> ProofLine | None:
    """Show the newest proof to who may ask for one."""
    if not verify_runs.may_verify(actor):
        return None
    run, language = verify_runs.newest(actor), web.language().value
    if run is None:
        return ProofLine()
    verdict: dict[str, Any] = run.verdict or {}
    fault = verdict.get("fault") or {}
    return ProofLine(
        asked_by=run.asked_by,
        asked_at=run.asked_at,
        begun=run.begun,
        percent=run.percent,
        finished_at=run.finished_at,
        holds=bool(verdict.get("holds")),
        records=verdict.get("records", 0),
        erasures=tuple(
            TOLD.say(web.language(), **OrderTold.from_data(each).facts()) for each in verdict.get("erasures", ())
        ),
        compared=bool(verdict.get("log", {}).get("compared")),
        wrong=fault.get("sentence", {}).get(language, ""),
        advice=fault.get("advice", {}).get(language, ""),
    )


def _log() -> LogLine:
    names = [key.partition("+")[0] for key, _ in web.settings().witnesses]
    state = look_up_log.log_state(names)
    size = state.tree.size if state.tree else 0
    return LogLine(
        size=size,
        signed_at=state.tree.at if state.tree else None,
        waiting=state.waiting,
        witnesses=tuple(WitnessLine(each.name, size - each.size, each.at) for each in state.witnesses),
    )


def _described(each: told_records.RecordRow) -> Described:
    scheme = None if each.scheme_version_id is None else scorer_of(each.scheme_version_id).scheme
    return each.entity_kind, scheme, each.changes


def _code(each: told_records.RecordRow) -> str | None:
    """Give what the entity is called by: an entry of the ledger by the item that it counts for."""
    scheme = _described(each)[1]
    return item_title(scheme, each.code) if each.entity_kind == "ledger" and each.code else each.code


def _row(words: RecordWords, each: told_records.RecordRow) -> RecordRow:
    card = each.card
    link = CardLink(str(card.id), card.period, card.unit, card.subject_name) if card else None
    return RecordRow(
        id=str(each.id),
        index=each.index,
        at=each.at,
        event=each.event,
        entity_kind=each.entity_kind,
        entity=str(each.entity_id),
        label=" ".join(part for part in (_code(each), each.title) if part),
        version=each.version or 0,
        actor=each.name or _("系统"),
        role=each.role or "",
        on_behalf_of=each.on_behalf_of or "",
        reason=reason_text(each.event, each.reason),
        changes=words.changes(_described(each)),
        more=max(0, len(each.changes) - MOST_CHANGES),
        state=each.state or "",
        request_id=each.request_id,
        card=link,
        erased=history.order_line(each.erased),
    )


def _moment(text: str | None, *, days: int) -> datetime | None:
    """Read a day of the company's time zone as the moment in which it begins, `days` later."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=web.settings().timezone)
