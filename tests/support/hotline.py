"""A hotline team for tests: three agents and the shift leader whose results come from theirs."""

from collections.abc import Mapping
from typing import Any

from tests.support.months import open_month, sign_up_to
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import SINCE, START, World, approve_scheme, card_of, fill
from workflow.models.organisation import Membership, Person
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.services.plans.plan import PlanContents
from workflow.services.unit_of_work import Part, unit_of_work

AGENTS = ("E101", "E102", "E103")
LEADER = "E104"
CONTENTS = (
    PlanContents("hotline-shift-leader", ("card-team",), ("值班长",)),
    PlanContents("hotline-agent", ("card-team",), ("员工",)),
)
BEST: Mapping[str, Mapping[str, Any]] = {
    "service-quality": {"adjustments": []},
    "handling": {"value": "100"},
    "efficiency": {"value": "95"},
    "attendance": {"adjustments": []},
    "exam": {"value": "90"},
}
"""An agent's inputs with full marks: A 30, B 20, C 20, D 20, E 10."""

RESULTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "E101": BEST,
    "E102": {**BEST, "handling": {"value": "90"}},
    "E103": {**BEST, "efficiency": {"value": "70"}},
}
"""100, 90 and 80: the mean is 90; A+B 50, 40 and 50; D+E 30 each."""

NOTHING: Mapping[str, Any] = {"adjustments": []}
OWN_WORK: Mapping[str, Mapping[str, Any]] = {
    "exam": {"value": "90"},
    "culture": {"participation": "100", "quality": "100"},
    "reporting": NOTHING,
    "team-management": NOTHING,
    "production": NOTHING,
    "other": NOTHING,
    "attendance": NOTHING,
    "floor": NOTHING,
}
"""The shift leader's other items with full marks: 30."""


def employ_leader(world: World, clock: SettableClock) -> None:
    """Put a shift leader into the team and the schemes of the hotline into force."""
    with unit_of_work(SYSTEM, lambda: START) as work:
        person = Person(id=new_id(), code=LEADER, name="韩雪", name_key=LEADER)
        values = {"unit_id": world.units["card-team"].id, "post": "值班长", "starts_on": SINCE, "ends_on": None}
        part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
        work.create(person, "person.create", parts=[part])
        world.people[LEADER] = person
    for code in ("hotline-agent", "hotline-shift-leader"):
        approve_scheme(world, clock, scheme_of(code).to_data())


def team_month(world: World, clock: SettableClock, period: str = "2026-10") -> Scorecard:
    """Open a month of the team and fill the shift leader's own items in; gives the shift leader's card."""
    open_month(world, clock, period, CONTENTS)
    leader = card_of(LEADER, period)
    fill(world, clock, leader, OWN_WORK)
    return leader


def approve_agent(world: World, clock: SettableClock, code: str, period: str = "2026-10") -> Scorecard:
    """Fill an agent's card in and have it approved."""
    card = card_of(code, period)
    fill(world, clock, card, RESULTS[code])
    return sign_up_to(world, clock, card, "approve")
