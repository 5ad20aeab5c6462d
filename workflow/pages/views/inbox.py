"""审批中心: what waits for the reader's signature, grouped by plan and by the move that it waits for."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.cards import CardFilters, CardRow
from workflow.pages.views.shell import Pager


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One card in the inbox; rows with a risk are never preselected."""

    card: CardRow
    trigger: str = ""  # what the reader can do with it: prepare, review, approve, publish; empty when only to look at
    why_not: str = ""
    since: datetime | None = None  # when it came here
    by: str = ""  # who signed last
    previous_total: str | None = None
    on_behalf_of: str = ""  # for whom the reader would sign, acting as a delegate


@dataclass(frozen=True, slots=True)
class InboxGroup:
    """The rows of one plan that wait for the same move."""

    plan: str
    plan_title: str
    period: str
    trigger: str
    rows: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class InboxTabs:
    """How many cards stand under each tab."""

    todo: int = 0
    done: int = 0
    prepared: int = 0
    copied: int = 0


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One tab of the inbox: todo 待我处理, done 我已处理, prepared 我编制的, copied 抄送我."""

    tab: str
    tabs: InboxTabs
    groups: tuple[InboxGroup, ...]
    filters: CardFilters
    pager: Pager
    periods: tuple[str, ...] = ()
    period: str = ""
