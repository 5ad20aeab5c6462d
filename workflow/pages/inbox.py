"""审批中心: what waits for the reader's signature, what they handled, what they prepared."""

from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import shell
from workflow.pages.presenting import card_row, decimal_text
from workflow.pages.views.cards import CardFilters
from workflow.pages.views.inbox import InboxGroup, InboxPage, InboxRow, InboxTabs
from workflow.pages.views.shell import Option, Pager
from workflow.services.paging import PageAsked
from workflow.services.scorecards import look_up_inbox, look_up_teams
from workflow.services.scorecards.look_up_cards import CardFilter
from workflow.services.scorecards.look_up_inbox import Inbox, Tab

PER_PAGE = 100

blueprint = shell.area("inbox")


@blueprint.get("/inbox")
def index() -> ResponseReturnValue:
    """Show one tab of the inbox, its rows grouped by plan and by the move that they wait for."""
    actor, asked = web.actor(), request.args
    tab = Tab(asked["tab"]) if asked.get("tab") in set(Tab) else Tab.TODO
    period, unit, text = asked.get("period", ""), asked.get("unit", ""), asked.get("q", "")
    narrowed = CardFilter(period=period or None, unit=unit or None, text=text or None)
    found = look_up_inbox.look_up_inbox(actor, tab, narrowed, PageAsked(PER_PAGE, asked.get("after") or None))
    choices = look_up_teams.choices(actor)
    page = InboxPage(
        tab=tab,
        tabs=InboxTabs(found.counts.todo, found.counts.done, found.counts.prepared, found.counts.copied),
        groups=_groups(found),
        filters=CardFilters(unit=unit, q=text, units=tuple(Option(code, title) for code, title in choices.units)),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        periods=choices.periods,
        period=period,
    )
    return render_template("inbox/list.html", page=page)


def _groups(found: Inbox) -> tuple[InboxGroup, ...]:
    """Keep together what belongs to one plan and waits for the same move, in the order of the list."""
    rows = [
        InboxRow(
            card=card_row(each.card, change=each.change, risks=each.risks),
            trigger=str(each.trigger or "") if each.is_mine else "",
            since=each.since,
            by=each.by or "",
            previous_total=decimal_text(each.previous_total),
            on_behalf_of=each.on_behalf_of or "",
        )
        for each in found.rows
    ]
    rows.sort(key=lambda row: (row.card.plan, row.trigger), reverse=True)
    return tuple(
        InboxGroup(plan, title, period, trigger, tuple(members))
        for (plan, title, period, trigger), members in groupby(rows, key=_group_of)
    )


def _group_of(row: InboxRow) -> tuple[str, str, str, str]:
    return row.card.plan, row.card.plan_title, row.card.period, row.trigger
