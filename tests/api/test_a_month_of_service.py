"""A month of a customer-service team over the interface: ratings, the ledger, a late recorder, an absent reviewer, an appeal.

Worked out by hand for October 2026 (业务处理 40, 品质监控 40, 现场管理 15, 客户满意度 5, 团队合作 10, 日常考核 10 points):

| | ledger | 团队合作: leader, peers | 日常考核: two days | total |
|---|---|---|---|---|
| E101 | quality -4 (a deduction of 6 was voided) | 优秀; 3 × 良好: 6 + 3.2 = 9.2, so 9 | 90, 80: 8.5, so 9 | 96 + 18 = 114 |
| E102 | – | 良好; 3 × 优秀: 4.8 + 4 = 8.8, so 9 | 100, 80: 9 | 100 + 18 = 118 |
| E103 | processing -10 | 一般; 2 × 良好: 3.6 + 3.2 = 6.8, so 7 | 70, 70: 7 | 90 + 14 = 104 |
| E104 | quality -2 | 良好; 3 × 良好: 8 | 80, 80: 8 | 98 + 16 = 114 |

E101 and E104 are level; quality (36 and 38) puts E104 second. The appeal gives E101's 4 points back: 118, as E102, and both lost
nothing in quality or processing: they share the first place. Later E103 gets 6 points back: 110, and 180 yuan more.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask

from tests.support.agents import whole_month
from tests.support.api import code_of
from tests.support.csr_room import Room
from tests.support.rating import DAY_CARD, LEADER, LEVELS, make_team
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import World, approve_scheme, build_world

MONTH, BEFORE = "2026-10", "2026-08"
TEAM = ("E101", "E102", "E103", "E104")
USERNAMES = {"E001": "head", "E100": "e100", "E101": "employee", "E102": "e102", "E103": "e103", "E104": "e104"}
TOGETHER: Mapping[str, Any] = {
    "code": "together",
    "title": "协作与日常",
    "items": [
        {
            "code": "teamwork",
            "title": "团队合作",
            "rule": {
                "kind": "raters", "groups": {"superior": "0.6", "peer": "0.4"}, "at_least": {"superior": 1, "peer": 2},
                "levels": LEVELS, "full": 10,
            },
        },
        {
            "code": "daily",
            "title": "日常考核",
            "rule": {"kind": "periods", "of": "day", "take": "average", "out_of": 100, "full": 10},
        },
    ],
}  # fmt: skip
"""What the company adds to the source's card from October on."""
DAYS = {"2026-10-12": (90, 100, 70, 80), "2026-10-13": (80, 80, 70, 80)}
LEADER_SAYS = {"E101": "优秀", "E102": "良好", "E103": "一般", "E104": "良好"}
PEERS_SAY = {"E101": "良好", "E102": "优秀", "E103": "良好", "E104": "良好"}
WHY, BECAUSE = "质检扣分与录音不符,请复核", "经复核录音,原扣分依据成立"


def october_scheme() -> dict[str, Any]:
    """The source's card with what the company adds."""
    data = deepcopy(dict(scheme_of("csr-card").to_data()))
    data["sections"] = [*data["sections"], TOGETHER]
    data["total"] = {"min": 0, "max": 140}
    return data


