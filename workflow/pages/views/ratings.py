"""评价: one's own sheets and what one gives, and for who manages raters who is asked about whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What one is asked in one plan, scheme and relation, and how far one is; `open` ones may still be given or changed."""

    plan: str
    plan_title: str
    period: str
    scheme: str
    scheme_title: str
    group: str
    asked: int
    given: int
    to_give: int
    open: int
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """我的评价: the newest period first."""

    rows: tuple[SheetRow, ...]
    pager: Pager
    to_give: int


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item: its levels, or the ends of its scale."""

    code: str
    title: str
    levels: tuple[str, ...]
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One subject of a sheet with what one gave; `open` while it may be given or changed."""

    id: str
    version: int
    state: str
    open: bool
    subject: str
    subject_name: str
    unit_name: str
    given: Mapping[str, str]
    comment: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet to fill in: the subjects, the items that all of them are rated in."""

    plan: str
    plan_title: str
    period: str
    scheme: str
    scheme_title: str
    group: str
    items: tuple[AskedItem, ...]
    rows: tuple[RatedRow, ...]
    pager: Pager
    due: date | None
    late: bool

    @property
    def open(self) -> bool:
        """Whether anything of it may still be given or changed."""
        return any(row.open for row in self.rows)


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One who is asked; `open` while a draft card takes what they give."""

    id: str
    version: int
    state: str
    open: bool
    group: str
    rater: str
    rater_name: str
    by_hand: bool
    late: bool
    revoke_reason: str


@dataclass(frozen=True, slots=True)
class SubjectRaters:
    """Who is asked about one subject."""

    subject: str
    subject_name: str
    scheme: str
    scheme_title: str
    open: bool
    lines: tuple[RaterLine, ...]


@dataclass(frozen=True, slots=True)
class AskingForm:
    """What the forms for asking raters offer: the plan's schemes that are rated, their groups, and the usual number of peers."""

    schemes: tuple[Option, ...]
    groups: tuple[str, ...]
    usual: int
    most: int


@dataclass(frozen=True, slots=True)
class RatersPage:
    """Who is asked about whom in a plan, by subject; `asking` while raters can be asked."""

    plan: str
    plan_title: str
    period: str
    subjects: tuple[SubjectRaters, ...]
    pager: Pager
    asking: AskingForm | None
    state: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class OwingRater:
    """Somebody who has not given all that they are asked for."""

    rater: str
    name: str
    asked: int
    open: int
    late: bool


@dataclass(frozen=True, slots=True)
class RatersPanel:
    """How far the ratings of a plan are, who still owes some (the first of them and how many more), and the forms."""

    asked: int
    given: int
    open: int
    due: date | None
    late: bool
    owing: tuple[OwingRater, ...]
    more: int
    asking: AskingForm | None
