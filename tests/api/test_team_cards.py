"""A shift leader's card over the interface: a draft follows a member's correction, a signed one stands and is flagged.

The three agents have 100, 90 and 80 points: their mean of 90 gives 36 of the 40 points for the team. One is corrected from
90 to 95 and then to 100: the means are 91.67 and 93.33, which would give 36.67 and 37.33 (source: 值班长, 团队成员绩效成绩均分).
"""

from typing import Any

import pytest
from flask import Flask

from tests.support.api import Caller, sign_in
from tests.support.hotline import AGENTS, approve_agent, employ_leader, team_month
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.world import World

WAY = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def agents_approved(world: World, clock: SettableClock) -> None:
    """Tell of a hotline team in a month in which every agent's card is approved and the shift leader's is a draft."""
    employ_leader(world, clock)
    team_month(world, clock)
    for code in AGENTS:
        approve_agent(world, clock, code)


@pytest.fixture(scope="module")
def story() -> Story:
    return agents_approved


@pytest.fixture(scope="module")
def callers(app: Flask, world: World) -> dict[str, Caller]:  # noqa: ARG001 — the accounts are there
    return {username: sign_in(app, username) for username in ("preparer", "reviewer", "approver", "admin")}


def find(callers: dict[str, Caller], code: str) -> Any:
    rows = callers["admin"].get(f"/scorecards?plan=2026-10&subject={code}").get_json()
    row = max(rows, key=lambda each: each["revision"])
    return callers["admin"].get(f"/scorecards/{row['id']}").get_json()


def move(callers: dict[str, Caller], username: str, card: Any, trigger: str, **asked: str) -> Any:
    path = f"/scorecards/{card['id']}/transitions"
    answer = callers[username].post(path, {"trigger": trigger, **asked}, version=card["version"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def correct(callers: dict[str, Caller], handled: str) -> None:
    """Revise the second agent's card, up to its approval."""
    card = move(callers, "admin", find(callers, "E102"), "revise", reason="接单数据有误")
    path = f"/scorecards/{card['id']}/items/handling"
    card = callers["preparer"].patch(path, {"input": {"value": handled}}, version=card["version"]).get_json()
    for username, trigger in WAY:
        card = move(callers, username, card, trigger)


def team_points(card: Any) -> dict[str, str]:
    return {item["code"]: item["points"] for item in card["items"] if item["section"] == "team"}


def source_changed(card: Any) -> set[str]:
    return {flag["item"] for flag in card["flags"] if flag["kind"] == "source_changed"}


def test_it_follows_while_it_is_a_draft_and_is_flagged_and_unchanged_afterwards(callers: dict[str, Caller]) -> None:
    before = find(callers, "E104")
    assert (before["state"], team_points(before)["team-total"], before["total"]) == ("draft", "36.00", "94.67")
    correct(callers, "95")
    followed = find(callers, "E104")
    assert followed["version"] > before["version"]
    assert team_points(followed) == {"team-total": "36.67", "team-ab": "19.33", "team-de": "10.00"}
    assert (followed["total"], source_changed(followed)) == ("96.00", set())

    prepared = move(callers, "preparer", followed, "prepare")
    correct(callers, "100")
    stands = find(callers, "E104")
    assert (stands["version"], stands["state"], stands["total"]) == (prepared["version"], "prepared", "96.00")
    assert team_points(stands) == team_points(followed)
    assert source_changed(stands) == {"team-total", "team-ab"}
