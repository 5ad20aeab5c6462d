"""Standings and levels over the interface: entered once, filtered by person and day, voided with a reason."""

from typing import Any

from tests.api.conftest import People
from tests.support.api import Caller, code_of

LEAVE = {
    "person": "E102",
    "kind": "leave",
    "starts_on": "2026-09-01",
    "ends_on": "2026-09-12",
    "reason": "年休假",
    "evidence": "请假单 2026-031",
}
BY_DEPOSITS: dict[str, Any] = {
    "person": "E102",
    "level": "初级",
    "way": "deposits",
    "starts_on": "2026-07-01",
    "ends_on": "2027-06-30",
    "evidence": {
        "written": "72",
        "oral": 55,
        "pass_mark": "60",
        "average_deposits": "520.5",
        "deposit_threshold": "500",
        "papers": "2026 年任职资格考试成绩单",
    },
    "reason": "考试未及格,日均存款达标",
}


def listed(who: Caller, address: str) -> list[Any]:
    answer = who.get(address)
    assert answer.status_code == 200
    found: list[Any] = answer.get_json()
    return found


def test_a_standing_is_entered_once_found_by_day_and_voided(people: People) -> None:
    hr = people("hr")
    first = hr.post("/standings", LEAVE, key="leave-1")
    assert (first.status_code, first.headers["ETag"]) == (201, '"1"')
    made = first.get_json()
    assert hr.post("/standings", LEAVE, key="leave-1").get_json() == made
    assert {name: made[name] for name in LEAVE} == LEAVE
    assert (made["held_until"], made["action"], made["state"], made["allowed"]) == (
        "2026-09-12",
        None,
        "valid",
        ["void"],
    )
    assert listed(people("auditor"), "/standings?person=E102&on=2026-09-12")[0]["allowed"] == []
    assert listed(hr, "/standings?person=E102&on=2026-09-13") == []
    again = hr.post("/standings", {**LEAVE, "starts_on": "2026-09-12", "ends_on": None})
    assert (code_of(again), list(again.get_json()["errors"])) == ("invalid", ["starts_on"])
    address = f"/standings/{made['id']}"
    void = {"trigger": "void", "reason": "请假单已撤回"}
    assert code_of(hr.post(f"{address}/transitions", void)) == "version_required"
    assert code_of(hr.post(f"{address}/transitions", {"trigger": "end"}, version=1)) == "invalid"
    gone = hr.post(f"{address}/transitions", void, version=1).get_json()
    assert (gone["state"], gone["void_reason"], gone["allowed"], gone["version"]) == ("void", "请假单已撤回", [], 2)
    assert code_of(hr.post(f"{address}/transitions", void, version=2)) == "wrong_state"
    assert listed(hr, "/standings?person=E102") == []
    assert [row["id"] for row in listed(hr, "/standings?person=E102&void=1")] == [made["id"]]


def test_a_level_keeps_what_earned_it(people: People) -> None:
    hr = people("hr")
    made = hr.post("/levels", BY_DEPOSITS).get_json()
    assert (made["level"], made["provisional"], made["employment"]) == ("初级", True, "staff")
    assert made["evidence"] == {**BY_DEPOSITS["evidence"], "oral": "55"}
    assert hr.get(f"/levels/{made['id']}").get_json() == made
    for day, found in (("2026-06-30", 0), ("2026-07-01", 1), ("2027-06-30", 1), ("2027-07-01", 0)):
        assert len(listed(hr, f"/levels?person=E102&on={day}")) == found
    passed = {**BY_DEPOSITS, "way": "examination", "level": "中级", "starts_on": "2026-10-01"}
    answer = hr.post("/levels", passed)
    assert list(answer.get_json()["errors"]) == [
        "evidence.average_deposits",
        "evidence.deposit_threshold",
        "way",
    ]


def test_an_employee_reads_their_own_and_no_others(people: People) -> None:
    people("hr").post("/standings", {**LEAVE, "person": "E101", "starts_on": "2026-08-03", "ends_on": "2026-08-07"})
    people("hr").post("/standings", {**LEAVE, "person": "E103", "starts_on": "2026-08-03", "ends_on": "2026-08-07"})
    assert {row["person"] for row in listed(people("employee"), "/standings")} == {"E101"}
    assert {row["person"] for row in listed(people("preparer"), "/standings?on=2026-08-03")} == {"E101", "E103"}
    assert listed(people("market-preparer"), "/standings") == []
