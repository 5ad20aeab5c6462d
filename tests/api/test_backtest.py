"""A back-test over the interface: what a loaded version would have made of a published month."""

from copy import deepcopy

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.agents import fill_month, hire, publish_month
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import World

ADDRESS = "/schemes/csr-card/versions/2/backtest"


@pytest.fixture(scope="module")
def tested(app: Flask, world: World, clock: SettableClock, people: People) -> None:
    """September is published; a second version of the agents' scheme takes additions of at most 5."""
    with app.app_context():
        hire(world, 4)
        fill_month(world, clock, "2026-09", {"E101": 110, "E102": 108, "E103": 104})
        publish_month(world, clock, "2026-09")
    data = deepcopy(scheme_of("csr-card").to_data())
    data["sections"][0]["items"][0]["rule"]["bonus_max"] = "5"
    assert people("admin").post("/schemes", data).status_code == 201


@pytest.mark.usefixtures("tested")
def test_who_moves_and_by_how_much(people: People) -> None:
    answer = people("admin").post(ADDRESS, {"plans": ["2026-09"]})
    assert answer.status_code == 200
    found = answer.get_json()
    assert (found["cards"], found["totals_changed"], found["ranks_changed"], found["grades_changed"]) == (4, 2, 1, 0)
    assert [(each["subject"], each["change"], each["after"]["rank"]) for each in found["moved"]] == [
        ("E101", "-5", 1),
        ("E102", "-3", 1),
    ]
    # Who shares the first rank with E102 has only two below, and so is among the last three of four.
    assert [(each["code"], each["subject"], each["comes"], each["ranks"]) for each in found["consequences"]] == [
        ("talk-manager", "E101", True, [1])
    ]


@pytest.mark.usefixtures("tested")
def test_plans_that_can_not_be_tested_on_are_named(people: People) -> None:
    answer = people("admin").post(ADDRESS, {"plans": ["2026-09", "2026-10", "none"]})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["plans[1]", "plans[2]"]
