"""The 95595 customer service over the interface: two service rooms, each a ranking group with teams of both modes."""

import calendar
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.api import Caller, sign_in
from tests.support.settable_clock import SettableClock
from tests.support.world import PASSWORD

UNITS = (
    ("csr", "信用卡中心客户服务部", "hq"),
    ("room-1", "信用卡服务室", "csr"),
    ("room-2", "综合业务服务室", "csr"),
    ("credit", "信用卡一组", "room-1"),
    ("platinum", "白金卡组", "room-1"),
    ("general", "综合组", "room-2"),
    ("wealth", "理财组", "room-2"),
)
TEAMS = {"credit": ("A", 1, 6), "platinum": ("A", 7, 10), "general": ("B", 1, 6), "wealth": ("B", 7, 10)}
HEADS = (("M1", "room-1", "room-manager"), ("M2", "room-2", "room-manager"), ("D1", "csr", "department-head"))
GROUPS = {"room-1": ("credit", "platinum"), "room-2": ("general", "wealth")}
MODES = {"csr-card": ["credit", "general"], "csr-wealth": ["platinum", "wealth"]}
COMMEND = {"code": "commend", "title": "表彰", "top": 3, "months": 3, "once_per_run": True, "by": "room-manager"}
"""The company's own addition to what the source says: three months running among the first three."""

SINCE = "2025-01-01"
SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))
ADJUSTED = ("processing", "quality", "floor", "satisfaction")
BY_SUPERIOR = {"ratings": [{"group": "superior", "by": "值班经理", "value": "10"}]}
STEP = 2
"""By how many points each place lies below the one before it."""


