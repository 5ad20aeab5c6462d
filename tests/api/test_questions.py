"""Questions over the interface: asked, listed, answered once, refused in their order."""

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.api import code_of
from tests.support.settable_clock import SettableClock
from tests.support.world import World, bring_to, card_of

ASKED = {"item": "churn", "text": "流失率的数据来自哪份报表?"}


@pytest.fixture(scope="module")
def prepared(app: Flask, world: World, clock: SettableClock) -> str:
    with app.app_context():
        return str(bring_to(world, clock, card_of("customer"), "prepared").id)


def test_a_question_and_its_answer(prepared: str, people: People) -> None:
    place = f"/scorecards/{prepared}/questions"
    made = people("reviewer").post(place, ASKED, key="once")
    assert (made.status_code, made.get_json()["state"]) == (201, "asked")
    assert people("reviewer").post(place, ASKED, key="once").get_json() == made.get_json()
    question = made.get_json()
    assert (question["allowed"], question["item_title"], question["asker_name"]) == (
        ["withdraw"],
        "当月公司客户流失率",
        "李强",
    )
    address = f"/questions/{question['id']}/transitions"
    body = {"trigger": "answer", "text": "客户系统十月报表第三页"}
    assert code_of(people("head").post(address, body, version=1)) == "not_found"
    assert code_of(people("reviewer").post(address, body, version=1)) == "forbidden"
    assert code_of(people("preparer").post(address, body)) == "version_required"
    assert code_of(people("preparer").post(address, {"trigger": "answer"}, version=1)) == "invalid"
    answered = people("preparer").post(address, body, version=1).get_json()
    assert (answered["state"], answered["answer"], answered["version"]) == ("answered", body["text"], 2)
    assert code_of(people("preparer").post(address, body, version=2)) == "wrong_state"
    assert people("admin").get(place).get_json() == [{**answered, "allowed": []}]
    assert people("head").get(place).get_json() == []
    assert people("auditor").get(f"/questions/{question['id']}").get_json() == answered
