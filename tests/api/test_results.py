"""Ranks and what follows from them, over the interface: provisional, final, confirmed, done."""

import pytest
from flask import Flask

from tests.support.agents import fill_month, hire, publish_month
from tests.support.api import Caller, code_of, sign_in
from tests.support.settable_clock import SettableClock
from tests.support.world import World

MONTH = "2026-08"
PLAN = f"/plans/{MONTH}"


def finalize(app: Flask) -> tuple[int, str | None]:
    admin = sign_in(app, "admin")
    seen = admin.get(PLAN).get_json()["version"]
    answer = admin.post(f"{PLAN}/transitions", {"trigger": "finalize"}, version=seen)
    return answer.status_code, code_of(answer)


def ranks(who: Caller) -> dict[str, int]:
    return {row["subject"]: row["rank"] for row in who.get(f"/scorecards?plan={MONTH}").get_json()}


@pytest.fixture(scope="module")
def final(app: Flask, world: World, clock: SettableClock) -> dict[str, int]:
    """A month of five agents is published and then made final; gives the codes that the two attempts were answered with."""
    with app.app_context():
        hire(world, 5)
        fill_month(world, clock, MONTH, {"E101": 91, "E102": 92, "E103": 95, "E104": 97})
        publish_month(world, clock, MONTH)
    provisional = sign_in(app, "hr").get(f"{PLAN}/ranking").get_json()
    assert [group["state"] for group in provisional["groups"]] == ["provisional"]
    assert finalize(app) == (409, "wrong_state")
    clock.advance(days=10)
    assert finalize(app) == (200, None)
    return ranks(sign_in(app, "hr"))


def test_cards_show_their_ranks(final: dict[str, int]) -> None:
    assert final == {"E105": 1, "E104": 2, "E103": 3, "E102": 4, "E101": 5}


@pytest.mark.usefixtures("final")
def test_a_ranking_tells_who_came_where(app: Flask) -> None:
    answer = sign_in(app, "auditor").get(f"{PLAN}/ranking").get_json()
    (group,) = answer["groups"]
    assert (answer["plan"], answer["period"], answer["state"]) == (MONTH, MONTH, "final")
    assert (group["family"], group["within"], group["group"], group["version"]) == ("csr", "unit", "card-team", 1)
    assert (group["state"], group["ranked"], group["grades"]) == ("final", 5, {"优秀": 1, "良好": 4})
    last = group["entries"][-1]
    assert {key: last[key] for key in ("subject", "total", "tie_values", "rank", "absent", "grade", "before")} == {
        "subject": "E101",
        "total": "91",
        "tie_values": ["40", "31"],
        "rank": 5,
        "absent": None,
        "grade": "良好",
        "before": None,
    }


@pytest.mark.usefixtures("final")
def test_an_agent_is_told_the_own_rank_and_what_is_proposed(app: Flask) -> None:
    employee = sign_in(app, "employee")
    (group,) = employee.get(f"{PLAN}/ranking").get_json()["groups"]
    assert [(row["subject"], row["rank"]) for row in group["entries"]] == [("E101", 5)]
    assert [row["subject"] for row in employee.get("/actions").get_json()] == ["E101"]
    assert ranks(employee) == {"E101": 5}


@pytest.mark.usefixtures("final")
def test_a_talk_is_confirmed_once_and_completed_with_its_record(app: Flask) -> None:
    hr = sign_in(app, "hr")
    listed = hr.get(f"/actions?plan={MONTH}&state=proposed&subject=E102")
    assert listed.headers["X-Total"] == "1"
    (found,) = listed.get_json()
    assert (found["code"], found["title"], found["by"]) == ("talk-manager", "业务服务室经理谈话", "room-manager")
    assert found["evidence"] == [{"period": MONTH, "group": "信用卡组", "rank": 4, "ranked": 5}]
    address = f"/actions/{found['id']}"
    one = hr.get(address)
    assert (one.headers["ETag"], one.get_json()["allowed"]) == ('"1"', ["confirm", "dismiss"])
    for _ in range(2):
        answer = hr.post(f"{address}/transitions", {"trigger": "confirm"}, version=1, key="confirm-once")
        assert (answer.status_code, answer.get_json()["state"], answer.get_json()["version"]) == (200, "confirmed", 2)
    complete = {"trigger": "complete", "reason": "已约定目标", "interview": {"place": "会谈室", "at": "15:00"}}
    for short in ({**complete, "reason": "谈过"}, {**complete, "interview": None}):
        assert code_of(hr.post(f"{address}/transitions", short, version=2)) == "invalid"
    done = hr.post(f"{address}/transitions", complete, version=2)
    assert (done.get_json()["state"], done.get_json()["outcome"]) == ("done", "已约定目标")
    assert done.get_json()["allowed"] == []
    record = hr.get(f"/interviews/{done.get_json()['interview']}")
    told = record.get_json()
    assert (told["subject"], told["place"], told["at"], told["by_name"], told["said"], told["state"]) == (
        *("E102", "会谈室", "15:00", "人力资源", "已约定目标", "recorded"),
    )
    assert told["allowed"] == ["decline", "correct"]
    path = f"/interviews/{told['id']}/transitions"
    assert code_of(hr.post(path, {"trigger": "acknowledge"}, version=1)) == "forbidden"
    corrected = hr.post(path, {"trigger": "correct", "reason": "时间应为16:00"}, version=1).get_json()
    assert (corrected["state"], [each["text"] for each in corrected["corrections"]]) == ("corrected", ["时间应为16:00"])


@pytest.mark.usefixtures("final")
def test_refusals_come_in_their_order(app: Flask) -> None:
    admin, hr = sign_in(app, "admin"), sign_in(app, "hr")
    (found,) = hr.get(f"/actions?plan={MONTH}&subject=E103").get_json()
    address = f"/actions/{found['id']}/transitions"
    confirm = {"trigger": "confirm"}
    assert code_of(sign_in(app, "preparer").post(address, confirm, version=1)) == "not_found"
    assert code_of(admin.post(address, confirm, version=1)) == "forbidden"
    assert code_of(hr.post(address, confirm)) == "version_required"
    assert code_of(hr.post(address, {"trigger": "dance"}, version=1)) == "invalid"
    assert code_of(hr.post(address, {"trigger": "lapse"}, version=1)) == "invalid"
    complete = {"trigger": "complete", "reason": "已经谈过话", "interview": {"place": "会谈室"}}
    assert code_of(hr.post(address, complete, version=1)) == "wrong_state"
    assert code_of(hr.post(address, confirm, version=9)) == "stale"
    assert code_of(hr.get("/actions/99")) == "not_found"
