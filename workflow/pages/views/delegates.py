"""代理: what the page of the delegations shows."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation; `status` is in_force, coming or ended, `side` how the reader stands to it: holder, delegate or other."""

    id: str
    role: str
    unit_name: str
    holder: str
    delegate: str
    given_by: str
    starts: date
    ends: date
    reason: str
    status: str
    side: str
    version: int
    may_end: bool


@dataclass(frozen=True, slots=True)
class GrantChoice:
    """A grant that the reader may hand on: its role, for which unit (none: the company), and whose it is."""

    id: str
    role: str
    unit_name: str
    holder: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class DelegatesPage:
    """The delegations that the reader may see, and what they may hand on to whom."""

    rows: tuple[DelegationRow, ...]
    pager: Pager
    grants: tuple[GrantChoice, ...]
    delegates: tuple[Option, ...]
    today: date
    only_in_force: bool = False

    @property
    def held_for(self) -> tuple[DelegationRow, ...]:
        """Those by which the reader acts for others today."""
        return tuple(row for row in self.rows if row.side == "delegate" and row.status == "in_force")

    @property
    def is_for_others(self) -> bool:
        """Whether the reader may hand on the grants of others."""
        return any(not grant.is_own for grant in self.grants)
