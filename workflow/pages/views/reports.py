"""考核报告: the figures of a plan as they are drawn and listed."""

from dataclasses import dataclass

from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class Band:
    """How many cards have a total in a band; `share` in percent of all, `height` of its bar in percent of the tallest."""

    label: str
    cards: int
    share: int
    height: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item's average against the period before; `share` in percent of full marks, None where nothing bounds them."""

    title: str
    full: str | None
    average: str | None
    before: str | None
    change: str | None
    share: int | None


@dataclass(frozen=True, slots=True)
class SchemePart:
    """What the cards of one scheme say together."""

    title: str
    cards: int
    cards_before: int
    average: str | None
    change: str | None
    highest: str | None
    lowest: str | None
    bands: tuple[Band, ...]
    grades: tuple[tuple[str, int], ...]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The figures of one plan, and the plans to choose from."""

    plans: tuple[Option, ...]
    plan: str = ""
    title: str = ""
    period: str = ""
    before: str = ""  # the period with which they are compared
    schemes: tuple[SchemePart, ...] = ()
