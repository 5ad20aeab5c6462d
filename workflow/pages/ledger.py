"""加减分台账: record what happened with its evidence, see what is still owed, question and answer, void."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import STATUS, Reason, Refusal
from workflow.lifecycle import ledger_entry as lifecycle
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import signed
from workflow.pages.views import ledger as views
from workflow.pages.views.cards import Action, Cause, FileLink
from workflow.pages.views.ledger import DutyRow, EntryForm, EntryPage, EntryRow, LedgerPage, SchemeItems
from workflow.pages.views.shell import Option, Pager
from workflow.pages.words import gettext as _
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, unit_scope
from workflow.services.paging import PageAsked
from workflow.services.recorders import evidence, ledger, look_up_ledger, recording
from workflow.services.recorders.ledger import NewEntry
from workflow.services.recorders.look_up_ledger import EntryDetail, LedgerWanted
from workflow.services.recorders.recording import Duty
from workflow.services.scorecards.cards import card_id_of as number_of

PER_PAGE = 50
KEPT_FIELDS = ("subject", "item", "on", "cause", "points", "count", "reason", "filed")
NEXT_ONE = ("item", "on")
"""What stays in the form for the next entry of a series."""

blueprint = shell.area("ledger")


@blueprint.get("/ledger")
def index() -> ResponseReturnValue:
    """Show the ledger as far as the reader is responsible for it."""
    form = EntryForm({name: request.args[name] for name in NEXT_ONE if name in request.args})
    return render_template("ledger/list.html", page=_page(web.actor(), form))


@blueprint.post("/ledger")
def record() -> ResponseReturnValue:
    """Record an entry; a wrong form comes back with what is wrong beside each field, and nothing lost."""
    actor, values = web.actor(), {name: request.form.get(name, "").strip() for name in KEPT_FIELDS}
    files = [
        FileLink(each, name, 0) for each, name in zip(*map(request.form.getlist, ("kept", "kept-name")), strict=False)
    ]
    try:
        files += _hand_in(actor)
        ledger.record(actor, web.clock(), _new_entry(values, files), today=today())
    except Refusal as refusal:
        form = EntryForm(values, tuple(files), _said(refusal))
        return render_template("ledger/list.html", page=_page(actor, form)), STATUS[refusal.denied.code]
    flash(_("已登记"), "success")
    return redirect(url_for("ledger.index", item=values["item"], on=values["on"]))


@blueprint.post("/ledger/nothing")
def nothing_else() -> ResponseReturnValue:
    """Say for all others of a plan that nothing happened in an item."""
    try:
        count = recording.nothing_else(
            web.actor(), web.clock(), request.form.get("plan", ""), request.form.get("item", "")
        )
    except Refusal as refusal:
        flash(refusal.denied.sentence(web.language()), "error")
    else:
        flash(_("%(n)s 张评分表已填“本期无加减分”", n=count), "success")
    return redirect(url_for("ledger.index"))


@blueprint.get("/ledger/people")
def people() -> Response:
    """Find people for the form, as it is typed: by number, name or sound."""
    found = recording.find_people(web.actor(), request.args.get("q", ""), today())
    return jsonify([{"code": each.code, "name": each.name, "unit": each.unit_name} for each in found])


@blueprint.get("/ledger/<entry_id>")
def show(entry_id: str) -> ResponseReturnValue:
    """Show one entry: what happened, its evidence, what was asked and answered."""
    actor = web.actor()
    found = look_up_ledger.find_entry(actor, number_of(entry_id), at_once=web.ledger_at_once())
    own = lifecycle.Trigger.ACKNOWLEDGE not in found.forbidden
    return render_template(
        "ledger/entry.html", page=EntryPage(entry_row(found.entry), tuple(_moves(found, own=own)), own)
    )


def entry_row(row: look_up_ledger.EntryRow) -> EntryRow:
    """Show an entry as a row."""
    return EntryRow(
        id=str(row.id),
        version=row.version,
        period=row.period,
        on=row.on,
        subject=row.subject,
        subject_name=row.subject_name,
        unit_name=row.unit_name,
        item_title=row.item_title,
        points=signed(row.worth),
        cause=row.cause_title,
        reason=row.reason,
        files=tuple(FileLink(each.hash, each.name, each.size) for each in row.files),
        filed=tuple(each for each in row.evidence if not evidence.is_hash(each)),
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        counted=row.counted,
        state=row.state,
        acknowledged_at=row.acknowledged_at,
        question=row.question or "",
        questioned_at=row.questioned_at,
        answer=row.answer or "",
        answered_by=row.answered_by or "",
        answered_at=row.answered_at,
        void_reason=row.void_reason or "",
        voided_by=row.voided_by or "",
        voided_at=row.voided_at,
    )


def duty_row(duty: Duty) -> DutyRow:
    """Show what is still owed."""
    return DutyRow(
        plan=duty.plan,
        plan_title=duty.plan_title,
        item=duty.item,
        item_title=duty.item_title,
        by_entries=duty.by_entries,
        missing=duty.missing,
        due=duty.due,
        late=duty.late,
        recorder=duty.recorder_name,
    )


def _page(actor: Actor, form: EntryForm) -> LedgerPage:
    asked = request.args
    wanted = LedgerWanted(
        period=asked.get("period") or None,
        item=asked.get("of") or None,
        state=asked.get("state") or None,
        subject=asked.get("subject") or None,
    )
    after = asked.get("after") or None
    found = look_up_ledger.list_entries(actor, wanted, PageAsked(PER_PAGE, after), at_once=web.ledger_at_once())
    may_record = bool(unit_scope(actor, PolicyAction.LEDGER_RECORD))
    choices = _choices(actor) if may_record else ()
    titles = {each.value.partition("|")[2]: each.title for scheme in choices for each in scheme.items}
    return LedgerPage(
        rows=tuple(entry_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        today=today(),
        may_record=may_record,
        choices=choices,
        form=form,
        duties=tuple(duty_row(each) for each in recording.my_duties(actor, today())),
        items=tuple(Option(code, title) for code, title in titles.items()),
        period=wanted.period or "",
        item=wanted.item or "",
        state=wanted.state or "",
        subject=wanted.subject or "",
    )


def _choices(actor: Actor) -> tuple[SchemeItems, ...]:
    grouped = groupby(recording.recordable_items(actor), key=lambda each: each.scheme_title)
    return tuple(SchemeItems(title, tuple(map(_choice, items))) for title, items in grouped)


def _choice(item: recording.RecordableItem) -> views.ItemChoice:
    causes = (
        Cause(each.code, each.title, "" if each.points is None else format(each.points, "f")) for each in item.causes
    )
    return views.ItemChoice(f"{item.scheme}|{item.code}", item.title, item.each, item.step, tuple(causes))


def _hand_in(actor: Actor) -> list[FileLink]:
    """Take in the files of the form; raises Refusal for the first that serves as no evidence."""
    sent = [each for each in request.files.getlist("files") if each.filename]
    made = [evidence.add(actor, web.clock(), each.filename or "", each.read()) for each in sent]
    return [FileLink(each.hash, each.file_name, each.size) for each in made]


def _new_entry(values: Mapping[str, str], files: Iterable[FileLink]) -> NewEntry:
    scheme, item = values["item"].split("|", 1) if "|" in values["item"] else ("", values["item"])
    told: dict[str, object] = {
        name: values[name] for name in ("on", "cause", "points", "count", "reason") if values[name]
    }
    named = [*(each.hash for each in files), *filter(None, [values["filed"]])]
    return NewEntry(
        values["subject"].split(" ")[0], item, {**told, "evidence": named} if named else told, scheme or None
    )


def _moves(found: EntryDetail, *, own: bool) -> Iterable[Action]:
    """Show the moves that leave the entry's state and are this reader's kind: those that can be made, of others why not."""
    for trigger in lifecycle.LIFECYCLE.leaving(found.entry.state):
        if (trigger in lifecycle.BY_THE_PERSON) is not own:
            continue
        denied = found.denied.get(trigger)
        why = denied.sentence(web.language()) if denied else ""
        yield Action(trigger, denied is None, why, needs_reason=trigger != lifecycle.Trigger.ACKNOWLEDGE)


def _said(refusal: Refusal) -> Mapping[str, str]:
    """Say what is wrong beside the field that it is about, or else above all of them."""
    if refusal.denied.reason is Reason.NO_GRANT or not refusal.errors:
        return {"": refusal.denied.sentence(web.language())}
    return {
        {"scheme": "item", "evidence": "files", "file": "files"}.get(each.path, each.path): each.phrase.say(
            web.language(), **each.facts
        )
        for each in reversed(refusal.errors)
    }
