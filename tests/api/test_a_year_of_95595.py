"""One year of the 95595 customer service over the interface, with what follows from each month worked out by hand.

Two service rooms, each a ranking group of ten agents and of both modes. The rules (source: 95595 method, ch. 1 § 6):
the last three of a month talk with their room manager (M), two months running with the department head instead (H);
among the last five three months running: off post for a month (O), and among the last five in the first month after it:
dismissal proposed (D). The company's own: three months running among the first three: commended, once in each run (C).

Room 1 (A1 to A10), best first, with who was not ranked. The last five and the last three begin at the bars:

    2026-01  1 2 3 4 5 | 6 7 | 8 9 10
    2026-02  1 2 3 6 8 | 4 5 | 7 9 10
    2026-03  1 2 3 4 5 | 6 8 | 7 9 10
    2026-04  1 2 6 | 3 4 | 5 8 9            7 and 10 off post
    2026-05  8 1 3 | 2 6 | 4 5 10           7 off post for a further month, having failed the test; 9 off post
    2026-06  1 4 5 3 9 | 6 2 | 8 7 10       7 and 9 are back
    2026-07  1 6 2 8 | 3 9 | 4 5 7          10 on leave
    2026-08  1 2 3 4 5 | 6 | 7 8 9 10       7 and 8 share rank 7: a tie at the edge of the last three, so both are in
    2026-09  2 1 3 4 | 5 6 | 7 8 10         9 went to room 2 on the 16th
    2026-10  8 6 10 | 1 3 | 2 4 5           7 off post again; revised in December: 8 6 10 | 4 1 | 3 2 5
    2026-11  6 1 2 7 | 8 3 | 10 4 5         7 is back, fourth
    2026-12  6 1 7 | 2 8 | 3 4 10           5 off post

Room 2 (B1 to B10) comes in order in odd months and the other way round in even ones, so nobody's run reaches two. A9 comes
last in September, then first.
"""

from collections.abc import Mapping

import pytest
from flask import Flask

from tests.support.csr_room import Room
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stories import Story, nothing_yet
from tests.support.world import World

UP = "B1 B2 B3 B4 B5 B6 B7 B8 B9 B10"
DOWN = "B10 B9 B8 B7 B6 B5 B4 B3 B2 B1"
ORDERS: Mapping[str, tuple[str, str]] = {
    "2026-01": ("A1 A2 A3 A4 A5 A6 A7 A8 A9 A10", UP),
    "2026-02": ("A1 A2 A3 A6 A8 A4 A5 A7 A9 A10", DOWN),
    "2026-03": ("A1 A2 A3 A4 A5 A6 A8 A7 A9 A10", UP),
    "2026-04": ("A1 A2 A6 A3 A4 A5 A8 A9", DOWN),
    "2026-05": ("A8 A1 A3 A2 A6 A4 A5 A10", UP),
    "2026-06": ("A1 A4 A5 A3 A9 A6 A2 A8 A7 A10", DOWN),
    "2026-07": ("A1 A6 A2 A8 A3 A9 A4 A5 A7", UP),
    "2026-08": ("A1 A2 A3 A4~A5 A6 A7=A8 A9 A10", DOWN),
    "2026-09": ("A2 A1 A3 A4 A5 A6 A7 A8 A10", f"{UP} A9"),
    "2026-10": ("A8 A6 A10 A1 A3 A2 A4 A5", f"A9 {DOWN}"),
    "2026-11": ("A6 A1 A2 A7 A8 A3 A10 A4 A5", f"A9 {UP}"),
    "2026-12": ("A6 A1 A7 A2 A8 A3 A4 A10", f"A9 {DOWN}"),
}
AWAY = {
    "2026-04": {"A7": "off-post", "A10": "off-post"},
    "2026-05": {"A7": "off-post", "A9": "off-post"},
    "2026-07": {"A10": "leave"},
    "2026-10": {"A7": "off-post"},
    "2026-12": {"A5": "off-post"},
}

