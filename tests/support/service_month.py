"""A month of a customer-service team, worked out by hand, for whoever lives through it: over the interface or in the browser.

October 2026 (业务处理 40, 品质监控 40, 现场管理 15, 客户满意度 5, 团队合作 10, 日常考核 10 points):

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

from tests.support.agents import whole_month
from tests.support.csr_room import Room
from tests.support.rating import DAY_CARD, LEVELS, make_team
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import World, approve_scheme

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
PREPARED = ("processing", "floor", "satisfaction")
"""What the preparer enters; the recorder enters quality."""
PROBLEMS, DIRECTIONS = "业务差错集中在月中", "每日抽查五笔业务"
REPORTED = (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
FIGURES = ("115.00", "118", "110")
"""What the report says once everything is corrected: average, highest, lowest total."""
TALKED = "逐笔看了十月的差错"
WHY, BECAUSE = "质检扣分与录音不符,请复核", "经复核录音,原扣分依据成立"


def october_scheme() -> dict[str, Any]:
    """The source's card with what the company adds."""
    data = deepcopy(dict(scheme_of("csr-card").to_data()))
    data["sections"] = [*data["sections"], TOGETHER]
    data["total"] = {"min": 0, "max": 140}
    return data


def before_october(world: World, clock: SettableClock) -> None:
    """信用卡组 has a leader and four agents; its August is final, the scheme of October approved."""
    make_team(world, clock, DAY_CARD)
    whole_month(world, clock, BEFORE, {"E101": 88, "E102": 95, "E103": 97, "E104": 90})
    approve_scheme(world, clock, october_scheme())


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

    def say_nothing_else_happened(self, username: str, *items: str) -> None:
        """Let somebody say so of each of these items where no entry stands."""
        edits = [
            {"card": card["id"], "version": card["version"], "item": each["code"], "input": {"adjustments": []}}
            for card in (self.card(code) for code in TEAM)
            for each in card["items"]
            if each["code"] in items and each["points"] is None
        ]
        assert all(each["ok"] for each in self.room.send(username, "/edits", {"edits": edits})["results"])

    def record(self, code: str, item: str, points: str, why: str) -> dict[str, Any]:
        entry = {"subject": code, "item": item, "on": "2026-10-12", "reason": why, "points": points}
        made: dict[str, Any] = self.room.send("recorder" if item == "quality" else "preparer", "/ledger", entry)
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
