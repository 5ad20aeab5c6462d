"""Plans of other months than October, for what is compared with the month before."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.settable_clock import SettableClock
from tests.support.world import FULL_CUSTOMER, World, fill, move
from tests.support.world import card_of as card_in_plan
from workflow.models.scorecards import Scorecard
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents

CUSTOMER = (PlanContents("customer-department", ("customer",)),)
AGENTS = (PlanContents("csr-card", ("card-team",)),)
BY_HISTORY: Mapping[str, Mapping[str, Any]] = {
    **FULL_CUSTOMER,
    "churn": {"value": "1.9"},
    "growth": {"value": "3.5"},
    "complaint-satisfaction": {"value": "96"},
}
"""Inputs of the 客户部 card whose baselines come from its history."""

_WAY = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))


def open_month(world: World, clock: SettableClock, period: str, contents: Iterable[PlanContents] = CUSTOMER) -> None:
    """Open a plan of this month, which is its code too."""
    admin = world.actor("admin")
    made = plan.create(admin, clock, NewPlan(period, f"{period} 月度考核", period, tuple(contents)))
    plan.move(admin, clock, period, "open", seen_version=made.version)


def sign_up_to(world: World, clock: SettableClock, card: Scorecard, trigger: str) -> Scorecard:
    """Have a complete draft signed, and published, up to this move."""
    for username, each in _WAY[: [trigger for _, trigger in _WAY].index(trigger) + 1]:
        move(world, clock, card, username, each)
    return card


def customer_month(
    world: World,
    clock: SettableClock,
    period: str,
    trigger: str = "publish",
    inputs: Mapping[str, Mapping[str, Any]] = FULL_CUSTOMER,
) -> Scorecard:
    """Open a month of 客户部, fill its card in and bring it on up to this move."""
    open_month(world, clock, period)
    card = card_in_plan("customer", period)
    fill(world, clock, card, inputs)
    return sign_up_to(world, clock, card, trigger)
