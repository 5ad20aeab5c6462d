"""考核方案: the newest version of each scheme, and one version readable without knowing its file."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import STATUS, Reason, Refusal
from workflow.lifecycle import scheme_version as lifecycle
from workflow.models.schemes import SchemeVersion
from workflow.pages.manage.area import blueprint
from workflow.pages.presenting import full_text, item_rule
from workflow.pages.views.cards import Action as CardAction
from workflow.pages.views.manage import SchemeItem, SchemePage, SchemeRow, SchemeSection, SchemesPage
from workflow.pages.views.schemes import ChangeRow, DifferencePart, ItemDifferenceRow, SignedLine
from workflow.pages.views.shell import Option
from workflow.policy import COMPANY, SCHEME_STATE_NAMES, Action, Actor, Meaning, SchemeState, SchemeTrigger, decide_unit
from workflow.scoring.loading import dump_scheme
from workflow.scoring.scheme import Item, Scheme
from workflow.scoring.terms_wording import say_terms
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.schemes import compare_schemes, look_up_schemes, maintain_schemes
from workflow.services.schemes.compare_schemes import Change
from workflow.services.schemes.look_up_schemes import SchemeDetail, SchemesWanted
from workflow.services.scorecards.cards import card_id_of as number_of

SIGNING = frozenset(Meaning)


@blueprint.get("/manage/schemes")
def schemes() -> ResponseReturnValue:
    """Show the newest version of each scheme."""
    return render_template("manage/schemes.html", page=_schemes_page(web.actor()))


@blueprint.post("/manage/schemes")
def load_scheme() -> ResponseReturnValue:
    """Take in a scheme's file as a new draft version; a faulty one is refused with the place of each fault."""
    actor, sent = web.actor(), request.files.get("file")
    try:
        version = maintain_schemes.load_text(actor, web.clock(), sent.read() if sent else b"")
    except Refusal as refusal:
        if refusal.denied.reason is Reason.NO_GRANT:
            raise
        faults = tuple(Option(each.path, each.phrase.say(web.language(), **each.facts)) for each in refusal.errors)
        page = replace(_schemes_page(actor), file=(sent and sent.filename) or "", faults=faults)
        return render_template("manage/schemes.html", page=page), STATUS[refusal.denied.code]
    return redirect(url_for("manage.scheme", code=version.code, version=version.number))


@blueprint.get("/manage/schemes/<code>/<version>/file")
def scheme_file(code: str, version: str) -> ResponseReturnValue:
    """Give a version as the file that it can be loaded from again."""
    found = look_up_schemes.find_version(web.actor(), code, number_of(version)).version
    headers = {"Content-Disposition": f"attachment; filename={found.code}-{found.number}.yaml"}
    return Response(dump_scheme(found.content), headers=headers, content_type="application/yaml; charset=utf-8")


@blueprint.get("/manage/schemes/<code>/<version>")
def scheme(code: str, version: str) -> ResponseReturnValue:
    """Show one version of a scheme with its rules in words, their sources and assumptions."""
    actor = web.actor()
    detail = look_up_schemes.find_version(actor, code, number_of(version))
    others = look_up_schemes.list_versions(actor, SchemesWanted(code=code), PageAsked(MOST_ROWS)).rows
    found, document = detail.scheme, detail.scheme.document
    page = SchemePage(
        scheme=_row(detail.version, found),
        versions=tuple(other.number for other in others),
        document_number=document.number if document else "",
        document_version=document.version if document else "",
        document_revision=str(document.revision) if document else "",
        sections=tuple(_section(found, place) for place in range(len(found.sections))),
        grades=tuple(Option(grade.name, format(grade.at_least, "f")) for grade in found.grades),
        source=found.source or "",
        assumption=found.assumption or "",
        warnings=tuple(f"{each.path}: {each.say(web.language())}" for each in detail.warnings),
        terms=say_terms(found, web.language()),
        difference=_difference(actor, detail.version) if detail.version.number > 1 else None,
        may_test=decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY) is None,
        version=detail.version.version,
        actions=tuple(_actions(detail)),
        signatures=tuple(SignedLine(each.meaning, each.name, each.at) for each in detail.signatures),
    )
    return render_template("manage/scheme.html", page=page)


def _schemes_page(actor: Actor) -> SchemesPage:
    versions = look_up_schemes.list_versions(actor, SchemesWanted(), PageAsked(MOST_ROWS)).rows
    newest = {version.code: version for version in versions}
    rows = tuple(_row(version, Scheme.from_data(version.content)) for version in newest.values())
    return SchemesPage(rows, may_load=decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY) is None)


def _actions(detail: SchemeDetail) -> Iterable[CardAction]:
    """Show the moves that the reader can make, and why not the signature that the version waits for."""
    for trigger in lifecycle.LIFECYCLE.leaving(detail.version.state):
        denied = detail.denied.get(trigger)
        if denied is not None and trigger not in SIGNING:
            continue
        yield CardAction(
            trigger=trigger,
            allowed=denied is None,
            why_not=denied.sentence(web.language()) if denied else "",
            needs_proof=trigger in SIGNING,
            needs_reason=trigger == SchemeTrigger.RETURN,
            targets=_targets(detail.version.state, trigger),
        )


def _targets(state: str, trigger: str) -> tuple[Option, ...]:
    if trigger != SchemeTrigger.RETURN or state != SchemeState.REVIEWED:
        return ()
    back_to = (SchemeState.DRAFT, SchemeState.PREPARED)
    return tuple(Option(each, SCHEME_STATE_NAMES[each].say(web.language())) for each in back_to)


def _difference(actor: Actor, version: SchemeVersion) -> DifferencePart:
    """Say what a version changed in the one before it."""
    before = version.number - 1
    found = compare_schemes.compare_versions(actor, version.code, before, version.number)
    items = tuple(
        ItemDifferenceRow(
            each.code, each.title, each.kind, _rule(each.before), _rule(each.after), _changes(each.changes)
        )
        for each in found.items
    )
    return DifferencePart(before, items, _changes(found.others))


def _changes(changes: Iterable[Change]) -> tuple[ChangeRow, ...]:
    return tuple(ChangeRow(each.path, each.before, each.after) for each in changes)


def _rule(item: Item | None) -> str:
    return "" if item is None else item.describe(web.language())


def _row(version: SchemeVersion, scheme: Scheme) -> SchemeRow:
    return SchemeRow(
        code=version.code,
        title=version.title,
        version=version.number,
        state=version.state,
        frequency=scheme.frequency,
        subject=scheme.subject,
        items=len(scheme.items),
        full=full_text(scheme, scheme.total.max),
        effective_from=version.effective_from or "",
    )


def _section(scheme: Scheme, place: int) -> SchemeSection:
    section = scheme.sections[place]
    items = tuple(
        SchemeItem(item.code, item.title, full_text(scheme, item.full_marks), format(item.weight, "f"), item_rule(item))
        for item in section.items
    )
    full = full_text(scheme, section.full_marks)
    return SchemeSection(section.code, section.title, full, items, section.source or "", section.assumption or "")
