"""考核管理: plans, schemes, people, units, ranking groups and grants."""

from workflow.pages.manage import backtest, grants, groups, organisation, person, plans, schemes
from workflow.pages.manage.area import blueprint

__all__ = ["backtest", "blueprint", "grants", "groups", "organisation", "person", "plans", "schemes"]
