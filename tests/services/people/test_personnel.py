"""Standings and levels are entered by HR with their days, recorded, never overwritten, at most voided."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.support.founders import SINCE, TODAY, actor_of, employ, settle
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.record import Record
from workflow.policy import Actor, Role
from workflow.services.paging import PageAsked
from workflow.services.people import give_level, give_standing
from workflow.services.people.give_level import NewLevel
from workflow.services.people.give_standing import NewStanding
from workflow.services.people.look_up_personnel import (
    EntriesWanted,
    find_level,
    find_standing,
    levels_on,
    list_levels,
    list_standings,
)

PASSED = {"written": "80", "oral": "75.5", "pass_mark": "60"}
FAILED = {"written": "80", "oral": "50", "pass_mark": "60"}
DEPOSITS = {"average_deposits": "520", "deposit_threshold": "500"}
WHY = "人事部通知"


@pytest.fixture(autouse=True)
def company(hr: Actor, clock: SettableClock) -> None:
    settle(
        hr, clock, [("hq", None), ("cards", "hq"), ("loans", "hq")], [("E1", "吴霞", "cards"), ("E2", "冯涛", "loans")]
    )


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def stand(
    hr: Actor, clock: SettableClock, kind: str, first: str, last: str | None = None, person: str = "E1"
) -> Standing:
    new = NewStanding(person, kind, day(first), day(last) if last else None, WHY)
    return give_standing.give_standing(hr, clock, new)


def raise_to(hr: Actor, clock: SettableClock, level: str, first: str, last: str | None = None) -> LevelGiven:
    new = NewLevel("E1", level, "examination", day(first), day(last) if last else None, figures=PASSED, reason=WHY)
    return give_level.give_level(hr, clock, new)


def void(hr: Actor, clock: SettableClock, entry: Standing | LevelGiven) -> None:
    act = give_standing.move if isinstance(entry, Standing) else give_level.move
    act(hr, clock, entry.id, "void", seen_version=1, reason="录入日期有误")


def standings(actor: Actor, **wanted: object) -> list[str]:
    found = list_standings(actor, EntriesWanted(**wanted), TODAY, PageAsked())  # type: ignore[arg-type]
    ends = {row.id: f"{row.held_until:%m-%d}" if row.held_until else "" for row in found.rows}
    return [f"{row.person} {row.kind} {row.starts_on:%m-%d}..{ends[row.id]}" for row in found.rows]


def levels(actor: Actor, **wanted: object) -> list[str]:
    found = list_levels(actor, EntriesWanted(**wanted), TODAY, PageAsked())  # type: ignore[arg-type]
    return [f"{row.person} {row.level}" for row in found.rows]


def level_on(text: str) -> str | None:
    person = db.session.scalars(select(Person).where(Person.code == "E1")).one()
    return levels_on(db.session, [person.id], day(text)).get(person.id)


def events(entry: Standing | LevelGiven) -> list[tuple[str, str]]:
    query = select(Record).where(Record.entity_id == entry.id).order_by(Record.id)
    return [(record.entity_kind, record.event) for record in db.session.scalars(query)]


def test_a_standing_is_recorded_and_voided_with_a_reason_and_never_changed(hr: Actor, clock: SettableClock) -> None:
    entry = stand(hr, clock, "leave", "09-01", "09-12")
    void(hr, clock, entry)
    assert events(entry) == [("standing", "standing.give"), ("standing", "standing.void")]
    assert (entry.state, entry.void_reason, entry.reason, entry.version) == ("void", "录入日期有误", WHY, 2)
    assert standings(hr) == []
    assert standings(hr, void=True) == ["E1 leave 09-01.."]
    assert stand(hr, clock, "leave", "09-01", "09-10").id != entry.id


def test_two_standings_never_hold_on_one_day(hr: Actor, clock: SettableClock) -> None:
    stand(hr, clock, "off-post", "09-01", "09-30")
    for kind, first, last in (("leave", "09-30", "10-02"), ("probation", "08-01", None), ("on-post", "09-01", None)):
        with refused(Reason.INVALID_INPUT, "starts_on"):
            stand(hr, clock, kind, first, last)
    stand(hr, clock, "leave", "10-01", "10-02")
    stand(hr, clock, "leave", "09-15", person="E2")


def test_the_return_to_post_ends_what_it_falls_into(hr: Actor, clock: SettableClock) -> None:
    stand(hr, clock, "off-post", "09-01", "09-30")
    back = stand(hr, clock, "on-post", "09-21")
    leave = stand(hr, clock, "leave", "09-25", "09-28")
    assert standings(hr) == ["E1 leave 09-25..09-28", "E1 on-post 09-21..09-24", "E1 off-post 09-01..09-20"]
    on = {"09-20": "off-post", "09-21": "on-post", "09-24": "on-post", "09-25": "leave", "09-28": "leave"}
    assert {text: standings(hr, on=day(text))[0].split()[1] for text in on} == on
    assert standings(hr, on=day("09-29")) == standings(hr, on=day("08-31")) == []
    with refused(Reason.STANDINGS_OVERLAP):
        void(hr, clock, back)
    void(hr, clock, leave)
    void(hr, clock, back)
    assert standings(hr) == ["E1 off-post 09-01..09-30"]


@pytest.mark.parametrize(
    ("new", "paths"),
    [
        (NewStanding("E9", "leave", TODAY, reason=WHY), ("person",)),
        (NewStanding("E1", "sleeping", TODAY, reason=WHY), ("kind",)),
        (NewStanding("E1", "leave", TODAY, SINCE, WHY), ("ends_on",)),
        (NewStanding("E1", "on-post", TODAY, TODAY, WHY), ("ends_on",)),
        (NewStanding("E1", "leave", TODAY), ("reason",)),
        (NewStanding("E1", "off-post", TODAY, reason=WHY, action=1), ("action",)),
    ],
)
def test_what_is_wrong_with_a_standing_is_named(
    hr: Actor, clock: SettableClock, new: NewStanding, paths: tuple[str, ...]
) -> None:
    with refused(Reason.INVALID_INPUT, *paths):
        give_standing.give_standing(hr, clock, new)


def test_the_newest_level_holds_until_it_expires(hr: Actor, clock: SettableClock) -> None:
    raise_to(hr, clock, "初级", "02-01")
    middle = raise_to(hr, clock, "中级", "06-01", "08-31")
    assert [level_on(text) for text in ("01-31", "02-01", "05-31", "06-01", "08-31", "09-01")] == [
        None,
        "初级",
        "初级",
        "中级",
        "中级",
        None,
    ]
    assert levels(hr) == ["E1 中级", "E1 初级"]
    assert [levels(hr, on=day(text)) for text in ("05-31", "08-31", "09-01")] == [["E1 初级"], ["E1 中级"], []]
    void(hr, clock, middle)
    assert level_on("09-01") == "初级"
    assert events(middle) == [("level", "level.give"), ("level", "level.void")]


def test_a_level_by_deposits_is_provisional_and_keeps_the_figures_that_earned_it(
    hr: Actor, clock: SettableClock
) -> None:
    new = NewLevel("E1", "初级", "deposits", TODAY, figures={**FAILED, **DEPOSITS}, employment="agent", reason=WHY)
    row = find_level(hr, give_level.give_level(hr, clock, new).id, TODAY)
    assert (row.provisional, row.employment, row.allowed) == (True, "agent", ("void",))
    assert row.figures == {**FAILED, **DEPOSITS}


@pytest.mark.parametrize(
    ("new", "paths"),
    [
        (NewLevel("E9", "初级", "decision", TODAY, reason=WHY), ("person",)),
        (NewLevel("E1", "特级", "decision", TODAY, reason=WHY), ("level",)),
        (NewLevel("E1", "初级", "gift", TODAY, reason=WHY), ("way",)),
        (NewLevel("E1", "初级", "decision", TODAY), ("reason",)),
        (NewLevel("E1", "初级", "decision", TODAY, SINCE, reason=WHY), ("ends_on",)),
        (NewLevel("E1", "初级", "decision", TODAY, employment="guest", reason=WHY), ("employment",)),
        (NewLevel("E1", "初级", "decision", TODAY, figures={"luck": "1"}, reason=WHY), ("evidence.luck",)),
        (NewLevel("E1", "高级", "examination", TODAY, figures=FAILED, reason=WHY), ("way",)),
        (
            NewLevel("E1", "高级", "examination", TODAY, figures={**PASSED, "oral": "x"}, reason=WHY),
            ("evidence.oral",),
        ),
    ],
)
def test_what_is_wrong_with_a_level_is_named(
    hr: Actor, clock: SettableClock, new: NewLevel, paths: tuple[str, ...]
) -> None:
    with refused(Reason.INVALID_INPUT, *paths):
        give_level.give_level(hr, clock, new)


def test_one_level_from_a_day(hr: Actor, clock: SettableClock) -> None:
    first = raise_to(hr, clock, "初级", "02-01")
    with refused(Reason.INVALID_INPUT, "starts_on"):
        raise_to(hr, clock, "中级", "02-01")
    void(hr, clock, first)
    raise_to(hr, clock, "中级", "02-01")


def test_hr_writes_in_its_scope_others_read_in_theirs_and_a_person_their_own(
    operator: Actor, hr: Actor, clock: SettableClock
) -> None:
    entry, given = stand(hr, clock, "leave", "09-01", "09-12"), raise_to(hr, clock, "初级", "02-01")
    loans_hr = employ(operator, clock, "loans-hr", Role.HR, unit="loans")
    auditor = employ(operator, clock, "auditor", Role.AUDITOR)
    for who in (auditor, hr):
        assert (standings(who), levels(who)) == (["E1 leave 09-01..09-12"], ["E1 初级"])
    assert standings(loans_hr) == levels(loans_hr) == []
    with refused(Reason.NOT_SEEN):
        find_standing(loans_hr, entry.id, TODAY)
    with refused(Reason.INVALID_INPUT, "person"):
        stand(loans_hr, clock, "leave", "10-01")
    with refused(Reason.NO_GRANT):
        stand(auditor, clock, "leave", "10-01")
    with refused(Reason.NOT_SEEN):
        give_level.move(loans_hr, clock, given.id, "void", seen_version=1, reason="录入日期有误")


def test_a_person_sees_their_own_and_nobody_enters_for_themselves(hr: Actor, clock: SettableClock) -> None:
    stand(hr, clock, "leave", "09-01", "09-12")
    person = db.session.scalars(select(Person).where(Person.code == "E1")).one()
    themselves = Actor(hr.account_id, "hr", "吴霞", person.id)
    assert standings(themselves) == ["E1 leave 09-01..09-12"]
    with refused(Reason.OWN_ACTION):
        stand(Actor(hr.account_id, "hr", "吴霞", person.id, actor_of("hr", Role.HR).grants), clock, "leave", "10-01")
