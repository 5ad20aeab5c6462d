"""代理: who acts for whom, from which day to which; where a holder chooses a delegate, or an administrator for the absent."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today
from workflow.pages.views import delegates as views
from workflow.pages.views.delegates import DelegatesPage, GrantChoice
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Actor
from workflow.services.paging import PageAsked
from workflow.services.people import look_up_delegations
from workflow.services.people.look_up_delegations import DelegationRow, DelegationsWanted

PER_PAGE = 50


@blueprint.get("/manage/delegates")
def delegates() -> ResponseReturnValue:
    """Show the delegations that the reader may see, the newest first."""
    actor, asked = web.actor(), request.args
    wanted = DelegationsWanted(only_in_force=asked.get("show") == "current")
    found = look_up_delegations.list_delegations(
        actor, wanted, today(), PageAsked(PER_PAGE, asked.get("after") or None)
    )
    grants = tuple(
        GrantChoice(str(each.id), each.role, each.unit_title or "", each.holder_name, each.is_own)
        for each in look_up_delegations.delegable_grants(actor, today())
    )
    people = look_up_delegations.possible_delegates(actor, today()) if grants else ()
    page = DelegatesPage(
        rows=tuple(_row(actor, each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        grants=grants,
        delegates=tuple(Option(username, f"{name}({username})") for username, name in people),
        today=today(),
        only_in_force=wanted.only_in_force,
    )
    return render_template("manage/delegates.html", page=page)


def _row(actor: Actor, row: DelegationRow) -> views.DelegationRow:
    given = row.facts.given
    side = "holder" if given.holder.is_by(actor) else "other"
    if given.delegate is not None and given.delegate.is_by(actor):
        side = "delegate"
    return views.DelegationRow(
        id=str(row.id),
        role=row.role,
        unit_name=row.unit_title or "",
        holder=row.holder_name,
        delegate=row.delegate_name,
        given_by=row.given_by_name if row.given_by != row.holder else "",
        starts=row.starts_on,
        ends=row.ends_on,
        reason=row.reason,
        status=row.status,
        side=side,
        version=row.version,
        may_end=bool(row.allowed),
    )
