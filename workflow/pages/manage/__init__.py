"""考核管理: plans, schemes, people, units and grants."""

from workflow.pages.manage import backtest, grants, organisation, plans, schemes
from workflow.pages.manage.area import blueprint

__all__ = ["backtest", "blueprint", "grants", "organisation", "plans", "schemes"]