@dataclass
class Room:
    """The service as its people use it; every call must succeed."""

    app: Flask
    clock: SettableClock
    signed_in: dict[str, Caller] = field(default_factory=dict)

    def on(self, day: str) -> None:
        """Let it be the morning of a day; everybody signs in anew."""
        self.clock.moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=1)
        self.signed_in.clear()

    def who(self, username: str) -> Caller:
        """Give somebody's token."""
        if username not in self.signed_in:
            self.signed_in[username] = sign_in(self.app, username)
        return self.signed_in[username]

    def get(self, path: str, username: str = "hr") -> Any:
        """Read something."""
        return _body(self.who(username).get(path))

    def send(self, username: str, path: str, body: Any, version: int | None = None) -> Any:
        """Make something new, or move it."""
        return _body(self.who(username).post(path, body, version=version))

    def change(self, username: str, path: str, body: Any) -> Any:
        """Change something in the version that it has now."""
        version = self.get(path, username)["version"]
        return _body(self.who(username).patch(path, body, version=version))

    def found(self) -> None:
        """Make the units, their people, who heads them, the ranking groups, and the schemes with a commendation."""
        for code, title, parent in UNITS:
            self.send("hr", "/units", {"code": code, "title": title, "parent": parent})
        for code, unit, function in HEADS:
            self.send("hr", "/people", {"code": code, "name": f"经理{code}", "unit": unit, "since": SINCE})
            self.change("hr", f"/units/{unit}", {"function": function, "person": code, "starts_on": SINCE})
        for unit, (letter, first, last) in TEAMS.items():
            for number in range(first, last + 1):
                code = f"{letter}{number}"
                self.send("hr", "/people", {"code": code, "name": f"坐席{code}", "unit": unit, "since": SINCE})
        titles = {code: title for code, title, _ in UNITS}
        for group, units in GROUPS.items():
            self.send("hr", "/groups", {"code": group, "title": titles[group]})
            for unit in units:
                self.change("hr", f"/groups/{group}", {"unit": unit, "starts_on": SINCE})

    def approve(self, content: Mapping[str, Any]) -> None:
        """Load a scheme with the commendation added, and have it signed by three people."""
        more = {**content, "consequences": [*content["consequences"], COMMEND]}
        found = self.send("admin", "/schemes", more)
        for username, trigger in (("admin", "prepare"), *SIGNERS[1:]):
            path = f"/schemes/{found['code']}/versions/{found['number']}/transitions"
            found = self.send(username, path, {"trigger": trigger, "password": PASSWORD}, found["version"])

    def whole_month(self, period: str, *orders: str, away: Collection[str] = ()) -> None:
        """Appraise a month: cards filled in so that each group comes in this order, signed, published and made final.

        `A4~A5` have the same total and quality tells them apart, `A7=A8` share a rank. Cards of who is away are cancelled.
        """
        year, month = map(int, period.split("-"))
        first = date(year, month, calendar.monthrange(year, month)[1]) + timedelta(days=1)
        self.on(first.isoformat())
        contents = [{"scheme": scheme, "units": units} for scheme, units in MODES.items()]
        self.send("admin", "/plans", {"code": period, "title": period, "period": period, "contents": contents})
        self.move_plan(period, "open")
        cards = {card["subject"]: card for card in self.get(f"/scorecards?plan={period}&per_page=200", "preparer")}
        for code in away:
            card = cards.pop(code)
            body = {"trigger": "void", "reason": "当月不在岗"}
            self.send("admin", f"/scorecards/{card['id']}/transitions", body, card["version"])
        self.fill(period, cards, {code: points for order in orders for code, points in deductions(order)})
        for username, trigger in SIGNERS:
            self.sign(username, trigger, cards)
        self.move_plan(period, "close")
        self.move_plan(period, "publish")
        self.on((first + timedelta(days=10)).isoformat())
        self.move_plan(period, "finalize")

    def fill(self, period: str, cards: dict[str, dict[str, Any]], deducted: Mapping[str, tuple[str, int]], /) -> None:
        """Enter each deduction with its reason, and for everything else that nothing happened."""
        assert cards.keys() == deducted.keys()
        edits = []
        for code, card in cards.items():
            item, points = deducted[code]
            if points:
                entry = {"on": f"{period}-15", "points": str(-points), "reason": "按当月质检记录扣分"}
                path = f"/scorecards/{card['id']}/items/{item}/adjustments"
                card["version"] = self.send("preparer", path, entry, card["version"])["version"]
            untouched = [each for each in ADJUSTED if not points or each != item]
            rows: dict[str, Any] = {each: [] for each in untouched}
            if card["scheme"] == "csr-wealth":
                rows["superior"] = BY_SUPERIOR
            edits += [
                {"card": card["id"], "version": card["version"], "item": each, "input": given}
                for each, given in rows.items()
            ]
        for result in self.send("preparer", "/edits", {"edits": edits})["results"]:
            assert result["ok"], result
            next(card for card in cards.values() if card["id"] == result["card"])["version"] = result["version"]

    def sign(self, username: str, trigger: str, cards: dict[str, dict[str, Any]]) -> None:
        """Have all these cards signed."""
        rows = [{"id": card["id"], "version": card["version"]} for card in cards.values()]
        for result in self.send(username, "/transitions", {"trigger": trigger, "cards": rows})["results"]:
            assert result["ok"], result
            cards[result["card"]["subject"]] = result["card"]

    def revise(self, period: str, code: str, points: int) -> None:
        """Correct a published card by so many points in processing, and publish the revision."""
        (old,) = self.get(f"/scorecards?plan={period}&subject={code}", "admin")
        body = {"trigger": "revise", "reason": "复核录音后更正"}
        card = self.send("admin", f"/scorecards/{old['id']}/transitions", body, old["version"])
        entry = {"on": f"{period}-20", "points": str(points), "reason": "漏计的表扬"}
        path = f"/scorecards/{card['id']}"
        card = self.send("preparer", f"{path}/items/processing/adjustments", entry, card["version"])
        for username, trigger in (*SIGNERS, ("admin", "publish")):
            card = self.send(username, f"{path}/transitions", {"trigger": trigger}, card["version"])

    def move_plan(self, period: str, trigger: str) -> None:
        """Move a month's plan."""
        version = self.get(f"/plans/{period}", "admin")["version"]
        self.send("admin", f"/plans/{period}/transitions", {"trigger": trigger}, version)

    def item(self, period: str, subject: str, code: str) -> dict[str, Any]:
        """Give the newest action item of a month with this code."""
        rows = self.get(f"/actions?plan={period}&subject={subject}&per_page=200")
        found: dict[str, Any] = max((row for row in rows if row["code"] == code), key=lambda row: int(row["id"]))
        return found

    def decide(self, period: str, subject: str, code: str, trigger: str, **body: Any) -> dict[str, Any]:
        """Move an action item as HR."""
        item = self.item(period, subject, code)
        path = f"/actions/{item['id']}/transitions"
        moved: dict[str, Any] = self.send("hr", path, {"trigger": trigger, **body}, item["version"])
        return moved

    def do(self, period: str, subject: str, code: str, said: str, **body: Any) -> dict[str, Any]:
        """Confirm an action item and complete it."""
        self.decide(period, subject, code, "confirm")
        return self.decide(period, subject, code, "complete", reason=said, **body)

    def stand(self, person: str, kind: str, days: tuple[str, str], action: str | None = None) -> None:
        """Enter where somebody stands, from which day to which."""
        body = {"person": person, "kind": kind, "starts_on": days[0], "ends_on": days[1], "reason": "按通知登记"}
        self.send("hr", "/standings", {**body, "action": action})

    def proposed(self, period: str) -> dict[str, set[str]]:
        """Give what a month's ranks lead to, by code: for whom. What only follows a confirmed item is left out."""
        found: dict[str, set[str]] = {}
        for row in self.get(f"/actions?plan={period}&per_page=200"):
            if row["follows"] is None:
                found.setdefault(row["code"], set()).add(row["subject"])
        return found

    def places(self, period: str) -> dict[str, int | str]:
        """Give everybody's rank in a month, or why there is none."""
        groups = self.get(f"/plans/{period}/ranking")["groups"]
        return {row["subject"]: row["rank"] or row["absent"] for group in groups for row in group["entries"]}


def deductions(order: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Give, for an order of places, from which item of each how many points are taken."""
    place = 0
    for token in order.split():
        codes = token.replace("~", "=").split("=")
        for number, code in enumerate(codes):
            yield code, ("processing" if "~" in token and number == 0 else "quality", STEP * place)
        place += len(codes)


def _body(answer: TestResponse) -> Any:
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.get_json()
