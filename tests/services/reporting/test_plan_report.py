"""The figures of a plan 考核报告: worked out by hand for three agents in two months, and told by role alone."""

from decimal import Decimal

import pytest

from tests.support.agents import fill_month, hire, publish_month, revise
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import World
from workflow.errors import Reason
from workflow.services.reporting import plan_report
from workflow.services.reporting.plan_report import Band, SchemeReport

AUGUST = {"E101": 91, "E102": 96, "E103": 98}
SEPTEMBER = {"E101": 79, "E102": 90}
"""Nothing happened to E103: 100."""


def told(world: World, clock: SettableClock) -> None:
    hire(world, 3)
    for period, totals in (("2026-08", AUGUST), ("2026-09", SEPTEMBER)):
        fill_month(world, clock, period, totals)
        publish_month(world, clock, period)


@pytest.fixture(scope="module")
def story() -> Story:
    return told


def report(world: World, plan: str = "2026-09", who: str = "hr") -> SchemeReport:
    (found,) = plan_report.report_on(world.actor(who), plan).schemes
    return found


def test_totals_are_counted_in_bands_with_the_empty_one_between(world: World) -> None:
    found = report(world)
    assert (found.cards, found.highest, found.lowest) == (3, Decimal(100), Decimal(79))
    assert found.distribution == (Band(70, 1), Band(80, 0), Band(90, 1), Band(100, 1))
    assert sum(count for _, count in found.grades) == 3


def test_averages_stand_against_the_period_before(world: World) -> None:
    found = report(world)
    assert (found.average, found.before, found.change) == (Decimal("89.67"), Decimal("95.00"), Decimal("-5.33"))
    processing = next(each for each in found.items if each.code == "processing")
    assert processing.change == Decimal("-5.33")
    assert all(each.change == 0 for each in found.items if each.code != "processing")
    first = report(world, "2026-08")
    assert (first.cards_before, first.before, first.change) == (0, None, None)


def test_a_revision_counts_instead_of_what_it_replaces(world: World, clock: SettableClock) -> None:
    revise(world, clock, "2026-09", "E101", 10)
    found = report(world)
    assert (found.cards, found.lowest, found.average) == (3, Decimal(89), Decimal("93.00"))


def test_it_is_told_by_role_and_scope_and_once_published(world: World, clock: SettableClock) -> None:
    for who in ("admin", "hr", "auditor", "preparer", "reviewer", "approver"):
        assert report(world, who=who).cards == 3
        assert [plan.code for plan in plan_report.reported_plans(world.actor(who))] == ["2026-09", "2026-08"]
    for who in ("employee", "head", "market-preparer", "operator", "recorder", "nobody"):
        assert plan_report.reported_plans(world.actor(who)) == ()
        with refused(Reason.NOT_SEEN):
            plan_report.report_on(world.actor(who), "2026-09")
    fill_month(world, clock, "2026-10", {})
    for plan in ("2026-10", "2099-01"):
        with refused(Reason.NOT_SEEN):
            plan_report.report_on(world.actor("hr"), plan)


def test_it_takes_the_same_statements_for_any_number_of_cards(world: World, clock: SettableClock) -> None:
    def count(plan: str) -> int:
        with statements() as sent:
            plan_report.report_on(world.actor("hr"), plan)
        return len(sent)

    few = count("2026-09")
    hire(world, 8)
    fill_month(world, clock, "2026-10", {})
    publish_month(world, clock, "2026-10")
    assert count("2026-10") == few
