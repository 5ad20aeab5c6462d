"""What follows from the ranks of 信用卡组: talks, the second month, off post, the return, dismissal proposed; all by hand.

Eight agents. The last three of a month: talk with the room manager; two months running: with the department head instead
of it. Among the last five three months running: off post for a month, and again among the last five in the first month
after that: dismissal proposed (source: 95595 method, ch. 1 § 6).
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.support.agents import hired, revise, whole_month
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, Story
from tests.support.talking import HELD
from tests.support.world import SINCE, START, World
from workflow.errors import Reason
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.organisation import Unit, UnitFunction
from workflow.policy import SYSTEM, Actor, Grant, Role
from workflow.services.following import follow_up
from workflow.services.following.follow_up import NO_OUTCOME, Outcome
from workflow.services.unit_of_work import Part, unit_of_work

# Places in May to September (with the totals that give them), from which the consequences are worked out:
#        may jun jul       aug        sep
# E101    8   8   8         off post   8
# E102    7   7   1         1          1
# E103    6   1   7         7          2
# E104    5   6   6         2          3
# E105    4   5   2         3          4
# E106    3   4   3         4          5
# E107    2   3   4         5          6
# E108    1   2   5         6          7
BY_PLACE = {1: 110, 2: 108, 3: 106, 4: 104, 5: 102, 6: 98, 7: 96, 8: 94}
PLACES = {
    "2026-05": {"E101": 8, "E102": 7, "E103": 6, "E104": 5, "E105": 4, "E106": 3, "E107": 2, "E108": 1},
    "2026-06": {"E101": 8, "E102": 7, "E103": 1, "E104": 6, "E105": 5, "E106": 4, "E107": 3, "E108": 2},
    "2026-07": {"E101": 8, "E102": 1, "E103": 7, "E104": 6, "E105": 2, "E106": 3, "E107": 4, "E108": 5},
    "2026-08": {"E102": 1, "E103": 7, "E104": 2, "E105": 3, "E106": 4, "E107": 5, "E108": 6},
    "2026-09": {"E101": 8, "E102": 1, "E103": 2, "E104": 3, "E105": 4, "E106": 5, "E107": 6, "E108": 7},
}


def may_final(world: World, clock: SettableClock) -> None:
    """Tell of the first month of the table."""
    hired(8)(world, clock)
    month(world, clock, "2026-05")


@pytest.fixture(scope="module")
def story() -> Story:
    return may_final


@pytest.fixture
def before_may(stories: Stories, clock: SettableClock) -> Iterator[World]:
    """The company with its eight agents before the first month of the table."""
    with stories.world_after(hired(8), clock) as world:
        yield world


def month(world: World, clock: SettableClock, period: str) -> None:
    """Tell one month of the table; who has no place in it was not on post, and their card is cancelled."""
    places = PLACES[period]
    away = {code for code in PLACES["2026-05"] if code not in places}
    whole_month(world, clock, period, {code: BY_PLACE[place] for code, place in places.items()}, void=away)


def items(period: str) -> list[ActionItem]:
    query = select(ActionItem).where(ActionItem.period == period).order_by(ActionItem.subject_code, ActionItem.code)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def proposed(period: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in items(period):
        if item.state != "dismissed":
            found.setdefault(item.subject_code, set()).add(item.code)
    return found


def item(period: str, subject: str, code: str) -> ActionItem:
    return next(each for each in items(period) if (each.subject_code, each.code) == (subject, code))


def decide(
    clock: SettableClock,
    actor: Actor,
    found: ActionItem,
    trigger: str,
    reason: str | None = None,
    outcome: Outcome = NO_OUTCOME,
) -> ActionItem:
    seen = found.version
    return follow_up.move(actor, clock, found.id, trigger, seen_version=seen, reason=reason, outcome=outcome)


def test_five_months_lead_to_what_was_worked_out_by_hand(world: World, clock: SettableClock) -> None:
    assert proposed("2026-05") == {code: {"talk-manager"} for code in ("E101", "E102", "E103")}
    month(world, clock, "2026-06")
    assert proposed("2026-06") == {"E101": {"talk-head"}, "E102": {"talk-head"}, "E104": {"talk-manager"}}
    month(world, clock, "2026-07")
    # Among the last five in May, June and July: E101 and E104 (5, 6, 6). E108 is fifth for the first time.
    assert proposed("2026-07") == {
        "E101": {"talk-head", "off-post"},
        "E103": {"talk-manager"},
        "E104": {"talk-head", "off-post"},
    }
    hr = world.actor("hr")
    decide(clock, hr, item("2026-07", "E101", "off-post"), "confirm")
    decide(clock, hr, item("2026-07", "E104", "off-post"), "dismiss", "当月请病假,不宜待岗")
    month(world, clock, "2026-08")
    # Seven are ranked: the last three are 5, 6 and 7; E103 a second month running.
    assert proposed("2026-08") == {"E103": {"talk-head"}, "E107": {"talk-manager"}, "E108": {"talk-manager"}}
    month(world, clock, "2026-09")
    # E101 is back and among the last five at once. E107 (4 of 8, 5 of 7, 6 of 8) and E108 (5, 6, 7) are for the second
    # month among the last three and for the third among the last five; E106 (3 of 8, 4 of 7, 5 of 8) was not in July.
    assert proposed("2026-09") == {
        "E101": {"talk-manager", "dismissal"},
        "E107": {"talk-head", "off-post"},
        "E108": {"talk-head", "off-post"},
    }


def test_a_proposal_carries_its_evidence_its_owner_and_its_day(world: World, clock: SettableClock) -> None:
    month(world, clock, "2026-06")
    found = item("2026-06", "E101", "talk-head")
    assert found.evidence == [
        {"period": "2026-05", "group": "信用卡组", "rank": 8, "ranked": 8},
        {"period": "2026-06", "group": "信用卡组", "rank": 8, "ranked": 8},
    ]
    assert (found.title, found.function, found.state) == ("部门负责人谈话", "department-head", "proposed")
    assert clock.moment.date().isoformat() == "2026-07-11"  # a Saturday: ten working days end on Friday, 24 July
    assert found.due_on.isoformat() == "2026-07-24"


def test_the_owner_is_the_nearest_holder_of_the_function(before_may: World, clock: SettableClock) -> None:
    appoint(before_may, "hq", "room-manager", "E001")
    appoint(before_may, "card-team", "room-manager", "E102")
    month(before_may, clock, "2026-05")
    owners = {each.subject_code: each.owner_id for each in items("2026-05")}
    assert owners["E101"] == before_may.people["E102"].id
    assert owners["E102"] == before_may.people["E001"].id  # nobody talks with themselves


def test_everybody_tied_at_the_edge_is_in(before_may: World, clock: SettableClock) -> None:
    whole_month(before_may, clock, "2026-05", {"E101": 90, "E102": 92, "E103": 95, "E104": 95})
    assert set(proposed("2026-05")) == {"E101", "E102", "E103", "E104"}


def test_a_revision_takes_open_proposals_back_and_makes_others(world: World, clock: SettableClock) -> None:
    confirmed = decide(clock, world.actor("hr"), item("2026-05", "E102", "talk-manager"), "confirm")
    month(world, clock, "2026-06")
    assert proposed("2026-06") == {"E101": {"talk-head"}, "E102": {"talk-head"}, "E104": {"talk-manager"}}
    revise(world, clock, "2026-05", "E101", 7)  # 94 + 7 = 101: above E103, E102
    revise(world, clock, "2026-05", "E102", 12)  # 96 + 12 = 108: second with E107; E104 is sixth
    assert proposed("2026-05") == {code: {"talk-manager"} for code in ("E101", "E102", "E103", "E104")}
    assert item("2026-05", "E102", "talk-manager").id == confirmed.id
    assert item("2026-05", "E101", "talk-manager").evidence[0]["rank"] == 7
    # The run of E102 begins in June, that of E104 in May; the open proposals of June follow.
    assert proposed("2026-06") == {"E101": {"talk-head"}, "E102": {"talk-manager"}, "E104": {"talk-head"}}
    lapsed = [each.code for each in items("2026-06") if each.lapsed]
    assert sorted(lapsed) == ["talk-head", "talk-manager"]


def test_a_revision_that_changes_nothing_for_somebody_leaves_the_proposal(world: World, clock: SettableClock) -> None:
    before = {each.id: each.version for each in items("2026-05")}
    revise(world, clock, "2026-05", "E108", 1 - 2)
    assert {each.id: each.version for each in items("2026-05")} == before


def test_a_talk_is_confirmed_and_its_record_written(world: World, clock: SettableClock) -> None:
    hr, found = world.actor("hr"), item("2026-05", "E103", "talk-manager")
    with refused(Reason.WRONG_STATE):
        decide(clock, hr, found, "complete", "已谈话,本人认可", HELD)
    decide(clock, hr, found, "confirm")
    with refused(Reason.REASON_TOO_SHORT):
        decide(clock, hr, found, "complete", "已谈", HELD)
    done = decide(clock, hr, found, "complete", "已谈话,本人认可", HELD)
    assert (done.state, done.outcome, done.version) == ("done", "已谈话,本人认可", 3)


def test_only_with_the_version_that_was_seen_and_with_a_reason(world: World, clock: SettableClock) -> None:
    hr, found = world.actor("hr"), item("2026-05", "E103", "talk-manager")
    with refused(Reason.REASON_TOO_SHORT):
        decide(clock, hr, found, "dismiss", "不")
    with refused(Reason.STALE):
        follow_up.move(hr, clock, found.id, "confirm", seen_version=7)
    dismissed = decide(clock, hr, found, "dismiss", "当月请假较多")
    assert (dismissed.state, dismissed.dismissal) == ("dismissed", "当月请假较多")


def test_who_may_decide(world: World, clock: SettableClock) -> None:
    found = item("2026-05", "E101", "talk-manager")
    for username, reason in {
        "admin": Reason.NO_GRANT,
        "auditor": Reason.NO_GRANT,
        "preparer": Reason.NOT_SEEN,
        "head": Reason.NOT_SEEN,  # of another unit
        "employee": Reason.NO_GRANT,  # whom it concerns sees it
        "nobody": Reason.NOT_SEEN,
    }.items():
        with refused(reason):
            decide(clock, world.actor(username), found, "confirm")
    concerned = world.actor("employee").granted(Grant(Role.HEAD))
    with refused(Reason.OWN_ACTION):
        decide(clock, concerned, found, "confirm")


def appoint(world: World, unit: str, function: str, code: str) -> None:
    """Give a person a function of a unit."""
    with unit_of_work(SYSTEM, lambda: START) as work:
        values = {"function": function, "person_id": world.people[code].id, "starts_on": SINCE, "ends_on": None}
        row = UnitFunction(unit_id=world.units[unit].id)
        found = db.session.get_one(Unit, world.units[unit].id)
        work.change(found, "unit.appoint", {}, parts=[Part(row, f"functions/{function}", values, is_new=True)])
