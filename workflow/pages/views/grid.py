"""团队评分表: the cards of one unit × all items, and its side panel."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.cards import CardRow, ItemRow, ItemRule
from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class ItemPanel:
    """The side panel of the grid: one item of one card."""

    card: CardRow
    item: ItemRow
    full: str = ""


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One item of the team grid."""

    code: str
    title: str
    section: str
    full: str
    rule: ItemRule
    editable: bool = True


@dataclass(frozen=True, slots=True)
class GridCell:
    """One value of the team grid; `text` is what a person would type."""

    text: str
    points: str | None
    reason: str = ""
    missing: str = ""
    entries: int = 0  # standing adjustments


@dataclass(frozen=True, slots=True)
class GridRow:
    """One card of the team grid, its cells in the order of the columns."""

    id: str
    version: int
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    state: str
    total: str | None
    provisional_total: str
    complete: bool
    cells: tuple[GridCell, ...]
    editable: bool = True
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class GridPage:
    """团队评分表: the cards of one unit, plan and scheme × all items."""

    plan: str
    plan_title: str
    period: str
    unit: str
    unit_name: str
    scheme: str
    scheme_title: str
    full: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    schemes: tuple[Option, ...] = ()
    due: date | None = None
