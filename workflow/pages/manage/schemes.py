"""考核方案: the newest version of each scheme, and one version readable without knowing its file."""

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.models.schemes import SchemeVersion
from workflow.pages.manage.area import blueprint
from workflow.pages.presenting import full_text, item_rule
from workflow.pages.views.manage import SchemeItem, SchemePage, SchemeRow, SchemeSection, SchemesPage
from workflow.pages.views.schemes import ChangeRow, DifferencePart, ItemDifferenceRow
from workflow.pages.views.shell import Option
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.scoring.scheme import Item, Scheme
from workflow.scoring.terms_wording import say_terms
from workflow.services import compare_schemes, look_up_schemes
from workflow.services.cards import card_id_of as number_of
from workflow.services.compare_schemes import Change
from workflow.services.look_up_schemes import SchemesWanted
from workflow.services.paging import MOST_ROWS, PageAsked


@blueprint.get("/manage/schemes")
def schemes() -> ResponseReturnValue:
    """Show the newest version of each scheme."""
    versions = look_up_schemes.list_versions(web.actor(), SchemesWanted(), PageAsked(MOST_ROWS)).rows
    newest = {version.code: version for version in versions}
    rows = tuple(_row(version, Scheme.from_data(version.content)) for version in newest.values())
    return render_template("manage/schemes.html", page=SchemesPage(rows))


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
    )
    return render_template("manage/scheme.html", page=page)


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
