"""考核管理: plans, schemes, people, units, ranking groups, grants, the calendar and delegations."""

from workflow.pages.manage import (
    amounts,
    backtest,
    calendar,
    delegates,
    erasure,
    grants,
    groups,
    organisation,
    person,
    plans,
    schemes,
)
from workflow.pages.manage.area import blueprint

__all__ = [
    "amounts",
    "backtest",
    "blueprint",
    "calendar",
    "delegates",
    "erasure",
    "grants",
    "groups",
    "organisation",
    "person",
    "plans",
    "schemes",
]
