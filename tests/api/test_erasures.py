"""Erasing by order over the interface: seen before, proved, once, and nothing is told of the person afterwards."""

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.api import code_of
from tests.support.settable_clock import SettableClock
from tests.support.stocked import adjust, approve
from tests.support.world import PASSWORD, World, card_of
from workflow.models.personal import ERASED

ADDRESS, ORDER = "/people/E101/erasure", "人力〔2026〕12 号"


@pytest.fixture(scope="module")
def admin_sees(app: Flask, world: World, clock: SettableClock, people: People) -> dict[str, object]:
    """What an administrator sees of an order about somebody whose card is approved."""
    admin = people("admin")
    assert len(admin.get(ADDRESS).get_json()["unfinished"]) == 1
    assert code_of(admin.post(ADDRESS, {"order": ORDER, "password": PASSWORD})) == "wrong_state"
    with app.app_context():
        adjust(world, clock, card_of("E101"))
        approve(world, clock, card_of("E101"))
    seen: dict[str, object] = admin.get(ADDRESS).get_json()
    return seen


def test_an_order_is_given_with_its_paper_and_a_proof_and_acts_once(
    people: People, clock: SettableClock, admin_sees: dict[str, object]
) -> None:
    admin = people("admin")
    assert (admin_sees["unfinished"], admin_sees["entities"]) == (
        [],
        {"account": 1, "ledger": 2, "person": 1, "scorecard": 1},
    )
    assert code_of(admin.post(ADDRESS, {"order": "?", "password": PASSWORD})) == "invalid"
    assert code_of(admin.post(ADDRESS, {"order": ORDER, "password": "not this one"})) == "credential_required"
    clock.advance(minutes=30)
    assert code_of(admin.post(ADDRESS, {"order": ORDER})) == "credential_required"
    first = admin.post(ADDRESS, {"order": ORDER, "password": PASSWORD}, key="once")
    again = admin.post(ADDRESS, {"order": ORDER, "password": PASSWORD}, key="once")
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    assert (first.get_json()["order"], admin.get("/people/E101").get_json()["name"]) == (ORDER, ERASED)
    card = admin.get("/scorecards?subject=E101").get_json()[0]
    told = admin.get(f"/scorecards/{card['id']}").get_json()
    assert (told["subject_name"], told["total"]) == (ERASED, card["total"])
    assert not any(each["basis"] or each["note"] for each in told["items"])
    assert {each["reason"] for item in told["items"] for each in (item["input"] or {}).get("adjustments", ())} == {
        ERASED
    }
    *before, last = admin.get(f"/scorecards/{card['id']}/records?per_page=200").get_json()
    assert {each["erased"]["by"] for each in before} == {ORDER}
    assert (last["event"], last["erased"]) == ("scorecard.erase", None)
    assert code_of(admin.post(ADDRESS, {"order": ORDER, "password": PASSWORD})) == "invalid"
