"""授权: who may do what, where and until when."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import Refusal
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today, unit_options
from workflow.pages.views.manage import GrantRow, GrantsPage
from workflow.pages.views.shell import Option, Pager
from workflow.pages.words import gettext as _
from workflow.policy import Action, Role, unit_scope
from workflow.services.accounts import administer_accounts, look_up_accounts
from workflow.services.accounts.look_up_accounts import AccountRow, GrantsWanted
from workflow.services.paging import MOST_ROWS, PageAsked

PER_PAGE = 50


@blueprint.get("/manage/grants")
def grants() -> ResponseReturnValue:
    """Show the grants that the reader may see, by user name."""
    actor, asked = web.actor(), request.args
    wanted = GrantsWanted(role=asked.get("role") or None, q=asked.get("q", ""))
    found = look_up_accounts.list_grants(actor, wanted, today(), PageAsked(PER_PAGE, asked.get("after") or None))
    may_edit = bool(unit_scope(actor, Action.GRANTS_MANAGE))
    accounts = look_up_accounts.list_accounts(actor, PageAsked(MOST_ROWS)).rows if may_edit else ()
    page = GrantsPage(
        rows=tuple(_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        accounts=_options(accounts),
        units=unit_options(actor) if may_edit else (),
        roles=tuple(Role),
        q=wanted.q,
        role=wanted.role or "",
        may_edit=may_edit,
        today=today(),
        with_device=_options(look_up_accounts.accounts_with_device(actor)),
    )
    return render_template("manage/grants.html", page=page)


@blueprint.post("/manage/grants/reset-code")
def reset_code() -> ResponseReturnValue:
    """Let an account whose device is lost sign in by password alone."""
    username = request.form.get("username", "")
    try:
        administer_accounts.reset_code(web.actor(), web.clock(), username)
    except Refusal as refusal:
        said = [each.phrase.say(web.language(), **each.facts) for each in refusal.errors]
        flash(" ".join(said) or refusal.denied.sentence(web.language()), "error")
    else:
        flash(_("已重置 %(username)s 的一次性验证码", username=username), "success")
    return redirect(url_for("manage.grants"))


def _options(accounts: Iterable[AccountRow]) -> tuple[Option, ...]:
    return tuple(Option(each.username, f"{each.name} {each.username}") for each in accounts)


def _row(each: look_up_accounts.GrantRow) -> GrantRow:
    return GrantRow(
        id=str(each.id),
        username=each.username,
        name=each.name,
        role=each.role,
        unit=each.unit_code or "",
        unit_name=each.unit_title or "",
        starts=each.starts_on,
        ends=each.ends_on,
        version=each.version,
        items=each.items,
        status=each.status,
    )
