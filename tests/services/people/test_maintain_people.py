"""HR keeps who joins, is called what, moves where and leaves."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from tests.support.founders import SINCE, TODAY, actor_of, employ, settle, unit_of
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.record import Record
from workflow.policy import Actor, Role
from workflow.services.accounts.administer_accounts import NewAccount, create_account
from workflow.services.paging import PageAsked
from workflow.services.people.look_up_organisation import (
    PeopleWanted,
    PersonRow,
    find_person,
    list_people,
    members,
    unit_of_person,
    units_of_people,
)
from workflow.services.people.maintain_people import NewPerson, Post, create_person, leave, rename_person, transfer

DAY = timedelta(days=1)
TREE = (("hq", None), ("cards", "hq"), ("market", "hq"))
PEOPLE = (("007", "张伟", "cards"), ("E002", "安娜", "cards"), ("E003", "李强", "market"))


@pytest.fixture(autouse=True)
def company(hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, TREE, PEOPLE)


def person(code: str) -> Person:
    return db.session.scalars(select(Person).where(Person.code == code)).one()


def where(code: str, *days: date) -> list[str | None]:
    found = [unit_of_person(person(code).id, day) for day in days]
    return [unit.code if unit else None for unit in found]


def listed(actor: Actor, wanted: PeopleWanted | None = None, day: date = TODAY) -> list[str]:
    return [row.code for row in list_people(actor, wanted or PeopleWanted(), day, PageAsked()).rows]


class TestJoining:
    def test_a_staff_number_keeps_its_zeros_and_the_record_tells_everything(self, hr: Actor) -> None:
        joined = person("007")
        record = db.session.scalars(select(Record).where(Record.entity_id == joined.id)).one()
        assert (record.event, record.version, record.actor_id) == ("person.create", 1, hr.account_id)
        assert where("007", SINCE - DAY, SINCE, TODAY) == [None, "cards", "cards"]

    @pytest.mark.parametrize(
        ("new", "paths"),
        [
            (NewPerson(" 007", "张伟", "cards", "", SINCE), ("code",)),
            (NewPerson("E9", "", "cards", "", SINCE), ("name",)),
            (NewPerson("E9", "张\n伟", "cards", "", SINCE), ("name",)),
            (NewPerson("E 9", "张伟", "moon", "x" * 65, SINCE), ("code", "post", "unit")),
        ],
    )
    def test_what_is_wrong_is_named(
        self, hr: Actor, clock: SettableClock, new: NewPerson, paths: tuple[str, ...]
    ) -> None:
        with refused(Reason.INVALID_INPUT, *paths):
            create_person(hr, clock, new)


class TestMoving:
    def test_a_transfer_ends_one_post_and_begins_another(self, hr: Actor, clock: SettableClock) -> None:
        moved = transfer(hr, clock, "007", Post("market", "主管", TODAY), seen_version=1)
        assert moved.version == 2
        assert where("007", TODAY - DAY, TODAY) == ["cards", "market"]
        row = find_person(hr, "007", TODAY)
        assert (row.unit_code, row.post, row.since, row.active) == ("market", "主管", TODAY, True)

    def test_a_transfer_of_today_is_put_right_today(self, hr: Actor, clock: SettableClock) -> None:
        transfer(hr, clock, "007", Post("market", "主管", TODAY), seen_version=1)
        transfer(hr, clock, "007", Post("cards", "组长", TODAY), seen_version=2)
        assert where("007", TODAY - DAY, TODAY) == ["cards", "cards"]
        assert find_person(hr, "007", TODAY).post == "组长"

    def test_what_is_settled_for_later_is_not_run_over(self, hr: Actor, clock: SettableClock) -> None:
        transfer(hr, clock, "007", Post("market", "", TODAY + DAY), seen_version=1)
        with refused(Reason.INVALID_INPUT, "since"):
            transfer(hr, clock, "007", Post("hq", "", TODAY), seen_version=2)

    def test_whoever_left_may_come_back(self, hr: Actor, clock: SettableClock) -> None:
        leave(hr, clock, "007", last_day=TODAY, seen_version=1, reason="合同到期")
        transfer(hr, clock, "007", Post("market", "", TODAY + 10 * DAY), seen_version=2)
        assert where("007", TODAY, TODAY + DAY, TODAY + 10 * DAY) == ["cards", None, "market"]

    def test_nobody_leaves_twice(self, hr: Actor, clock: SettableClock) -> None:
        leave(hr, clock, "007", last_day=TODAY, seen_version=1)
        with refused(Reason.INVALID_INPUT, "last_day"):
            leave(hr, clock, "007", last_day=TODAY + DAY, seen_version=2)

    def test_a_new_name_gets_a_new_sound(self, hr: Actor, clock: SettableClock) -> None:
        renamed = rename_person(hr, clock, "007", name="单伟", seen_version=1)
        assert renamed.name_key.startswith("shan wei")
        with refused(Reason.STALE):
            rename_person(hr, clock, "007", name="张伟", seen_version=1)
        with refused(Reason.NO_VERSION):
            rename_person(hr, clock, "007", name="", seen_version=None)


class TestWhoMay:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
    def test_only_hr_writes(self, operator: Actor, clock: SettableClock, role: Role) -> None:
        somebody = employ(operator, clock, "somebody", role)
        with refused(Reason.NO_GRANT):
            create_person(somebody, clock, NewPerson("E9", "新人", "cards", "", SINCE))
        sees = role not in {Role.RECORDER, Role.RATER, Role.OPERATOR}
        with refused(Reason.NO_GRANT if sees else Reason.NOT_SEEN):
            leave(somebody, clock, "007", last_day=TODAY, seen_version=1)
        assert listed(somebody) == (["E002", "E003", "007"] if sees else [])

    def test_hr_of_a_unit_writes_there_alone(self, operator: Actor, clock: SettableClock) -> None:
        local = employ(operator, clock, "local", Role.HR, unit="cards")
        assert listed(local) == ["E002", "007"]
        for unit in ("market", "moon"):
            with refused(Reason.INVALID_INPUT, "unit"):
                create_person(local, clock, NewPerson("E9", "新人", unit, "", SINCE))
            with refused(Reason.INVALID_INPUT, "unit"):
                transfer(local, clock, "007", Post(unit, "", TODAY), seen_version=1)
        with refused(Reason.NOT_SEEN):
            leave(local, clock, "E003", last_day=TODAY, seen_version=1)
        assert leave(local, clock, "007", last_day=TODAY, seen_version=1)

    def test_whoever_left_belongs_to_the_last_unit(self, operator: Actor, hr: Actor, clock: SettableClock) -> None:
        leave(hr, clock, "007", last_day=TODAY - DAY, seen_version=1)
        local = employ(operator, clock, "local", Role.HR, unit="cards")
        assert listed(local) == ["E002"]
        assert listed(local, PeopleWanted(standing="left")) == ["007"]
        assert listed(local, PeopleWanted(standing="all")) == ["E002", "007"]

    def test_everybody_sees_themselves(self, operator: Actor, clock: SettableClock) -> None:
        create_account(operator, clock, NewAccount("zhang", "张伟", person="007"), "demo-Kaogong-2026")
        zhang = actor_of("zhang")
        assert listed(zhang) == ["007"]
        assert find_person(zhang, "007", TODAY).username == "zhang"
        with refused(Reason.NOT_SEEN):
            find_person(zhang, "E002", TODAY)


class TestFinding:
    def test_people_are_listed_by_the_sound_of_their_names(self, hr: Actor) -> None:
        assert listed(hr) == ["E002", "E003", "007"]

    @pytest.mark.parametrize("q", ["张", "zhang", "ZW", "zhangwei", "00", " 007 "])
    def test_a_person_is_found_by_number_name_and_sound(self, hr: Actor, q: str) -> None:
        assert listed(hr, PeopleWanted(q=q)) == ["007"]

    @pytest.mark.parametrize("q", ["%", "_", "\\", "' OR 1=1", "\x00nobody"])
    def test_a_search_is_only_text(self, hr: Actor, q: str) -> None:
        assert listed(hr, PeopleWanted(q=q)) == []

    def test_a_list_is_narrowed_to_a_unit_and_below(self, hr: Actor) -> None:
        assert listed(hr, PeopleWanted(unit="cards")) == ["E002", "007"]
        assert listed(hr, PeopleWanted(unit="hq")) == ["E002", "E003", "007"]
        assert listed(hr, PeopleWanted(unit="moon")) == []

    def test_whoever_starts_later_is_not_active_yet(self, hr: Actor, clock: SettableClock) -> None:
        create_person(hr, clock, NewPerson("E9", "王新", "cards", "", TODAY + DAY))
        assert "E9" not in listed(hr)
        assert "E9" in listed(hr, day=TODAY + DAY)

    def test_pages_follow_each_other_without_loss(self, hr: Actor, clock: SettableClock) -> None:
        for number in range(5):
            create_person(hr, clock, NewPerson(f"T{number}", "张伟", "cards", "", SINCE))
        rows: list[PersonRow] = []
        after = None
        while True:
            page = list_people(hr, PeopleWanted(), TODAY, PageAsked(per_page=3, after=after))
            rows += page.rows
            after = page.after
            if after is None:
                break
        assert page.total == len(rows) == len({row.code for row in rows}) == 8

    def test_a_list_takes_as_many_statements_for_many_people_as_for_few(self, hr: Actor, clock: SettableClock) -> None:
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        listed(hr)
        few = len(statements)
        for number in range(5):
            create_person(hr, clock, NewPerson(f"T{number}", "张伟", "cards", "", SINCE))
        statements.clear()
        listed(hr)
        assert len(statements) == few

    def test_members_of_units_on_a_day_by_post(self, hr: Actor, clock: SettableClock) -> None:
        transfer(hr, clock, "007", Post("market", "主管", TODAY), seen_version=1)
        units = {unit_of("cards").id, unit_of("market").id}
        before, after = ([(who.code, unit.code) for who, unit in members(units, day)] for day in (TODAY - DAY, TODAY))
        assert before == [("007", "cards"), ("E002", "cards"), ("E003", "market")]
        assert after == [("E002", "cards"), ("007", "market"), ("E003", "market")]
        assert [who.code for who, _ in members(units, TODAY, ("主管",))] == ["007"]

    def test_the_units_of_many_people_at_once(self) -> None:
        ids = [person(code).id for code, _, _ in PEOPLE]
        assert [units_of_people(ids, TODAY)[each].code for each in ids] == ["cards", "cards", "market"]
        assert units_of_people(ids, SINCE - DAY) == {}
