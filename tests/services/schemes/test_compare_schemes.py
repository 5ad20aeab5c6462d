"""Two versions of a scheme are compared item by item: what came, what went, and which value became which."""

from copy import deepcopy
from typing import Any

import pytest

from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import World
from workflow.errors import Refusal
from workflow.scoring.scheme import Scheme
from workflow.services.schemes import maintain_schemes
from workflow.services.schemes.compare_schemes import Change, Kind, SchemeDifference, compare, compare_versions


@pytest.fixture
def agents() -> dict[str, Any]:
    """The scheme of the card teams, to be changed."""
    return deepcopy(scheme_of("csr-card").to_data())


def against_the_old(changed: dict[str, Any]) -> SchemeDifference:
    return compare(scheme_of("csr-card"), Scheme.from_data(changed))


def test_the_same_scheme_differs_in_nothing(agents: dict[str, Any]) -> None:
    assert against_the_old(agents) == SchemeDifference((), ())


def test_a_changed_parameter_is_told_with_both_values(agents: dict[str, Any]) -> None:
    agents["sections"][0]["items"][0]["rule"]["bonus_max"] = "10"
    (item,) = against_the_old(agents).items
    assert (item.code, item.kind) == ("processing", Kind.CHANGED)
    assert item.changes == (Change("rule.bonus_max", "15", "10"),)


def test_an_item_that_came_and_one_that_went_are_told(agents: dict[str, Any]) -> None:
    agents["sections"][3]["items"][0]["code"] = "courtesy"
    found = against_the_old(agents).items
    assert [(each.code, each.kind) for each in found] == [("courtesy", Kind.ADDED), ("satisfaction", Kind.REMOVED)]
    assert found[0].before is None
    assert found[1].after is None


def test_an_item_in_another_section_has_moved(agents: dict[str, Any]) -> None:
    moved = agents["sections"].pop(2)["items"]
    agents["sections"][0]["items"] += moved
    found = against_the_old(agents)
    assert [(each.code, each.changes) for each in found.items] == [
        ("floor", (Change("section", "floor", "processing"),))
    ]
    assert "sections.floor" in {change.path for change in found.others}


def test_the_order_of_grades_and_consequences_is_no_difference(agents: dict[str, Any]) -> None:
    agents["consequences"].reverse()
    assert against_the_old(agents).others == ()


def test_grades_consequences_and_pay_are_compared_by_name(agents: dict[str, Any]) -> None:
    agents["grades"][0]["from"] = "110"
    agents["consequences"][0]["bottom"] = "5"
    agents["pay"]["bonus"]["base"] = "3500"
    assert set(against_the_old(agents).others) == {
        Change("grades.优秀.from", "100", "110"),
        Change("consequences.talk-manager.bottom", "3", "5"),
        Change("pay.bonus.base", "3000", "3500"),
    }


def test_versions_are_compared_for_those_who_see_schemes(
    world: World, clock: SettableClock, agents: dict[str, Any]
) -> None:
    agents["title"] = "客服代表考核表"
    maintain_schemes.load_version(world.actor("admin"), clock, agents)
    found = compare_versions(world.actor("reviewer"), "csr-card", 1, 2)
    assert [change.after for change in found.others] == ["客服代表考核表"]
    with pytest.raises(Refusal):
        compare_versions(world.actor("employee"), "csr-card", 1, 2)
