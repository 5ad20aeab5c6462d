"""申诉: queries and appeals in a list, one of them as a conversation, and what stands beside one's own card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.pages.views.cards import Action, CardLink
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One query or appeal; without an item it is about the whole card."""

    id: str
    version: int
    kind: str
    state: str
    card: CardLink
    number: str
    unit_name: str
    plan_title: str
    item: str
    item_title: str
    text: str
    at: datetime
    due: date
    is_open: bool
    late: bool
    handler: str = ""
    escalated: bool = False
    escalate_until: date | None = None


@dataclass(frozen=True, slots=True)
class ObjectionsPage:
    """The list; `shown` is todo, mine or all, as far as the reader has such tabs."""

    rows: tuple[ObjectionRow, ...]
    pager: Pager
    shown: str
    tabs: tuple[tuple[str, int], ...] = ()  # code, and how many wait in it
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the conversation; `mine` for what the one who objects said."""

    trigger: str
    name: str
    role: str
    text: str
    at: datetime
    mine: bool
    is_vote: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """One revision of the card; no total while it is not published."""

    card: CardLink
    revision: int
    state: str
    total: str | None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class ItemThenAndNow:
    """An item's points before and after the revision."""

    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """One query or appeal: what was said, the score then and now, what can be done."""

    row: ObjectionRow
    is_own: bool
    said: tuple[Said, ...]
    old: Score
    new: Score | None
    items: tuple[ItemThenAndNow, ...]
    moves: tuple[Action, ...]
    committee: tuple[str, ...] = ()
    voted: int = 0
    candidates: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Objecting:
    """Beside one's own card: until when an appeal can be made, by whom it is handled, and what was made, by item."""

    until: date
    is_over: bool
    handlers: str
    made: tuple[ObjectionRow, ...] = ()
    appealed: Mapping[str, bool] = field(default_factory=dict)  # items (the whole card: "") that were appealed against

    def about(self, item: str) -> tuple[ObjectionRow, ...]:
        """Give what was made about one item, or with an empty code about the whole card."""
        return tuple(row for row in self.made if row.item == item)

    def can_appeal(self, item: str) -> bool:
        """Whether an appeal about this can still be made."""
        return not self.is_over and item not in self.appealed
