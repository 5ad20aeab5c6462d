"""考核管理: plans, schemes, people, units, ranking groups and grants."""

from workflow.pages.manage import amounts, backtest, grants, groups, organisation, person, plans, schemes
from workflow.pages.manage.area import blueprint

__all__ = ["amounts", "backtest", "blueprint", "grants", "groups", "organisation", "person", "plans", "schemes"]