# What each month's ranks lead to, when it becomes final. M talk with the manager, H with the head, O off post,
# D dismissal proposed, C commended. Of room 2 the last three of each month, M, are in ROOM_2.
ROOM_1: Mapping[str, Mapping[str, str]] = {
    "2026-01": {"M": "8 9 10"},
    "2026-02": {"M": "7", "H": "9 10"},  # 7 was not among the last three in January
    # Last five in January, February and March: 7, 9, 10; 6 was fourth in February, 8 fifth. First three all along: 1, 2, 3.
    "2026-03": {"H": "7 9 10", "O": "7 9 10", "C": "1 2 3"},
    # 9 stayed, since its off post was dismissed: the fourth month. 1 and 2 go on in the run that was commended.
    "2026-04": {"M": "5 8", "H": "9", "O": "9"},
    # 10 is back and among the last five at once; being off post broke its run of talks. 8's run of five ended at two.
    "2026-05": {"M": "4 10", "H": "5", "D": "10"},
    # 7's first month after two off post; 9 is fifth of ten, just not among the last five.
    "2026-06": {"M": "8 7", "H": "10", "D": "7"},
    "2026-07": {"M": "4 5", "H": "7"},
    # All who are tied at the edge are in, so four talk. The leave broke the run of 10: M, and no third month of O.
    "2026-08": {"M": "8 9 10", "H": "7", "O": "7"},  # 7: June, July, August
    "2026-09": {"H": "7 8 10", "O": "7", "C": "2"},  # 2: third in July, second in August, first now
    "2026-10": {"M": "2 4 5"},
    "2026-11": {"M": "10", "H": "4 5", "O": "5"},  # 5: September, October, November
    # By the revised October: 3 was among its last three, but not in November: M. 3 and 4 are among the last five of
    # October (4 as fourth of eight), November and December.
    "2026-12": {"M": "3", "H": "4 10", "O": "3 4", "C": "6"},
}
ROOM_2: Mapping[str, str] = {f"2026-{month:02}": "B8 B9 B10" if month % 2 else "B3 B2 B1" for month in range(1, 13)}
# In September eleven are ranked, A9 last: B8 is fourth from the end. A9 brings its run along: among the last three in
# August in room 1, among the last five in July and August there. October to December it is first.
A9_IN_ROOM_2: Mapping[str, Mapping[str, str]] = {"2026-09": {"H": "A9", "O": "A9"}, "2026-12": {"C": "A9"}}
TALK = {"place": "会谈室", "by": "D1"}
LETTERS = {"M": "talk-manager", "H": "talk-head", "O": "off-post", "D": "dismissal", "C": "commend"}


def by_hand(period: str) -> dict[str, set[str]]:
    """Give what the tables say of a month, by the consequence's code."""
    expected = {LETTERS[key]: {f"A{n}" for n in told.split()} for key, told in ROOM_1[period].items()}
    for key, told in A9_IN_ROOM_2.get(period, {}).items():
        expected.setdefault(LETTERS[key], set()).add(told)
    last = set(ROOM_2[period].split()) - ({"B8"} if period == "2026-09" else set())
    expected.setdefault("talk-manager", set()).update(last)
    return expected


@pytest.fixture(scope="module")
def story() -> Story:
    """The accounts of the small company; no plan of its own."""
    return nothing_yet


@pytest.fixture(scope="module")
def room(app: Flask, world: World, clock: SettableClock) -> Room:  # noqa: ARG001 — the accounts are there
    """The service when its year is over."""
    made = Room(app, clock)
    made.on("2025-12-20")
    made.found()
    for code in ("csr-card", "csr-wealth"):
        made.approve(scheme_of(code).to_data())
    return made


@pytest.fixture(scope="module")
def year(room: Room) -> dict[str, dict[str, set[str]]]:
    """Live through the year; gives what each month's ranks led to when it became final."""
    found = {}
    for period, orders in ORDERS.items():
        room.whole_month(period, *orders, away=AWAY.get(period, {}))
        found[period] = room.proposed(period)
        if period in AFTER:
            AFTER[period](room)
    return found


