"""A query and an appeal over the interface: made on a card, listed, answered, decided; the score then and now beside it."""

from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.agents import SIGNERS, enter, newest
from tests.support.api import code_of
from tests.support.objecting import BECAUSE, MONTH, WHY, act, object_to, publish_card
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.world import World, move
from workflow.services.objections.look_up_objections import ObjectionsWanted, list_objections
from workflow.services.paging import PageAsked


@pytest.fixture(scope="module")
def card(app: Flask, world: World, clock: SettableClock) -> str:
    """The published card of 吴霞."""
    with app.app_context():
        return str(publish_card(world, clock).id)


def check_who_finds(made: dict[str, Any], people: People) -> None:
    """Whoever is to handle it finds it, before anybody has moved it."""
    handlers = {"reviewer-2": True, "admin": True, "reviewer": False, "preparer": False, "auditor": False}
    for username, waits in handlers.items():
        assert (made["id"] in found(people, username, "to_handle=1&kind=appeal")) == waits, username
    assert made["id"] in found(people, "employee", f"mine=1&state=submitted&plan={MONTH}")
    assert found(people, "head", "mine=1") == []


def found(people: People, username: str, wanted: str) -> list[str]:
    """The ids of what somebody's list holds."""
    return [row["id"] for row in people(username).get(f"/objections?{wanted}").get_json()]


@pytest.fixture(scope="module")
def untouched(card: str, people: People) -> dict[str, Any]:
    """An appeal about another item, which no test moves; made before the other, whose decision corrects the card."""
    made = people("employee").post(f"/scorecards/{card}/objections", {"kind": "appeal", "item": "quality", "text": WHY})
    assert made.status_code == 201
    appeal: dict[str, Any] = made.get_json()
    return appeal


@pytest.fixture(scope="module")
def appealed(card: str, untouched: dict[str, Any], people: People) -> dict[str, Any]:
    """An appeal about one item."""
    assert untouched["card"] == card
    body = {"kind": "appeal", "item": "processing", "text": WHY}
    made = people("employee").post(f"/scorecards/{card}/objections", body, key="appeal-once")
    assert made.status_code == 201
    again = people("employee").post(f"/scorecards/{card}/objections", body, key="appeal-once")
    assert again.get_json() == made.get_json()
    appeal: dict[str, Any] = made.get_json()
    check_who_finds(appeal, people)
    return appeal


def test_what_is_made_tells_all_of_itself(appealed: dict[str, Any], card: str) -> None:
    told = ("kind", "state", "card", "item", "item_title", "text", "due_on", "handler_name", "escalated", "version")
    assert {name: appealed[name] for name in told} == {
        "kind": "appeal",
        "state": "submitted",
        "card": card,
        "item": "processing",
        "item_title": "业务处理",
        "text": WHY,
        "due_on": "2026-09-08",
        "handler_name": None,
        "escalated": False,
        "version": 1,
    }
    assert [(step["trigger"], step["name"], step["text"]) for step in appealed["steps"]] == [("submit", "吴霞", WHY)]
    assert (appealed["old"]["total"], appealed["new"], appealed["allowed"]) == ("95", None, ["withdraw"])


def test_refusals_come_in_their_order(untouched: dict[str, Any], card: str, people: People) -> None:
    made, address = f"/scorecards/{card}/objections", f"/objections/{untouched['id']}/transitions"
    body = {"kind": "appeal", "item": "quality", "text": WHY}
    assert code_of(people("nobody").post(made, {})) == "not_found"
    assert code_of(people("preparer").post(made, {})) == "forbidden"
    assert code_of(people("employee").post(made, {})) == "invalid"
    assert code_of(people("employee").post(made, body)) == "wrong_state"
    accept = {"trigger": "accept"}
    assert code_of(people("preparer").post(address, accept, version=1)) == "not_found"
    assert code_of(people("reviewer").post(address, accept, version=1)) == "forbidden"
    assert code_of(people("admin").post(address, accept)) == "version_required"
    assert code_of(people("admin").post(address, {"trigger": "dance"}, version=1)) == "invalid"
    assert code_of(people("admin").post(address, {"trigger": "uphold", "reason": BECAUSE}, version=1)) == "wrong_state"
    assert code_of(people("admin").post(address, accept, version=9)) == "stale"
    committee = {"members": ["approver-2", "triple", "nobody"]}
    place = f"/objections/{untouched['id']}/committee"
    assert code_of(people("reviewer-2").post(place, committee, version=1)) == "forbidden"
    wrong = people("admin").post(place, committee, version=1)
    assert list(wrong.get_json()["errors"]) == ["members[2]"]
    assert code_of(people("admin").post(place, {"members": ["admin", "approver-2", "triple"]}, version=1)) == (
        "wrong_state"
    )


