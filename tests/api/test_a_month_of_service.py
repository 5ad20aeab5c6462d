"""A month of a customer-service team over the interface: ratings, the ledger, a late recorder, an absent reviewer, an appeal."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.api import code_of
from tests.support.application import make_settings, running_app
from tests.support.csr_room import Room
from tests.support.rating import LEADER
from tests.support.service_month import (
    BECAUSE,
    DAYS,
    DIRECTIONS,
    FIGURES,
    LEADER_SAYS,
    MONTH,
    PEERS_SAY,
    PREPARED,
    PROBLEMS,
    REPORTED,
    TALKED,
    TEAM,
    WHY,
    Month,
    before_october,
    improve_since_august,
)
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories
from tests.support.world import PASSWORD


@pytest.fixture(scope="module")
def month(sqlite_stories: Stories, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """October until its cards are published, with what was found out on the way checked where it happened."""
    clock, folder = SettableClock(), tmp_path_factory.mktemp("instance")
    with (
        sqlite_stories.after(before_october, clock) as database,
        running_app(make_settings(database, folder), clock) as app,
    ):
        made = Month(Room(app, clock))
        improve_since_august(made)
        live_through_october(made)
        fill_in(made)
        sign_with_a_delegate(made)
        yield made


def live_through_october(month: Month) -> None:
    """Daily ratings by the leader; entries as they happen, one questioned and explained, one voided."""
    room = month.room
    month.open(MONTH, "csr-card", calendar={"inputs": "2026-11-01", "review": "2026-11-03"})
    for day, values in DAYS.items():
        room.on(day)
        month.open(day, "day-card")
        month.rate(day, LEADER, {code: {"daily": str(value)} for code, value in zip(TEAM, values, strict=True)})
        month.sign(day, {"prepare": "preparer", "review": "reviewer", "approve": "approver", "publish": "admin"})
    right = month.record("E101", "quality", "-4", "未核对客户身份")
    wrong = month.record("E101", "quality", "-6", "未按流程回访")
    asked = month.move("employee", "ledger", right, "question", reason="当天录音请复听")
    assert (asked["state"], asked["question"]) == ("questioned", "当天录音请复听")
    month.move("recorder", "ledger", right, "answer", reason="已复听,第三分钟未核对")
    month.move("employee", "ledger", wrong, "question", reason="当天我在休假")
    voided = month.move("recorder", "ledger", wrong, "void", reason="记错了人")
    assert (voided["state"], voided["counted"]) == ("void", False)
    month.record("E103", "processing", "-10", "业务差错五笔")
    month.record("E104", "quality", "-2", "用语不规范")


def fill_in(month: Month) -> None:
    """Everybody rates; the recorder is late and reminded; E103 has too few peers until another is asked."""
    room = month.room
    room.on("2026-11-02")
    asked = room.get(f"/plans/{MONTH}/raters?per_page=200", "admin")
    peers = [each for each in asked if (each["subject"], each["group"]) == ("E103", "peer")]
    for each in peers[1:]:
        body = {"trigger": "revoke", "reason": "当月外派学习"}
        room.send("admin", f"/ratings/{each['id']}/transitions", body, each["version"])
    month.rate(MONTH, LEADER, {code: {"teamwork": says} for code, says in LEADER_SAYS.items()})
    for code in TEAM:
        month.rate(MONTH, code, {about: {"teamwork": says} for about, says in PEERS_SAY.items()})
    assert "too_few_ratings" in [each["reason"] for each in month.card("E103")["missing"] if each["item"] == "teamwork"]
    room.send("admin", f"/plans/{MONTH}/raters", {"subject": "E103", "rater": "E001", "group": "peer"})
    month.rate(MONTH, "E001", {"E103": {"teamwork": PEERS_SAY["E103"]}})
    late = next(each for each in room.get(f"/plans/{MONTH}/late", "admin") if each["step"] == "inputs")
    assert "recorder" in {person["username"] for person in late["people"]}
    reminded = room.send("admin", f"/plans/{MONTH}/reminders", {"step": "inputs"})
    assert "recorder" in {person["username"] for person in reminded["people"]}
    month.say_nothing_else_happened("recorder", "quality")
    month.say_nothing_else_happened("preparer", *PREPARED)


def sign_with_a_delegate(month: Month) -> None:
    """The reviewer is away: a colleague signs for them, and the signature names both."""
    room = month.room
    room.on("2026-11-03")
    grant = next(each for each in room.get("/delegates/grants", "reviewer") if each["role"] == "reviewer")
    body = {"grant": grant["id"], "delegate": "approver-2", "starts_on": "2026-11-04", "ends_on": "2026-11-06"}
    room.send("reviewer", "/delegates", {**body, "reason": "外出培训"})
    room.on("2026-11-04")
    month.sign(MONTH, {"prepare": "preparer", "review": "approver-2", "approve": "approver"})
    room.move_plan(MONTH, "close")
    room.move_plan(MONTH, "publish")


def test_the_month_goes_as_worked_out_by_hand(month: Month) -> None:
    """One test, since each part of it follows from the one before."""
    room = month.room
    assert month.totals() == {"E101": "114", "E102": "118", "E103": "104", "E104": "114"}
    assert month.points("E103", "teamwork") == "7"
    assert month.points("E101", "daily") == "9"
    review = next(each for each in month.card("E101")["signatures"] if each["meaning"] == "review")
    assert (review["name"], review["on_behalf_of"]) == ("赵磊", "李强")
    assert room.places(MONTH) == {"E102": 1, "E104": 2, "E101": 3, "E103": 4}

    appeal_until_upheld(month)
    assert month.totals()["E101"] == "118"
    assert room.places(MONTH) == {"E101": 1, "E102": 1, "E104": 3, "E103": 4}
    assert room.get(f"/plans/{MONTH}/ranking", "admin")["groups"][0]["version"] == 2

    room.on("2026-11-20")
    late = {"kind": "appeal", "item": "quality", "text": WHY}
    assert code_of(room.who("e104").post(f"/scorecards/{month.card('E104')['id']}/objections", late)) == "wrong_state"
    room.move_plan(MONTH, "finalize")
    paid = {row["subject"]: row["to_pay"] for row in room.get(f"/plans/{MONTH}/payroll")}
    assert paid == {"E101": "3540.00", "E102": "3540.00", "E103": "3120.00", "E104": "3420.00"}
    room.revise(MONTH, "E103", 6)
    (line,) = room.get(f"/plans/{MONTH}/payroll?batch=2")
    assert (line["subject"], line["total"], line["difference"]) == ("E103", "3300.00", "180.00")
    assert room.get(f"/plans/{MONTH}/ranking", "admin")["groups"][0]["version"] == 3

    report_on_it(month)
    talk_about_it(month)
    helped, did_not = judge_improvements(month)
    assert judged(helped) == ("28", "40", "better")
    assert judged(did_not) == ("37", "36", "worse")


def appeal_until_upheld(month: Month) -> None:
    """E101 appeals; whoever signed, the appraised and strangers are refused; rejected, escalated, upheld, revised."""
    room = month.room
    room.on("2026-11-05")
    card = month.card("E101")
    made = room.send(
        "employee", f"/scorecards/{card['id']}/objections", {"kind": "appeal", "item": "quality", "text": WHY}
    )
    query = {"kind": "query", "item": "quality", "text": WHY}
    assert code_of(room.who("e102").post(f"/scorecards/{card['id']}/objections", query)) == "not_found"
    for username, expected in (("approver-2", "forbidden"), ("employee", "forbidden"), ("e102", "not_found")):
        address = f"/objections/{made['id']}/transitions"
        assert code_of(room.who(username).post(address, {"trigger": "accept"}, version=1)) == expected
    month.move("reviewer-2", "objections", made, "accept")
    month.move("reviewer-2", "objections", made, "reject", reason=BECAUSE)
    month.move("employee", "objections", made, "escalate", reason="请另行复核录音内容")
    upheld = month.move("admin", "objections", made, "uphold", reason="录音中已核对身份")
    assert upheld["state"] == "upheld"
    once_more = {"trigger": "escalate", "reason": "再次提请复议"}
    again = room.who("employee").post(f"/objections/{made['id']}/transitions", once_more, version=upheld["version"])
    assert code_of(again) == "wrong_state"
    revision = month.card("E101")
    path = f"/scorecards/{revision['id']}"
    void = {"reason": "申诉成立,录音中已核对身份"}
    revision = room.send("preparer", f"{path}/items/quality/adjustments/1/void", void, revision["version"])
    for username, trigger in (
        ("preparer", "prepare"),
        ("reviewer-2", "review"),
        ("approver", "approve"),
        ("admin", "publish"),
    ):
        revision = room.send(username, f"{path}/transitions", {"trigger": trigger}, revision["version"])
    told = room.get(f"/objections/{made['id']}", "employee")
    assert (told["old"]["total"], told["new"]["total"]) == ("114", "118")


def report_on_it(month: Month) -> None:
    """The administrator writes the month's report; it is signed by three, published and printed."""
    room = month.room
    report = room.send("admin", "/reports", {"plan": MONTH})
    words = {"problems": PROBLEMS, "directions": DIRECTIONS}
    report = room.change("admin", f"/reports/{report['id']}", words)
    for username, trigger in REPORTED:
        body = {"trigger": trigger, "password": PASSWORD}
        report = room.send(username, f"/reports/{report['id']}/transitions", body, report["version"])
    (figures,) = report["schemes"]
    assert (report["state"], figures["average"], figures["highest"], figures["lowest"]) == ("published", *FIGURES)
    told = room.get(f"/reports/{report['id']}", "employee")
    assert (told["problems"], told["schemes"][0]["average"]) == (PROBLEMS, None), "four are too few to hide in"
    assert [(each["subject"], each["rank"]) for each in told["groups"][0]["entries"]] == [("E101", 1)]
    printed = room.who("employee").get(f"/reports/{report['id']}/form.pdf")
    assert (printed.status_code, printed.data[:4]) == (200, b"%PDF")


def talk_about_it(month: Month) -> None:
    """The month's last place leads to a talk; its record is read by whom it was held with."""
    room = month.room
    interview = {"place": "会谈室", "at": "15:00", "by": LEADER}
    done = room.do(MONTH, "E103", "talk-manager", TALKED, agreed="每日复盘两笔", interview=interview)
    read = month.move("e103", "interviews", {"id": done["interview"]}, "acknowledge", reason="按约定改进")
    assert (read["by_name"], read["said"], read["state"]) == ("组长林岚", TALKED, "acknowledged")
    assert code_of(room.who("e102").get(f"/interviews/{done['interview']}")) == "not_found"


def judge_improvements(month: Month) -> list[dict[str, Any]]:
    """Judge both plans once October is out."""
    return [
        month.move("hr", "improvements", plan, "evaluate", reason="对照八月与十月的得分")
        for plan in reversed(month.room.get("/improvements", "hr"))
    ]


def judged(plan: Mapping[str, Any]) -> tuple[str, str, str]:
    """The points before and after, and what the comparison says."""
    return plan["before_value"], plan["after_value"], plan["effect"]["verdict"]