def after_march(room: Room) -> None:
    """Two go off post in April; one passes the test and returns, the other fails and stays for May."""
    room.do("2026-03", "A10", "talk-head", "4月11日谈话,本人认可扣分", agreed="四月参加待岗培训", interview=TALK)
    room.decide("2026-03", "A9", "off-post", "dismiss", reason="三月住院,绩效受影响")
    for code in ("A7", "A10"):
        off_post = room.decide("2026-03", code, "off-post", "confirm")
        room.stand(code, "off-post", ("2026-04-01", "2026-04-30"), off_post["id"])
    room.on("2026-04-30")
    for code in ("A7", "A10"):
        room.do("2026-03", code, "training", "业务流程与录音复盘,全勤")
    room.do("2026-03", "A10", "test", "笔试 92 分", passed=True)
    room.do("2026-03", "A10", "return", "五月一日起返回班组")
    room.do("2026-03", "A7", "test", "笔试 51 分", passed=False)
    longer = room.decide("2026-03", "A7", "off-post", "confirm")
    room.stand("A7", "off-post", ("2026-05-01", "2026-05-31"), longer["id"])


def after_april(room: Room) -> None:
    """A9's turn; at the end of May both return."""
    off_post = room.decide("2026-04", "A9", "off-post", "confirm")
    room.stand("A9", "off-post", ("2026-05-01", "2026-05-31"), off_post["id"])
    room.on("2026-05-31")
    for period, code in (("2026-04", "A9"), ("2026-03", "A7")):
        room.do(period, code, "training", "业务流程与录音复盘,全勤")
        room.do(period, code, "test", "笔试 88 分", passed=True)
        room.do(period, code, "return", "六月一日起返回班组")


def after_june(room: Room) -> None:
    """A10 is on leave for all of July; nobody is dismissed."""
    room.decide("2026-05", "A10", "dismissal", "dismiss", reason="改为继续辅导")
    room.decide("2026-06", "A7", "dismissal", "dismiss", reason="改为继续辅导")
    room.on("2026-07-20")
    room.stand("A10", "leave", ("2026-07-01", "2026-07-31"))


def after_august(room: Room) -> None:
    """A9 goes to room 2 in the middle of September."""
    room.decide("2026-08", "A7", "off-post", "dismiss", reason="再观察一个月")
    room.on("2026-09-14")
    room.change("hr", "/people/A9", {"unit": "wealth", "since": "2026-09-16"})


def after_september(room: Room) -> None:
    """A7 goes off post again; the confirmation alone keeps it away for all of October."""
    room.decide("2026-09", "A9", "off-post", "dismiss", reason="刚调入本室,先行辅导")
    room.decide("2026-09", "A7", "off-post", "confirm")


def after_november(room: Room) -> None:
    """A5 goes off post for December; A4's October is corrected from 88 to 95, from seventh place to fourth."""
    room.decide("2026-11", "A5", "off-post", "confirm")
    room.revise("2026-10", "A4", 7)


AFTER = {
    "2026-03": after_march,
    "2026-04": after_april,
    "2026-06": after_june,
    "2026-08": after_august,
    "2026-09": after_september,
    "2026-11": after_november,
}


@pytest.mark.parametrize("period", ORDERS)
def test_each_month_leads_to_what_was_worked_out_by_hand(year: dict[str, dict[str, set[str]]], period: str) -> None:
    assert year[period] == by_hand(period)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("period", AWAY)
def test_who_was_away_has_no_rank_and_the_reason_instead(room: Room, period: str) -> None:
    places = room.places(period)
    assert {code: place for code, place in places.items() if isinstance(place, str)} == AWAY[period]
    assert sorted(place for code, place in places.items() if code.startswith("A") and isinstance(place, int)) == (
        list(range(1, 11 - len(AWAY[period]))) if period < "2026-09" else sorted([*range(1, 9), 1])
    )


@pytest.mark.usefixtures("year")
def test_equal_totals_are_told_apart_by_quality_and_else_share_a_rank(room: Room) -> None:
    places = room.places("2026-08")
    assert [places[f"A{n}"] for n in (4, 5, 6, 7, 8, 9, 10)] == [4, 5, 6, 7, 7, 9, 10]
    (four,), (five,) = (room.get(f"/scorecards?plan=2026-08&subject=A{n}") for n in (4, 5))
    assert four["total"] == five["total"] == "94"


