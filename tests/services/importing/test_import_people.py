"""Staff from a file: what each row would do, what is odd about it, and that it can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support.founders import PASSWORD, SINCE, TODAY, employ, settle
from tests.support.settable_clock import SettableClock
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.record import Record
from workflow.policy import Actor, Role
from workflow.services.accounts.administer_accounts import NewAccount, create_account
from workflow.services.importing.import_people import COLUMNS, PEOPLE
from workflow.services.importing.import_rows import (
    CheckedRow,
    Effects,
    FileRow,
    Outcome,
    match_columns,
    missing_columns,
)
from workflow.services.importing.workbooks import Cell
from workflow.services.people.look_up_organisation import unit_of_person
from workflow.services.people.maintain_people import leave, rename_person
from workflow.services.unit_of_work import unit_of_work

DAY = timedelta(days=1)
FIELDS = ("code", "name", "unit", "post", "since")
TREE = (("hq", None), ("cards", "hq"), ("market", "hq"))
STAFF = (("007", "张伟", "cards"), ("E002", "安娜", "cards"))


@pytest.fixture(autouse=True)
def company(hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, TREE, STAFF)


def rows_of(*cells: Sequence[Cell]) -> list[FileRow]:
    return [
        FileRow(number, dict(zip(FIELDS, row, strict=False)), tuple(map(str, row)))
        for number, row in enumerate(cells, start=2)
    ]


def check(actor: Actor, *cells: Sequence[Cell]) -> list[CheckedRow]:
    return PEOPLE.check(actor, rows_of(*cells), TODAY)


def bring_in(actor: Actor, clock: SettableClock, *cells: Sequence[Cell]) -> Effects:
    with unit_of_work(actor, clock) as work:
        return PEOPLE.apply(work, check(actor, *cells), "staff.xlsx")


def take_back(actor: Actor, clock: SettableClock, effects: Effects) -> None:
    with unit_of_work(actor, clock) as work:
        PEOPLE.undo(work, effects, "staff.xlsx")


def stands(code: str, *days: date) -> tuple[str, list[str | None]]:
    person = db.session.scalars(select(Person).where(Person.code == code)).one()
    units = [unit_of_person(person.id, day) for day in days]
    return person.name, [unit.code if unit else None for unit in units]


class TestChecking:
    def test_rows_are_new_changed_or_the_same(self, hr: Actor) -> None:
        checked = check(
            hr,
            ("E100", "王新", "cards", "员工", "2026-11-01"),
            ("007", "张炜", "cards", "员工", ""),
            ("E002", "安娜", "cards", "员工", "2026-01-01"),
        )
        assert [row.outcome for row in checked] == [Outcome.NEW, Outcome.CHANGED, Outcome.SAME]
        assert [(change.field, change.before, change.after) for change in checked[1].changes] == [
            ("name", "张伟", "张炜")
        ]

    def test_a_move_says_from_where_to_where(self, hr: Actor) -> None:
        row = check(hr, ("007", "张伟", "MARKET", "主管", "2026-11-05"))[0]
        assert row.outcome is Outcome.CHANGED
        assert [(change.before, change.after) for change in row.changes] == [("CARDS", "MARKET"), ("员工", "主管")]

    @pytest.mark.parametrize(
        "since",
        ["2026-11-05", "2026/11/5", "2026.11.05", "2026年11月5日", "20261105", TODAY, datetime(2026, 11, 5, 8)],  # noqa: DTZ001 — a cell has no zone
    )
    def test_dates_are_read_as_files_write_them(self, hr: Actor, since: Cell) -> None:
        row = check(hr, ("E100", "王新", "cards", "", since))[0]
        assert row.plan.post.since == TODAY

    def test_full_width_characters_are_made_common(self, hr: Actor) -> None:
        assert check(hr, ("007", "张伟", "cards", "员工", ""))[0].outcome is Outcome.SAME

    def test_without_a_column_for_posts_posts_stay(self, hr: Actor) -> None:
        rows = [FileRow(2, {"code": "007", "name": "张伟", "unit": "cards"}, ())]
        assert PEOPLE.check(hr, rows, TODAY)[0].outcome is Outcome.SAME

    @pytest.mark.parametrize(
        ("cells", "path"),
        [
            (("", "王新", "cards", "", "2026-11-01"), "code"),
            (("E 1", "王新", "cards", "", "2026-11-01"), "code"),
            (("E100", "", "cards", "", "2026-11-01"), "name"),
            (("E100", "王新", "", "", "2026-11-01"), "unit"),
            (("E100", "王新", "moon", "", "2026-11-01"), "unit"),
            (("E100", "王新", "cards", "", ""), "since"),
            (("E100", "王新", "cards", "", "yesterday"), "since"),
            (("E100", "王新", "cards", "", "2026-02-30"), "since"),
            (("007", "张伟", "market", "", ""), "since"),
            (("007", "张伟", "market", "", "2025-12-31"), "since"),
            ((Decimal(7), "张伟", "cards", "员工", "2026-01-01"), "code"),
        ],
    )
    def test_what_is_wrong_is_named(self, hr: Actor, cells: Sequence[Cell], path: str) -> None:
        row = check(hr, cells)[0]
        assert (row.outcome, [error.path for error in row.errors]) == (Outcome.ERROR, [path])

    def test_a_number_that_lost_its_zeros_is_told_which_one_it_may_be(self, hr: Actor) -> None:
        error = check(hr, (Decimal(7), "张伟", "cards", "员工", ""))[0].errors[0]
        assert error.facts == {"code": "007"}

    def test_a_repeated_number_names_the_first_row(self, hr: Actor) -> None:
        checked = check(hr, ("E002", "安娜", "cards", "员工", ""), ("E002", "安娜", "cards", "员工", ""))
        assert checked[0].outcome is Outcome.SAME
        assert [(error.path, error.facts) for error in checked[1].errors] == [("code", {"row": 2})]

    def test_an_old_list_does_not_bring_back_who_left(self, hr: Actor, clock: SettableClock) -> None:
        leave(hr, clock, "007", last_day=TODAY, seen_version=1)
        old = check(hr, ("007", "张伟", "cards", "员工", "2026-01-01"))[0]
        assert [error.path for error in old.errors] == ["since"]
        again = check(hr, ("007", "张伟", "cards", "员工", "2026-11-06"))[0]
        assert again.outcome is Outcome.CHANGED

    def test_hr_of_a_unit_brings_in_its_own_people_alone(self, operator: Actor, clock: SettableClock) -> None:
        local = employ(operator, clock, "local", Role.HR, unit="market")
        checked = check(
            local,
            ("E100", "王新", "market", "", "2026-11-01"),
            ("E101", "王旧", "cards", "", "2026-11-01"),
            ("007", "张伟", "market", "", "2026-11-01"),
        )
        assert [[error.path for error in row.errors] for row in checked] == [[], ["unit"], ["code"]]

    def test_several_units_of_one_name_need_the_code(self, hr: Actor, clock: SettableClock) -> None:
        settle(hr, clock, [("Cards", "market")], [])
        assert [error.path for error in check(hr, ("007", "张伟", "CARDS", "员工", ""))[0].errors] == ["unit"]
        assert check(hr, ("007", "张伟", "cards", "员工", ""))[0].outcome is Outcome.SAME


class TestApplying:
    CELLS = (
        ("E100", "王新", "cards", "员工", "2026-11-01"),
        ("007", "张炜", "market", "主管", "2026-11-05"),
        ("E002", "安娜", "cards", "员工", ""),
    )

    def test_people_join_move_and_change_their_name_each_with_a_record(self, hr: Actor, clock: SettableClock) -> None:
        bring_in(hr, clock, *self.CELLS)
        assert stands("E100", TODAY) == ("王新", ["cards"])
        assert stands("007", TODAY - DAY, TODAY) == ("张炜", ["cards", "market"])
        events = db.session.scalars(select(Record.event).where(Record.event.startswith("person."))).all()
        assert sorted(events) == ["person.create"] * 3 + ["person.import"]

    def test_applied_again_everything_is_the_same(self, hr: Actor, clock: SettableClock) -> None:
        bring_in(hr, clock, *self.CELLS)
        assert {row.outcome for row in check(hr, *self.CELLS)} == {Outcome.SAME}

    def test_taken_back_everything_is_as_before(self, hr: Actor, clock: SettableClock) -> None:
        effects = bring_in(hr, clock, *self.CELLS)
        take_back(hr, clock, effects)
        assert stands("007", SINCE, TODAY) == ("张伟", ["cards", "cards"])
        assert stands("E100", date(2026, 11, 1), TODAY) == ("王新", [None, None])
        assert bring_in(hr, clock, *self.CELLS)
        assert stands("E100", TODAY) == ("王新", ["cards"])

    def test_what_rests_on_it_is_named(self, operator: Actor, hr: Actor, clock: SettableClock) -> None:
        effects = bring_in(hr, clock, *self.CELLS)
        assert PEOPLE.used_by(effects, clock()) == ()
        rename_person(hr, clock, "007", name="张玮", seen_version=2)
        create_account(operator, clock, NewAccount("wang", "王新", person="E100"), PASSWORD)
        assert PEOPLE.used_by(effects, clock()) == ("007", "wang")


class TestColumns:
    def test_headings_are_found_by_what_files_call_them(self) -> None:
        matched = match_columns(["序号", " 工 号*", "姓名", "部门名称", "岗位:"], COLUMNS)
        assert matched == {"code": " 工 号*", "name": "姓名", "unit": "部门名称", "post": "岗位:"}
        assert missing_columns(COLUMNS, matched) == ()

    def test_a_chosen_heading_counts_and_a_field_may_be_left_out(self) -> None:
        matched = match_columns(["工号", "旧工号", "姓名"], COLUMNS, {"code": "旧工号", "name": "姓名", "post": "没有"})
        assert matched == {"code": "旧工号", "name": "姓名"}
        assert [column.field for column in missing_columns(COLUMNS, matched)] == ["unit"]
