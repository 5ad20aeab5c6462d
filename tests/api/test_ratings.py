"""Ratings over the interface: asked by a plan, given by whom it concerns, managed by the administrator."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.api import Caller, code_of
from tests.support.rating import make_team, open_ratings
from tests.support.settable_clock import SettableClock
from tests.support.world import World, find_world

GIVEN = {"teamwork": "良好", "courtesy": "80"}


@pytest.fixture(scope="module", autouse=True)
def team(app: Flask, world: World, clock: SettableClock) -> None:  # noqa: ARG001 — the company is there
    """信用卡组 is rated by its leader and by each other."""
    with app.app_context():
        make_team(find_world(), clock)


@pytest.fixture
def code(app: Flask, world: World, clock: SettableClock, plan_numbers: Iterator[int], team: None) -> str:  # noqa: ARG001 — the team is there
    """A plan of the test's own, in which everybody is asked."""
    code = f"rated-{next(plan_numbers)}"
    with app.app_context():
        open_ratings(world, clock, code)
    return code


def about(who: Caller, code: str, subject: str) -> dict[str, Any]:
    return next(each for each in who.get(f"/ratings?plan={code}").get_json() if each["subject"] == subject)


def give(who: Caller, row: dict[str, Any], given: Any = None, **more: Any) -> dict[str, Any]:
    body = {"ratings": [{"id": row["id"], "version": row["version"], "given": given or GIVEN, **more}]}
    answer = who.post("/ratings", body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    (result,) = answer.get_json()["results"]
    return dict(result)


def test_what_one_is_asked_is_told_in_full(people: People, code: str) -> None:
    row = about(people("e102"), code, "E101")
    assert (row["state"], row["open"], row["subject_name"], row["unit_name"], row["group"]) == (
        "open", True, "吴霞", "信用卡组", "peer",
    )  # fmt: skip
    assert row["items"] == [
        {
            "code": "teamwork",
            "title": "团队合作",
            "levels": ["优秀", "良好", "一般", "差"],
            "least": None,
            "most": None,
        },
        {"code": "courtesy", "title": "礼貌待人", "levels": [], "least": "0", "most": "100"},
    ]
    assert people("preparer").get("/ratings").get_json() == []


def test_one_gives_and_changes(people: People, code: str) -> None:
    who = people("e102")
    assert give(who, about(who, code, "E101"), comment="配合很好") == {
        "id": about(who, code, "E101")["id"], "ok": True, "version": 2,
    }  # fmt: skip
    assert give(who, about(who, code, "E101"), {"teamwork": "优秀", "courtesy": 90})["version"] == 3
    row = about(who, code, "E101")
    assert (row["given"], row["comment"], row["state"]) == ({"teamwork": "优秀", "courtesy": "90"}, "", "given")
    assert {each["subject"] for each in who.get(f"/ratings?plan={code}&state=given").get_json()} == {"E101"}


def test_each_rating_of_a_batch_stands_alone(people: People, code: str) -> None:
    who, other = people("e102"), people("e103")
    mine, stale, wrong = (about(who, code, subject) for subject in ("E101", "E103", "E104"))
    rows = [
        {"id": mine["id"], "version": 1, "given": GIVEN},
        {"id": stale["id"], "version": 4, "given": GIVEN},
        {"id": wrong["id"], "version": 1, "given": {"teamwork": "很好"}},
        {"id": about(other, code, "E101")["id"], "version": 1, "given": GIVEN},
        {"id": "x", "version": 1, "given": GIVEN},
        {"id": wrong["id"], "given": GIVEN},
    ]
    results = who.post("/ratings", {"ratings": rows}).get_json()["results"]
    codes = [None if each["ok"] else each["problem"]["code"] for each in results]
    assert codes == [None, "stale", "invalid", "not_found", "not_found", "version_required"]
    assert set(results[2]["problem"]["errors"]) == {"given.teamwork", "given.courtesy"}


def test_one_key_gives_once(people: People, code: str) -> None:
    who = people("e102")
    body = {"ratings": [{"id": about(who, code, "E101")["id"], "version": 1, "given": GIVEN}]}
    first, again = (who.post("/ratings", body, key="rate-once") for _ in range(2))
    assert first.get_json() == again.get_json()
    assert (again.headers["Idempotency-Replayed"], about(who, code, "E101")["version"]) == ("true", 2)


def test_the_administrator_asks_reminds_and_revokes_without_a_value(people: People, code: str) -> None:
    admin = people("admin")
    give(people("e102"), about(people("e102"), code, "E101"), {"teamwork": "差", "courtesy": "31"}, comment="经常迟到")
    rows = admin.get(f"/plans/{code}/raters?per_page=200").get_json()
    assert len(rows) == 16
    progress = admin.get(f"/plans/{code}/raters/progress").get_json()
    assert {each["rater"]: each["open"] for each in progress} == {"E100": 4, "E101": 3, "E102": 2, "E103": 3, "E104": 3}
    assert "经常迟到" not in admin.get(f"/plans/{code}/raters?per_page=200").get_data(as_text=True)
    row = next(each for each in rows if (each["rater"], each["subject"]) == ("E103", "E101"))
    gone = admin.post(
        f"/ratings/{row['id']}/transitions", {"trigger": "revoke", "reason": "本月外派学习"}, version=1
    ).get_json()
    assert (gone["state"], gone["revoke_reason"], gone["allowed"]) == ("revoked", "本月外派学习", ["restore"])
    by_hand = {"subject": "E101", "rater": "E001", "group": "peer"}
    assert admin.post(f"/plans/{code}/raters", by_hand).get_json() == {"count": 1}
    assert admin.post(f"/plans/{code}/raters", {"most_peers": 3}).get_json() == {"count": 0}
    closing = admin.post(f"/plans/{code}/raters/revocations", {"reason": "已过评价期限"})
    assert closing.get_json() == {"count": 15}


def test_another_is_asked_instead(people: People, code: str) -> None:
    admin = people("admin")
    row = about(people("e102"), code, "E101")
    body = {"trigger": "revoke", "reason": "本月外派学习", "instead": "E001"}
    assert admin.post(f"/ratings/{row['id']}/transitions", body, version=1).get_json()["state"] == "revoked"
    rows = admin.get(f"/plans/{code}/raters?per_page=200").get_json()
    assert [each["state"] for each in rows if (each["rater"], each["subject"]) == ("E001", "E101")] == ["open"]


def test_refusals_come_in_their_order(people: People, code: str) -> None:
    row = about(people("e102"), code, "E101")
    address, admin = f"/ratings/{row['id']}/transitions", people("admin")
    revoke = {"trigger": "revoke", "reason": "本月外派学习"}
    for who, expected in (("e103", "not_found"), ("employee", "not_found"), ("e102", "forbidden")):
        assert code_of(people(who).post(address, revoke, version=1)) == expected
    assert code_of(admin.post(address, {"trigger": "rate"}, version=1)) == "forbidden"
    assert code_of(admin.post(address, revoke)) == "version_required"
    assert code_of(admin.post(address, {"trigger": "dance"}, version=1)) == "invalid"
    assert code_of(admin.post(address, {"trigger": "revoke", "reason": "短"}, version=1)) == "invalid"
    assert code_of(admin.post(address, {"trigger": "restore"}, version=1)) == "wrong_state"
    assert code_of(admin.post(address, revoke, version=9)) == "stale"
    assert code_of(admin.post(f"/plans/{code}/raters", {"subject": "E101"})) == "invalid"
    assert code_of(admin.post(f"/plans/{code}/raters/revocations", {"reason": "短"})) == "invalid"
    assert code_of(people("preparer").get(f"/plans/{code}/raters")) == "forbidden"
    assert code_of(admin.get("/ratings?state=revoked")) == "invalid"