@pytest.mark.usefixtures("year")
def test_who_moved_is_ranked_where_the_month_ended(room: Room) -> None:
    groups = {group["group"]: group for group in room.get("/plans/2026-09/ranking")["groups"]}
    assert {code: group["ranked"] for code, group in groups.items()} == {"room-1": 9, "room-2": 11}
    assert [(row["subject"], row["rank"]) for row in groups["room-2"]["entries"]][-1] == ("A9", 11)
    (row,) = room.get("/scorecards?plan=2026-09&subject=A9")
    why = room.get(f"/scorecards/{row['id']}")["ranked_in"]
    assert (why["group"], [each["unit"] for each in why["units"]]) == ("room-2", ["platinum", "wealth"])
    evidence = room.item("2026-09", "A9", "off-post")["evidence"]
    assert [(each["period"], each["group"], each["rank"], each["ranked"]) for each in evidence] == [
        ("2026-07", "信用卡服务室", 6, 9),
        ("2026-08", "信用卡服务室", 9, 10),
        ("2026-09", "综合业务服务室", 11, 11),
    ]


@pytest.mark.usefixtures("year")
def test_talks_belong_to_the_manager_of_the_room_and_to_the_head_of_the_department(room: Room) -> None:
    assert room.item("2026-02", "A7", "talk-manager")["owner"] == "M1"
    assert room.item("2026-02", "B1", "talk-manager")["owner"] == "M2"
    assert room.item("2026-02", "A9", "talk-head")["owner"] == "D1"
    done = room.item("2026-03", "A10", "talk-head")
    assert (done["state"], done["outcome"], done["agreed"]) == (
        "done",
        "4月11日谈话,本人认可扣分",
        "四月参加待岗培训",
    )


@pytest.mark.usefixtures("year")
def test_a_month_off_post_goes_on_with_training_test_and_return(room: Room) -> None:
    def told(period: str, code: str) -> list[tuple[str, str, bool | None]]:
        rows = room.get(f"/actions?plan={period}&subject={code}&per_page=200")
        ordered = sorted(rows, key=lambda row: int(row["id"]))
        return [(row["code"], row["state"], row["passed"]) for row in ordered if not row["code"].startswith("talk")]

    passed = [("training", "done", None), ("test", "done", True), ("return", "done", None)]
    assert told("2026-03", "A10") == [("off-post", "confirmed", None), *passed]
    failed = [("training", "done", None), ("test", "done", False)]
    assert told("2026-03", "A7") == [
        ("off-post", "confirmed", None),
        *failed,
        ("off-post", "confirmed", None),
        *passed,
    ]


@pytest.mark.usefixtures("year")
def test_a_revision_lifts_somebody_out_of_the_last_three_and_takes_the_others_along(room: Room) -> None:
    """Only open proposals are made again: A4's two lapse, A3 comes into October's last three, A2 is now seventh."""
    assert room.proposed("2026-10")["talk-manager"] == {"A2", "A3", "A5", "B1", "B2", "B3"}
    november = room.proposed("2026-11")
    assert (november["talk-head"], november["off-post"]) == ({"A5"}, {"A5"})
    assert november["talk-manager"] == {"A4", "A10", "B8", "B9", "B10"}
    assert room.item("2026-10", "A2", "talk-manager")["evidence"][0]["rank"] == 7
    lapsed = room.get("/actions?subject=A4&lapsed=1&per_page=200")
    assert {(row["period"], row["code"]) for row in lapsed if row["lapsed"]} == {
        ("2026-10", "talk-manager"),
        ("2026-11", "talk-head"),
    }
    (ranking,) = (each for each in room.get("/plans/2026-10/ranking")["groups"] if each["group"] == "room-1")
    assert (ranking["version"], ranking["state"]) == (2, "final")


@pytest.mark.usefixtures("year")
def test_nothing_was_done_to_anybody_that_nobody_confirmed(room: Room) -> None:
    standings = room.get("/standings?per_page=200")
    assert {(row["person"], row["kind"], row["starts_on"]) for row in standings} == {
        ("A7", "off-post", "2026-04-01"),
        ("A7", "off-post", "2026-05-01"),
        ("A9", "off-post", "2026-05-01"),
        ("A10", "off-post", "2026-04-01"),
        ("A10", "leave", "2026-07-01"),
    }
