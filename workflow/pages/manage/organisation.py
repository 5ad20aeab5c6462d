"""人员 and 单位: who belongs where, and who is responsible for what."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.views.manage import PeoplePage, PersonRow, UnitRow, UnitsPage
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action, Actor, unit_scope
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.people import look_up_organisation
from workflow.services.people.look_up_organisation import PeopleWanted

PER_PAGE = 20
STANDINGS = ("active", "left", "all")


@blueprint.get("/manage/people")
def people() -> ResponseReturnValue:
    """Show people in the reader's scope, by the sound of their names."""
    actor, asked = web.actor(), request.args
    standing = asked["active"] if asked.get("active") in STANDINGS else "active"
    wanted = PeopleWanted(unit=asked.get("unit") or None, q=asked.get("q", ""), standing=standing)
    found = look_up_organisation.list_people(actor, wanted, today(), PageAsked(PER_PAGE, asked.get("after") or None))
    page = PeoplePage(
        rows=tuple(_person(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        units=unit_options(actor),
        q=wanted.q,
        unit=wanted.unit or "",
        active=standing,
        may_edit=bool(unit_scope(actor, Action.PEOPLE_WRITE)),
        today=today(),
    )
    return render_template("manage/people.html", page=page)


@blueprint.get("/manage/units")
def units() -> ResponseReturnValue:
    """Show the tree of units with who is responsible."""
    actor = web.actor()
    may_edit = bool(unit_scope(actor, Action.UNITS_WRITE))
    rows = tuple(_unit(each) for each in look_up_organisation.list_units(actor, today()))
    page = UnitsPage(rows, _people_options(actor) if may_edit else (), may_edit, today())
    return render_template("manage/units.html", page=page)


def unit_options(actor: Actor) -> tuple[Option, ...]:
    """Give the units in the reader's scope, indented as the tree is."""
    return tuple(
        Option(unit.code, "　" * unit.depth + unit.title) for unit in look_up_organisation.list_units(actor, today())
    )


def today() -> date:
    """Give today's date where the company is."""
    return web.clock()().astimezone(web.settings().timezone).date()


def _people_options(actor: Actor) -> tuple[Option, ...]:
    found = look_up_organisation.list_people(actor, PeopleWanted(), today(), PageAsked(MOST_ROWS))
    return tuple(Option(each.code, f"{each.name} {each.code}") for each in found.rows)


def _person(each: look_up_organisation.PersonRow) -> PersonRow:
    return PersonRow(
        id=str(each.id),
        number=each.code,
        name=each.name,
        unit=each.unit_code or "",
        unit_name=each.unit_title or "",
        post=each.post,
        version=each.version,
        active=each.active,
        username=each.username or "",
        since=each.since,
    )


def _unit(each: look_up_organisation.UnitRow) -> UnitRow:
    return UnitRow(
        code=each.code,
        name=each.title,
        depth=each.depth,
        parent=each.parent_code or "",
        head=each.head_code or "",
        head_name=each.head_name or "",
        people=each.people,
        version=each.version,
    )
