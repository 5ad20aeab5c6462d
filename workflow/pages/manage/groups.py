"""考核单元: which units compete with each other, since when, under which schemes, and who that is today."""

from flask import render_template
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today, unit_options
from workflow.pages.views.groups import GroupCard, GroupedUnitRow, GroupsPage, MemberRow, RankedSchemeRow
from workflow.policy import COMPANY, Action, decide_unit
from workflow.services.ranking import look_up_groups
from workflow.services.ranking.look_up_groups import GroupInFull


@blueprint.get("/manage/groups")
def groups() -> ResponseReturnValue:
    """Show every ranking group with its units, its schemes and its members."""
    actor = web.actor()
    may_edit = decide_unit(actor, Action.UNITS_WRITE, COMPANY) is None
    page = GroupsPage(
        groups=tuple(_group(each) for each in look_up_groups.groups_in_full(actor, today())),
        units=unit_options(actor) if may_edit else (),
        may_edit=may_edit,
        today=today(),
    )
    return render_template("manage/groups.html", page=page)


def _group(found: GroupInFull) -> GroupCard:
    return GroupCard(
        code=found.group.code,
        title=found.group.title,
        version=found.group.version,
        units=tuple(
            GroupedUnitRow(each.unit, each.unit_name, each.starts_on, each.ends_on, _status(each))
            for each in found.group.units
        ),
        schemes=tuple(RankedSchemeRow(each.title, each.family, each.last_period) for each in found.schemes),
        members=tuple(MemberRow(each.code, each.name, each.unit_name) for each in found.members),
    )


def _status(each: look_up_groups.GroupedUnit) -> str:
    if each.starts_on > today():
        return "coming"
    return "ended" if each.ends_on is not None and each.ends_on < today() else "in_force"