def test_from_the_appeal_to_the_committee_and_the_new_score(
    app: Flask, world: World, clock: SettableClock, appealed: dict[str, Any], people: People
) -> None:
    address = f"/objections/{appealed['id']}"
    version = 1

    def do(username: str, place: str, body: dict[str, Any]) -> dict[str, Any]:
        nonlocal version
        answer = people(username).post(f"{address}/{place}", body, version=version)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()
        version = found["version"]
        return found

    do("reviewer-2", "transitions", {"trigger": "accept"})
    do("reviewer-2", "transitions", {"trigger": "reject", "reason": BECAUSE})
    do("employee", "transitions", {"trigger": "escalate", "reason": "请另行复核录音内容"})
    named = do("admin", "committee", {"members": ["admin", "approver-2", "triple"]})
    assert (named["committee"], named["voted"]) == (["绩效管理岗", "赵磊", "多面手"], 0)
    voted = do("triple", "transitions", {"trigger": "uphold", "reason": "录音中未见差错"})
    assert (voted["state"], voted["voted"], voted["steps"][-1]["is_vote"]) == ("escalated", 1, True)
    for username in ("employee", "admin"):  # nobody is told how another has voted
        found = people(username).get(address).get_json()
        assert (found["voted"], found["steps"][-1]["trigger"]) == (1, "committee")
    upheld = do("approver-2", "transitions", {"trigger": "uphold", "reason": "同意,扣分应予更正"})
    assert (upheld["state"], upheld["old"]["total"], upheld["new"]["total"]) == ("upheld", "95", None)
    with app.app_context():
        enter(world, clock, MONTH, "E101", 3)
        for username, trigger in (*SIGNERS, ("admin", "publish")):
            move(world, clock, newest(MONTH, "E101"), username, trigger)
    told = people("employee").get(address).get_json()
    assert (told["old"]["total"], told["new"]["total"], told["new"]["state"]) == ("95", "98", "published")
    assert told["items"] == [{"code": "processing", "title": "业务处理", "before": "35", "after": "38"}]
    assert [step["name"] for step in told["steps"] if step["is_vote"]] == ["多面手", "赵磊"]


@pytest.mark.usefixtures("appealed", "untouched")
def test_the_list_costs_the_same_however_long_it_is(
    app: Flask, world: World, clock: SettableClock, people: People
) -> None:
    auditor, asked = world.actor("auditor"), PageAsked(2)
    with app.app_context():
        with statements() as few:
            list_objections(auditor, ObjectionsWanted(), asked)
        query = object_to(world, clock, newest(MONTH, "E101"), "query")
        for _ in range(3):
            object_to(world, clock, newest(MONTH, "E101"), "query")
        act(world, clock, query, "preparer", "answer")
        with statements() as many:
            list_objections(auditor, ObjectionsWanted(), PageAsked(50))
        assert len(many) == len(few)
    first = people("auditor").get("/objections?per_page=4")
    rest = people("auditor").get(f"/objections?per_page=4&after={first.headers['X-Next']}")
    listed = [row["id"] for row in (*first.get_json(), *rest.get_json())]
    assert (listed, len(listed)) == (sorted(listed, reverse=True), 6)
