"""考核单元: what the page of the ranking groups shows."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.shell import Option


@dataclass(frozen=True, slots=True)
class GroupedUnitRow:
    """A unit of a group, and for which days; `status` is in_force, coming or ended."""

    code: str
    name: str
    starts: date
    ends: date | None
    status: str


@dataclass(frozen=True, slots=True)
class RankedSchemeRow:
    """A scheme that has been ranked in a group, and last when."""

    title: str
    family: str
    last_period: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who competes in a group today."""

    number: str
    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One ranking group."""

    code: str
    title: str
    version: int
    units: tuple[GroupedUnitRow, ...]
    schemes: tuple[RankedSchemeRow, ...]
    members: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """All of them, and for whoever may change them the units to choose from."""

    groups: tuple[GroupCard, ...]
    units: tuple[Option, ...]
    may_edit: bool
    today: date
