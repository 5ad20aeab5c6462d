"""A changed scheme is tried on past plans: who moves, by how much, which ranks, grades and consequences change."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from tests.support.agents import fill_month, hire, publish_month
from tests.support.months import BY_HISTORY, customer_month
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stories import Story
from tests.support.world import FULL_CUSTOMER, World
from workflow.errors import Refusal
from workflow.models.database import db
from workflow.models.record import Record
from workflow.scoring.scheme import Scheme
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.schemes import backtest
from workflow.services.schemes.backtest import BackTest, Line, Standing, back_test

AUGUST = {"E101": 110, "E102": 108, "E103": 104, "E104": 100, "E105": 98, "E106": 95}
SEPTEMBER = {"E101": 103, "E102": 112, "E103": 104, "E104": 100, "E105": 98, "E106": 95}


def two_months(world: World, clock: SettableClock) -> None:
    """Publish two months of six agents."""
    hire(world, 6)
    for period, totals in (("2026-08", AUGUST), ("2026-09", SEPTEMBER)):
        fill_month(world, clock, period, totals)
        publish_month(world, clock, period)


@pytest.fixture(scope="module")
def story() -> Story:
    return two_months


def changed(code: str, change: Callable[[dict[str, Any]], None]) -> Scheme:
    """A scheme of the source with a change."""
    data = deepcopy(scheme_of(code).to_data())
    change(data)
    return Scheme.from_data(data)


def fewer_additions(data: dict[str, Any]) -> None:
    """Processing takes additions of at most 5 in place of 15."""
    data["sections"][0]["items"][0]["rule"]["bonus_max"] = "5"


def line_of(found: BackTest, subject: str, period: str) -> Line:
    return next(line for line in found.lines if (line.subject, line.period) == (subject, period))


def test_the_same_scheme_moves_nobody(world: World) -> None:
    found = back_test(world.actor("admin"), scheme_of("csr-card"), ["2026-08", "2026-09"])
    assert (len(found.lines), found.moved, found.consequences) == (12, (), ())


def test_who_moves_by_how_much_and_to_which_rank(world: World) -> None:
    found = back_test(world.actor("admin"), changed("csr-card", fewer_additions), ["2026-08"])
    assert [(line.subject, line.change, line.before.rank, line.after.rank) for line in found.lines] == [
        ("E101", Decimal(-5), 1, 1),
        ("E102", Decimal(-3), 2, 1),
        ("E103", Decimal(0), 3, 3),
        ("E104", Decimal(0), 4, 4),
        ("E105", Decimal(0), 5, 5),
        ("E106", Decimal(0), 6, 6),
    ]
    assert [line.subject for line in found.moved] == ["E101", "E102"]
    assert (found.count("total"), found.count("rank"), found.count("grade")) == (2, 1, 0)


def test_a_grade_that_changes_is_told(world: World) -> None:
    def stricter(data: dict[str, Any]) -> None:
        data["grades"][0]["from"] = "105"

    found = back_test(world.actor("admin"), changed("csr-card", stricter), ["2026-08"])
    assert line_of(found, "E103", "2026-08").before == Standing(Decimal(104), 3, "优秀")
    assert line_of(found, "E103", "2026-08").after == Standing(Decimal(104), 3, "良好")
    assert found.count("total") == 0


def test_consequences_that_come_and_go_are_told_with_their_ranks(world: World) -> None:
    def milder(data: dict[str, Any]) -> None:
        data["consequences"] = [
            {"code": "talk-manager", "title": "经理谈话", "bottom": "1", "months": "1", "by": "room-manager"},
            {"code": "commend", "title": "表彰", "top": "1", "months": "2", "by": "room-manager"},
        ]

    def as_is(data: dict[str, Any]) -> None:
        fewer_additions(data)
        milder(data)

    found = back_test(world.actor("admin"), changed("csr-card", as_is), ["2026-08", "2026-09"])
    told = {(each.period, each.code, each.subject, each.comes, each.ranks) for each in found.consequences}
    # In August the manager talked to the last three; in September the head, since it was the second month.
    assert ("2026-08", "talk-manager", "E104", False, (4,)) in told
    assert ("2026-08", "talk-manager", "E106", False, (6,)) not in told
    assert ("2026-09", "talk-head", "E105", False, (5, 5)) in told
    assert ("2026-09", "talk-manager", "E106", True, (6,)) in told
    # With fewer additions E101 and E102 share the first rank in August, and E102 has it alone in September.
    assert ("2026-09", "commend", "E102", True, (1, 1)) in told
    assert {subject for _, code, subject, *_ in told if code == "commend"} == {"E102"}


def test_a_run_that_began_in_an_earlier_plan_counts(world: World) -> None:
    def later(data: dict[str, Any]) -> None:
        data["consequences"][1]["bottom"] = "2"

    found = back_test(world.actor("admin"), changed("csr-card", later), ["2026-09"])
    told = [(each.code, each.subject, each.comes, each.ranks) for each in found.consequences]
    assert told == [("talk-manager", "E104", True, (4,)), ("talk-head", "E104", False, (4, 4))]


def test_the_baseline_is_the_one_that_was_signed(world: World, clock: SettableClock) -> None:
    for item, value in (("churn", "2.9"), ("growth", "3.0"), ("complaint-satisfaction", "97")):
        measured(world, clock, item, "2026-09", value)
    customer_month(world, clock, "2026-10", "approve", BY_HISTORY)
    publish_month(world, clock, "2026-10")
    measured(world, clock, "churn", "2026-09", "1.9")

    def double(data: dict[str, Any]) -> None:
        data["sections"][1]["items"][0]["rule"]["up"] = "2"

    found = back_test(world.actor("admin"), changed("customer-department", double), ["2026-10"])
    # 1.9 against the signed 2.9 is one step better: two points in place of one.
    assert [line.change for line in found.lines] == [Decimal(1)]


def test_an_input_that_the_changed_rule_does_not_take_is_named(world: World, clock: SettableClock) -> None:
    customer_month(world, clock, "2026-10", "approve", FULL_CUSTOMER)
    publish_month(world, clock, "2026-10")

    def by_points(data: dict[str, Any]) -> None:
        data["sections"][0]["items"][0]["rule"] = {"kind": "points", "min": "0", "max": "5", "step": "1"}

    (line,) = back_test(world.actor("admin"), changed("customer-department", by_points), ["2026-10"]).lines
    assert (line.unread, line.missing) == (("survey",), ("survey",))
    assert line.after == Standing(None, None, None)
    assert line.change is None


def test_it_writes_nothing(world: World) -> None:
    count = db.select(db.func.count()).select_from(Record)
    before = db.session.scalar(count)
    back_test(world.actor("admin"), changed("csr-card", fewer_additions), ["2026-08", "2026-09"])
    assert db.session.scalar(count) == before
    assert not db.session.new
    assert not db.session.dirty


def test_progress_is_told_card_by_card(world: World) -> None:
    seen: list[int] = []
    scheme = changed("csr-card", fewer_additions)
    back_test(world.actor("admin"), scheme, ["2026-08", "2026-09"], seen.append)
    assert sum(seen) == backtest.count_cards(world.actor("admin"), scheme, ["2026-08", "2026-09"]) == 12


@pytest.mark.parametrize(
    ("plans", "paths"), [([], ["plans"]), (["2026-08", "none"], ["plans[1]"]), (["2026-10"], ["plans[0]"])]
)
def test_plans_that_are_not_there_or_not_published_are_named(
    world: World, clock: SettableClock, plans: list[str], paths: list[str]
) -> None:
    fill_month(world, clock, "2026-10", {})
    with pytest.raises(Refusal) as refused:
        back_test(world.actor("admin"), scheme_of("csr-card"), plans)
    assert [error.path for error in refused.value.errors] == paths


def test_a_plan_without_the_scheme_is_named(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        back_test(world.actor("admin"), scheme_of("customer-department"), ["2026-08"])
    assert [error.path for error in refused.value.errors] == ["plans[0]"]


@pytest.mark.parametrize("username", ["preparer", "reviewer", "auditor", "operator", "employee"])
def test_only_who_manages_schemes_may_try_one(world: World, username: str) -> None:
    with pytest.raises(Refusal) as refused:
        back_test(world.actor(username), scheme_of("csr-card"), ["2026-08"])
    assert refused.value.denied.code == "forbidden"


def measured(world: World, clock: SettableClock, item: str, period: str, value: str) -> None:
    measure.record_measurements(world.actor("admin"), clock, [Measured(item, "customer", period, value, "客户系统")])
