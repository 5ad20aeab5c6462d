"""考核管理: plans, schemes, people, units, ranking groups, grants and delegations."""

from workflow.pages.manage import amounts, backtest, delegates, grants, groups, organisation, person, plans, schemes
from workflow.pages.manage.area import blueprint

__all__ = [
    "amounts",
    "backtest",
    "blueprint",
    "delegates",
    "grants",
    "groups",
    "organisation",
    "person",
    "plans",
    "schemes",
]