class Month:
    """October as the team lives it; each step is one of the interface's calls."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def card(self, code: str, period: str = MONTH) -> dict[str, Any]:
        found: dict[str, Any] = self.room.get(f"/scorecards/{self.cards(period)[code]['id']}", "admin")
        return found

    def cards(self, period: str = MONTH) -> dict[str, dict[str, Any]]:
        """The newest revision of each card."""
        rows = self.room.get(f"/scorecards?plan={period}", "admin")
        return {row["subject"]: row for row in sorted(rows, key=lambda row: row["revision"])}

    def open(self, period: str, scheme: str, **more: Any) -> None:
        contents = [{"scheme": scheme, "units": ["card-team"]}]
        body = {"code": period, "title": f"{period} 考核", "period": period, "contents": contents, **more}
        self.room.send("admin", "/plans", body)
        self.room.move_plan(period, "open")
        self.room.send("admin", f"/plans/{period}/raters", {})

    def rate(self, period: str, by: str, says: Mapping[str, Mapping[str, Any]]) -> None:
        """Give what somebody says of those about whom they are asked."""
        asked = self.room.get(f"/ratings?plan={period}", USERNAMES[by])
        rows = [{"id": each["id"], "version": each["version"], "given": says[each["subject"]]} for each in asked]
        results = self.room.send(USERNAMES[by], "/ratings", {"ratings": rows})["results"]
        assert all(each["ok"] for each in results), results

    def sign(self, period: str, who: Mapping[str, str]) -> None:
        for trigger, username in who.items():
            self.room.sign(username, trigger, self.cards(period))

    def move(self, username: str, kind: str, thing: Mapping[str, Any], trigger: str, **body: Any) -> dict[str, Any]:
        """Move an entry, an objection or an improvement in the version that it has now."""
        version = self.room.get(f"/{kind}/{thing['id']}", username)["version"]
        path = f"/{kind}/{thing['id']}/transitions"
        moved: dict[str, Any] = self.room.send(username, path, {"trigger": trigger, **body}, version)
        return moved

    def points(self, code: str, item: str) -> str | None:
        found: str | None = next(each for each in self.card(code)["items"] if each["code"] == item)["points"]
        return found

    def totals(self) -> dict[str, str]:
        return {code: card["total"] for code, card in self.cards().items()}

    def say_nothing_happened(self, code: str, item: str) -> None:
        """Let the preparer, or the recorder of quality, say so where no entry stands."""
        if self.points(code, item) is None:
            card, username = self.card(code), "recorder" if item == "quality" else "preparer"
            answer = self.room.who(username).patch(
                f"/scorecards/{card['id']}/items/{item}", {"input": {"adjustments": []}}, version=card["version"]
            )
            assert answer.status_code == 200, answer.get_data(as_text=True)

    def record(self, code: str, item: str, points: str, why: str) -> dict[str, Any]:
        entry = {"subject": code, "item": item, "on": "2026-10-12", "reason": why, "points": points}
        made: dict[str, Any] = self.room.send("recorder" if item == "quality" else "preparer", "/ledger", entry)
        return made


@pytest.fixture(scope="module")
def world(app: Flask, clock: SettableClock) -> World:
    """The small company whose 信用卡组 has a leader and four agents; its August is final."""
    with app.app_context():
        made = build_world(clock)
        make_team(made, clock, DAY_CARD)
        whole_month(made, clock, BEFORE, {"E101": 88, "E102": 95, "E103": 97, "E104": 90})
        approve_scheme(made, clock, october_scheme())
        return made


@pytest.fixture(scope="module")
def month(app: Flask, world: World, clock: SettableClock) -> Month:  # noqa: ARG001 — the accounts are there
    """October until its cards are published, with what was found out on the way checked where it happened."""
    made = Month(Room(app, clock))
    improve_since_august(made)
    live_through_october(made)
    fill_in(made)
    sign_with_a_delegate(made)
    return made


def improve_since_august(month: Month) -> None:
    """Two improvement plans follow from August: one for the processing of E101, one for that of E103."""
    month.room.on("2026-09-14")
    for code, item in (("E101", "processing"), ("E103", "processing")):
        body = {"subject": code, "item": item, "problem": "差错偏多", "measures": "每日复盘录音", "owner": "E001"}
        plan = month.room.send("admin", "/improvements", {**body, "due_on": "2026-09-30"})
        for trigger in ("agree", "start"):
            plan = month.move("hr", "improvements", plan, trigger)
        month.move("hr", "improvements", plan, "finish", reason="措施已全部落实")


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
    for code in TEAM:
        for item in ("processing", "quality", "floor", "satisfaction"):
            month.say_nothing_happened(code, item)


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


def judge_improvements(month: Month) -> list[dict[str, Any]]:
    """Judge both plans once October is out."""
    return [
        month.move("hr", "improvements", plan, "evaluate", reason="对照八月与十月的得分")
        for plan in reversed(month.room.get("/improvements", "hr"))
    ]


def judged(plan: Mapping[str, Any]) -> tuple[str, str, str]:
    """The points before and after, and what the comparison says."""
    return plan["before_value"], plan["after_value"], plan["effect"]["verdict"]
