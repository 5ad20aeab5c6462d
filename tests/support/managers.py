"""An account manager in the small company: E002 of 市场部, appraised by `account-manager-profit`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import SCHEMES
from tests.support.world import World, approve_scheme
from workflow.models import card_queries
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.scoring.loading import load_scheme
from workflow.services.paying import maintain_portfolios, maintain_rates
from workflow.services.paying.maintain_portfolios import PortfolioRow
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents

MANAGER = "E002"
NEW_YEAR = date(2026, 1, 1)
SCHEME = "account-manager-profit"


def employ_manager(world: World, clock: SettableClock) -> None:
    """Have the scheme signed, under which the manager is appraised."""
    approve_scheme(world, clock, load_scheme(SCHEMES / f"{SCHEME}.yaml").to_data())


def open_manager_month(world: World, clock: SettableClock, period: str) -> None:
    """Open a plan of one month for the manager's unit."""
    admin = world.actor("admin")
    contents = (PlanContents(SCHEME, ("market",)),)
    made = plan.create(admin, clock, NewPlan(f"bank-{period}", f"{period} 效益考核", period, contents))
    plan.move(admin, clock, made.code, "open", seen_version=made.version)


def give_customers(world: World, clock: SettableClock, *rows: PortfolioRow) -> None:
    """Take in rows of portfolios as the administrator."""
    maintain_portfolios.put_portfolio(world.actor("admin"), clock, rows)


def customer(code: str, part: str, base: str, growth: str = "0", **changes: Any) -> PortfolioRow:
    """A customer of the manager since the new year, with one part of 2026."""
    told: Mapping[str, Any] = {"manager": MANAGER, "starts_on": NEW_YEAR, "year": 2026, "name": f"客户{code}"}
    return PortfolioRow(**{**told, "customer": code, "part": part, "base": base, "growth": growth, **changes})


def give_rate(world: World, clock: SettableClock, day: date, rate: str | None, reason: str = "") -> None:
    """Enter what a dollar is worth from a day on."""
    told = {"currency": "USD", "starts_on": day, "rate": rate, "source": "外汇牌价", "reason": reason}
    maintain_rates.put_rate(world.actor("admin"), clock, **told)


def profit_of(card: Scorecard) -> ScorecardItem:
    """The profit item of a card, as it is stored."""
    return card_queries.items_of([card.id])[card.id]["profit"]
