"""评分编制 and 评分表: the list of cards, a team's grid, and one card as the form of the source documents."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import grids, shell
from workflow.pages.one_card import card_page
from workflow.pages.presenting import card_row
from workflow.pages.views.cards import CardFilters, CardListPage, GridLink
from workflow.pages.views.shell import Option, Pager
from workflow.services.paging import PageAsked
from workflow.services.scorecards import look_up_cards, look_up_grid, look_up_teams
from workflow.services.scorecards.cards import card_id_of
from workflow.services.scorecards.look_up_cards import CardFilter

PER_PAGE = 20

blueprint = shell.area("cards")


@blueprint.get("/cards")
def index() -> ResponseReturnValue:
    """Show the cards in scope, and the team grids over them."""
    actor, asked = web.actor(), request.args
    narrowed = CardFilter(
        plan=asked.get("plan") or None,
        unit=asked.get("unit") or None,
        state=asked.get("state") or None,
        text=asked.get("q") or None,
        prepared_by_me=asked.get("mine") == "1",
    )
    found = look_up_cards.list_cards(actor, narrowed, PageAsked(PER_PAGE, asked.get("after") or None))
    teams = look_up_teams.teams(actor, narrowed.plan)
    page = CardListPage(
        rows=tuple(card_row(each) for each in found.rows),
        filters=_filters(narrowed, look_up_teams.choices(actor)),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        grids=tuple(
            GridLink(team.plan, team.plan_title, team.period, team.unit, team.unit_name, team.cards, team.complete)
            for team in teams
        ),
    )
    return render_template("cards/list.html", page=page)


@blueprint.get("/cards/<period>/<unit>/<card_id>")
def show(period: str, unit: str, card_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the address names them for people
    """Show one card as the form, with its basis, its time line and what can be done with it."""
    return render_template("cards/card.html", page=card_page(web.actor(), card_id_of(card_id)))


@blueprint.get("/grid/<plan>/<unit>")
def grid(plan: str, unit: str) -> ResponseReturnValue:
    """Show a team's cards side by side, to be filled in like a spreadsheet."""
    actor = web.actor()
    found = look_up_grid.read_grid(actor, plan, unit, request.args.get("scheme"))
    return render_template("cards/grid.html", page=grids.grid_page(found, actor))


@blueprint.get("/grid/<plan>/<unit>/panel")
def panel(plan: str, unit: str) -> ResponseReturnValue:  # noqa: ARG001 — the address belongs to the grid
    """Show the side panel of one cell of the grid."""
    detail = look_up_cards.card_detail(web.actor(), card_id_of(request.args.get("card", "")))
    page = grids.panel_page(detail, request.args.get("item", ""))
    if page is None:
        abort(404)
    return render_template("cards/_panel.html", page=page)


def _filters(narrowed: CardFilter, choices: look_up_teams.Choices) -> CardFilters:
    return CardFilters(
        plan=narrowed.plan or "",
        unit=narrowed.unit or "",
        state=narrowed.state or "",
        q=narrowed.text or "",
        mine=narrowed.prepared_by_me,
        plans=tuple(Option(code, title) for code, title in choices.plans),
        units=tuple(Option(code, title) for code, title in choices.units),
    )
