"""HR keeps the tree of units and who is responsible in it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.founders import SINCE, TODAY, employ, settle, unit_of
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.record import Record
from workflow.policy import Actor, Role
from workflow.services.people import maintain_organisation
from workflow.services.people.look_up_organisation import (
    find_unit,
    list_units,
    responsible_person,
    subtree,
    unit_by_code,
)
from workflow.services.people.maintain_organisation import Appointment, NewUnit, appoint, create_unit, relieve

DAY = timedelta(days=1)
TREE = (("hq", None), ("service", "hq"), ("cards", "service"), ("wealth", "service"), ("market", "hq"))
PEOPLE = (("E001", "刘洋", "cards"), ("E002", "郑凯", "market"), ("E003", "吴霞", "cards"))


@pytest.fixture(autouse=True)
def company(hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, TREE, PEOPLE)


def head_of(unit: str, day: date) -> str | None:
    found = responsible_person(unit_of(unit).id, day)
    return found.code if found else None


class TestTree:
    def test_a_path_leads_from_the_top_down_to_the_unit(self) -> None:
        top, service, cards = (unit_of(code) for code in ("hq", "service", "cards"))
        assert cards.path == f"/{top.id}/{service.id}/{cards.id}/"

    def test_a_unit_is_found_with_everything_below_it(self) -> None:
        assert {unit.code for unit in subtree("service")} == {"service", "cards", "wealth"}
        assert subtree("moon") == []

    def test_units_are_listed_as_a_tree_with_people_and_whoever_is_responsible(
        self, hr: Actor, clock: SettableClock
    ) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", SINCE), seen_version=1)
        rows = list_units(hr, TODAY)
        assert [(row.code, row.parent_code, row.depth, row.people) for row in rows] == [
            ("hq", None, 0, 0),
            ("market", "hq", 1, 1),
            ("service", "hq", 1, 0),
            ("cards", "service", 2, 2),
            ("wealth", "service", 2, 0),
        ]
        assert [row.head_name for row in rows if row.code == "cards"] == ["刘洋"]

    def test_moving_a_unit_takes_everything_below_along_each_with_its_record(
        self, hr: Actor, clock: SettableClock
    ) -> None:
        maintain_organisation.move_unit(hr, clock, "service", parent="market", seen_version=1)
        moved = [(unit.code, unit.path.startswith(unit_of("market").path), unit.version) for unit in subtree("service")]
        assert sorted(moved) == [("cards", True, 2), ("service", True, 2), ("wealth", True, 2)]
        assert len(db.session.scalars(select(Record).where(Record.event == "unit.move")).all()) == 3

    def test_a_unit_moves_to_the_top(self, hr: Actor, clock: SettableClock) -> None:
        moved = maintain_organisation.move_unit(hr, clock, "cards", parent=None, seen_version=1)
        assert (moved.path, moved.parent_id) == (f"/{moved.id}/", None)

    @pytest.mark.parametrize("parent", ["service", "cards", "moon"])
    def test_a_unit_moves_neither_below_itself_nor_below_nothing(
        self, hr: Actor, clock: SettableClock, parent: str
    ) -> None:
        with refused(Reason.INVALID_INPUT, "parent"):
            maintain_organisation.move_unit(hr, clock, "service", parent=parent, seen_version=1)

    def test_the_tree_has_a_deepest_level(self, hr: Actor, clock: SettableClock) -> None:
        above = "cards"
        for level in range(4, maintain_organisation.DEEPEST + 1):
            above = create_unit(hr, clock, NewUnit(f"level-{level}", "层", above)).code
        with refused(Reason.INVALID_INPUT, "parent"):
            create_unit(hr, clock, NewUnit("too-deep", "层", above))
        with refused(Reason.INVALID_INPUT, "parent"):
            maintain_organisation.move_unit(hr, clock, "service", parent="market", seen_version=1)

    @pytest.mark.parametrize(
        ("new", "paths"),
        [
            (NewUnit("cards", "又一个"), ("code",)),
            (NewUnit("a/b", "斜线"), ("code",)),
            (NewUnit("", ""), ("code", "title")),
            (NewUnit("x" * 65, "长"), ("code",)),
            (NewUnit("new", "新", "moon"), ("parent",)),
        ],
    )
    def test_what_is_wrong_is_named(
        self, hr: Actor, clock: SettableClock, new: NewUnit, paths: tuple[str, ...]
    ) -> None:
        with refused(Reason.INVALID_INPUT, *paths):
            create_unit(hr, clock, new)

    def test_full_width_codes_are_made_common(self, hr: Actor, clock: SettableClock) -> None:
        assert create_unit(hr, clock, NewUnit("A01", "甲")).code == "A01"

    def test_a_unit_is_renamed_under_the_version_that_was_seen(self, hr: Actor, clock: SettableClock) -> None:
        with refused(Reason.NO_VERSION):
            maintain_organisation.rename_unit(hr, clock, "cards", title="信用卡组", seen_version=None)
        with refused(Reason.STALE):
            maintain_organisation.rename_unit(hr, clock, "cards", title="信用卡组", seen_version=2)
        renamed = maintain_organisation.rename_unit(hr, clock, "cards", title="信用卡组", seen_version=1)
        assert (renamed.title, renamed.version) == ("信用卡组", 2)


class TestFunctions:
    def test_a_successor_ends_the_one_before_on_the_day_before(self, hr: Actor, clock: SettableClock) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", SINCE), seen_version=1)
        appoint(hr, clock, "cards", Appointment("head", "E003", TODAY), seen_version=2)
        assert [head_of("cards", day) for day in (SINCE - DAY, SINCE, TODAY - DAY, TODAY, TODAY + 99 * DAY)] == [
            None,
            "E001",
            "E001",
            "E003",
            "E003",
        ]

    def test_a_mistake_is_put_right_on_the_same_day(self, hr: Actor, clock: SettableClock) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", TODAY), seen_version=1)
        appoint(hr, clock, "cards", Appointment("head", "E003", TODAY), seen_version=2)
        assert head_of("cards", TODAY) == "E003"

    def test_what_is_settled_for_later_is_not_run_over(self, hr: Actor, clock: SettableClock) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", TODAY + DAY), seen_version=1)
        with refused(Reason.INVALID_INPUT, "starts_on"):
            appoint(hr, clock, "cards", Appointment("head", "E003", TODAY), seen_version=2)
        appoint(hr, clock, "cards", Appointment("head", "E003", TODAY, TODAY), seen_version=2)
        assert [head_of("cards", day) for day in (TODAY, TODAY + DAY)] == ["E003", "E001"]

    def test_functions_do_not_touch_each_other(self, hr: Actor, clock: SettableClock) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", SINCE), seen_version=1)
        appoint(hr, clock, "cards", Appointment("room-manager", "E003", TODAY), seen_version=2)
        assert head_of("cards", TODAY) == "E001"

    def test_a_function_ends_without_a_successor(self, hr: Actor, clock: SettableClock) -> None:
        appoint(hr, clock, "cards", Appointment("head", "E001", SINCE), seen_version=1)
        relieve(hr, clock, "cards", function="head", last_day=TODAY, seen_version=2)
        assert [head_of("cards", day) for day in (TODAY, TODAY + DAY)] == ["E001", None]
        with refused(Reason.INVALID_INPUT, "last_day"):
            relieve(hr, clock, "cards", function="head", last_day=TODAY + DAY, seen_version=3)

    @pytest.mark.parametrize(
        ("wanted", "path"),
        [
            (Appointment("king", "E001", SINCE), "function"),
            (Appointment("head", "E404", SINCE), "person"),
            (Appointment("head", "E001", TODAY, SINCE), "ends_on"),
        ],
    )
    def test_what_is_wrong_is_named(self, hr: Actor, clock: SettableClock, wanted: Appointment, path: str) -> None:
        with refused(Reason.INVALID_INPUT, path):
            appoint(hr, clock, "cards", wanted, seen_version=1)


class TestWhoMay:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
    def test_only_hr_writes(self, operator: Actor, clock: SettableClock, role: Role) -> None:
        somebody = employ(operator, clock, "somebody", role)
        with refused(Reason.NO_GRANT):
            create_unit(somebody, clock, NewUnit("new", "新", "hq"))
        sees = role not in {Role.RECORDER, Role.RATER}
        with refused(Reason.NO_GRANT if sees else Reason.NOT_SEEN):
            maintain_organisation.rename_unit(somebody, clock, "cards", title="新", seen_version=1)

    def test_hr_of_a_unit_writes_there_alone_and_is_told_of_nothing_else(
        self, operator: Actor, clock: SettableClock
    ) -> None:
        local = employ(operator, clock, "local", Role.HR, unit="service")
        assert create_unit(local, clock, NewUnit("new", "新", "cards"))
        assert [row.code for row in list_units(local, TODAY)] == ["service", "cards", "new", "wealth"]
        for parent in ("market", "moon"):
            with refused(Reason.INVALID_INPUT, "parent"):
                create_unit(local, clock, NewUnit("newer", "新", parent))
        with refused(Reason.NO_GRANT):
            create_unit(local, clock, NewUnit("newer", "新"))
        with refused(Reason.NOT_SEEN):
            maintain_organisation.rename_unit(local, clock, "market", title="新", seen_version=1)
        with refused(Reason.NOT_SEEN):
            find_unit(local, "hq", TODAY)

    def test_whoever_has_no_grant_sees_no_units(self, operator: Actor, clock: SettableClock) -> None:
        nobody = employ(operator, clock, "nobody")
        assert list_units(nobody, TODAY) == ()
        with refused(Reason.NOT_SEEN):
            find_unit(nobody, "cards", TODAY)


def test_a_unit_is_found_by_its_code() -> None:
    found = unit_by_code("cards")
    assert found is not None
    assert found.title == "CARDS"
    assert unit_by_code("moon") is None
