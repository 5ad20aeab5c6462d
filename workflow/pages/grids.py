"""团队评分表: the cards of one unit × all items, and the side panel of one cell."""

from datetime import date

from workflow.pages.presenting import card_row, decimal_text, full_text, item_row, item_rule
from workflow.pages.views.grid import GridCell, GridColumn, GridPage, GridRow, ItemPanel
from workflow.pages.views.shell import Option
from workflow.pages.words import gettext as _
from workflow.policy import Actor
from workflow.scoring.scheme import Item
from workflow.services.scorecards.look_up_cards import CardDetail
from workflow.services.scorecards.look_up_grid import Grid, GridLine


def grid_page(grid: Grid, actor: Actor) -> GridPage:
    """Show a team's grid: columns in the scheme's order, the totals as the server has them."""
    scheme = grid.scheme
    shown = [item for item in scheme.items.values() if item.code in grid.visible]
    sections = {item.code: section.code for section in scheme.sections for item in section.items}
    writable = {item.code for item in shown if any(item.code in line.editable for line in grid.lines)}
    due = grid.plan.calendar.get("prepare")
    return GridPage(
        plan=grid.plan.code,
        plan_title=grid.plan.title,
        period=grid.plan.period,
        unit=grid.unit.code,
        unit_name=grid.unit.title,
        scheme=scheme.code,
        scheme_title=scheme.title,
        full=full_text(scheme, scheme.total.max),
        columns=tuple(_column(grid, item, sections[item.code], item.code in writable) for item in shown),
        rows=tuple(_row(grid, line, shown, actor) for line in grid.lines),
        schemes=tuple(Option(code, title) for code, title in grid.schemes.items()),
        due=date.fromisoformat(due) if due else None,
    )


def panel_page(detail: CardDetail, code: str) -> ItemPanel | None:
    """Show the side panel of one item of a card; none for an item that the reader does not see."""
    found = next((each for each in detail.items if each.item.code == code), None)
    if found is None:
        return None
    row = item_row(detail.scheme, found)
    return ItemPanel(card_row(detail.summary), row, row.full)


def _column(grid: Grid, item: Item, section: str, editable: bool) -> GridColumn:  # noqa: FBT001 — a fact of the column
    full = full_text(grid.scheme, item.full_marks)
    return GridColumn(item.code, item.title, section, full, item_rule(item), editable and item.accepts_by_hand)


def _row(grid: Grid, line: GridLine, shown: list[Item], actor: Actor) -> GridRow:
    card = line.opened.card
    return GridRow(
        id=str(card.id),
        version=card.version,
        subject=card.subject_code,
        subject_name=card.subject_name,
        unit=grid.unit.code,
        unit_name=grid.unit.title,
        state=card.state,
        total=decimal_text(card.total),
        provisional_total=format(card.provisional_total, "f"),
        complete=card.complete,
        cells=tuple(_cell(grid, line, item) for item in shown),
        editable=bool(line.editable),
        why_not=line.denied.sentence(actor.language) if line.denied else "",
    )


def _cell(grid: Grid, line: GridLine, item: Item) -> GridCell:
    row = line.opened.items[item.code]
    entered = row.input or {}
    points = None if row.points is None else grid.scheme.rounding.show(row.points)
    missing = dict(line.opened.card.missing).get(item.code, "")
    reason = str(entered.get("reason") or "")
    if "adjustments" in entered:
        return GridCell(points or "", points, entries=len(entered["adjustments"]))
    if entered.get("groups"):
        raters = sum(int(told["count"]) for told in entered["groups"].values())
        return GridCell(_("%(n)s 人评价", n=raters), points, missing=missing)
    text = next((str(entered[key]) for key in ("level", "value", "points") if entered.get(key) is not None), "")
    return GridCell(text, points, reason, missing)
