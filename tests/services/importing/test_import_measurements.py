"""Measurements from a file: what each row would do, what looks odd, how drafts follow, and that it can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support.founders import TODAY
from tests.support.settable_clock import SettableClock
from tests.support.world import FULL_CUSTOMER, World, bring_to, card_of, fill, open_plan
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import ScorecardItem
from workflow.services.importing.import_measurements import MEASUREMENTS
from workflow.services.importing.import_rows import CheckedRow, Effects, FileRow, Outcome
from workflow.services.importing.workbooks import Cell
from workflow.services.measurements.measure import Measured, record_measurements
from workflow.services.unit_of_work import unit_of_work

FIELDS = ("item", "subject", "period", "value", "source")
HISTORY = (("growth", "customer", "2026-09", "3.0", "CRM"),)
OCTOBER = ("growth", "customer", "2026-10", "4.0", "CRM")


def rows_of(*cells: Sequence[Cell]) -> list[FileRow]:
    return [
        FileRow(number, dict(zip(FIELDS, row, strict=False)), tuple(map(str, row)))
        for number, row in enumerate(cells, start=2)
    ]


def check(world: World, *cells: Sequence[Cell], username: str = "preparer") -> list[CheckedRow]:
    return MEASUREMENTS.check(world.actor(username), rows_of(*cells), TODAY)


def bring_in(world: World, clock: SettableClock, *cells: Sequence[Cell]) -> Effects:
    with unit_of_work(world.actor("preparer"), clock) as work:
        return MEASUREMENTS.apply(work, check(world, *cells), "october.xlsx")


def take_back(world: World, clock: SettableClock, effects: Effects) -> None:
    with unit_of_work(world.actor("preparer"), clock) as work:
        MEASUREMENTS.undo(work, effects, "october.xlsx")


def measured(item: str, period: str) -> Measurement:
    return db.session.scalars(select(Measurement).where(Measurement.item == item, Measurement.period == period)).one()


def item_of(subject: str, code: str) -> ScorecardItem:
    card = card_of(subject)
    query = select(ScorecardItem).where(ScorecardItem.scorecard_id == card.id, ScorecardItem.code == code)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


class TestChecking:
    def test_rows_are_new_changed_or_the_same(self, world: World, clock: SettableClock) -> None:
        record_measurements(world.actor("preparer"), clock, [Measured(*HISTORY[0])])
        checked = check(
            world,
            OCTOBER,
            ("growth", "customer", "2026-09", "3.1", "CRM"),
            ("growth", "customer", "2026-09", Decimal(3), "CRM"),
        )
        assert [row.outcome for row in checked[:2]] == [Outcome.NEW, Outcome.CHANGED]
        assert [(change.before, change.after) for change in checked[1].changes] == [("3.0", "3.1")]
        assert [(error.path, error.facts) for error in checked[2].errors] == [("subject", {"row": 3})]
        assert check(world, HISTORY[0])[0].outcome is Outcome.SAME

    @pytest.mark.parametrize(
        ("cell", "period"),
        [
            ("2026-10", "2026-10"),
            ("2026年10月", "2026-10"),
            ("2026/9", "2026-09"),
            ("2026-Q4", "2026-Q4"),
            ("2026", "2026"),
            (date(2026, 10, 1), "2026-10"),
            (datetime(2026, 10, 1, 0, 0), "2026-10"),  # noqa: DTZ001 — a cell has no zone
            (date(2026, 10, 2), "2026-10-02"),
        ],
    )
    def test_periods_are_read_as_files_write_them(self, world: World, cell: Cell, period: str) -> None:
        row = check(world, ("growth", "customer", cell, "3.5", ""))[0]
        assert row.plan.measured.period == period
        assert bool(row.warnings) is (isinstance(cell, date) and cell.day == 1)

    @pytest.mark.parametrize(
        ("cell", "value"),
        [("95%", "95"), ("1,234.5", "1234.5"), (Decimal("0.1"), "0.1"), (Decimal(90), "90"), ("-3", "-3")],
    )
    def test_numbers_are_read_as_files_write_them(self, world: World, cell: Cell, value: str) -> None:
        row = check(world, ("growth", "customer", "2026-10", cell, ""))[0]
        assert (row.outcome, row.plan.measured.value) == (Outcome.NEW, value)

    def test_a_share_beside_percentages_is_warned_about(self, world: World, clock: SettableClock) -> None:
        row = check(
            world, ("churn", "customer", "2026-09", "90", ""), ("churn", "customer", "2026-10", Decimal("0.9"), "")
        )[1]
        assert [(warning.path, warning.facts) for warning in row.warnings] == [
            ("value", {"other": "90", "percent": "90"})
        ]
        assert row.outcome is Outcome.NEW
        record_measurements(world.actor("preparer"), clock, [Measured("churn", "customer", "2026-09", "90")])
        assert check(world, ("churn", "customer", "2026-10", Decimal("0.9"), ""))[0].warnings

    @pytest.mark.parametrize(
        ("cells", "paths"),
        [
            (("", "customer", "2026-10", "3.5", ""), ["item"]),
            (("growth", "", "2026-10", "3.5", ""), ["subject"]),
            (("growth", "moon", "2026-10", "3.5", ""), ["subject"]),
            (("growth", "customer", "", "3.5", ""), ["period"]),
            (("growth", "customer", "2026-13", "3.5", ""), ["period"]),
            (("growth", "customer", "2026-10", "", ""), ["value"]),
            (("growth", "customer", "2026-10", "many", ""), ["value"]),
            (("growth", "customer", "2026-10", "NaN", ""), ["value"]),
            (("growth", "customer", "2026-10", "1e400", ""), ["value"]),
            (("growth", "customer", "2026-10", "3.5", "x" * 257), ["source"]),
        ],
    )
    def test_what_is_wrong_is_named(self, world: World, cells: Sequence[Cell], paths: list[str]) -> None:
        row = check(world, cells)[0]
        assert (row.outcome, [error.path for error in row.errors]) == (Outcome.ERROR, paths)

    def test_a_recorder_brings_in_the_own_items_and_a_preparer_the_own_unit(self, world: World) -> None:
        rows = (OCTOBER, ("churn", "customer", "2026-10", "2.0", ""))
        by_recorder = check(world, *rows, username="recorder")
        assert [[error.path for error in row.errors] for row in by_recorder] == [["item"], []]
        elsewhere = check(world, *rows, username="market-preparer")
        assert [[error.path for error in row.errors] for row in elsewhere] == [["subject"], ["subject"]]


class TestApplying:
    def test_drafts_follow_and_follow_back(self, world: World, clock: SettableClock) -> None:
        record_measurements(world.actor("preparer"), clock, [Measured(*each) for each in HISTORY])
        open_plan(world, clock)
        effects = bring_in(world, clock, OCTOBER)
        fed = item_of("customer", "growth")
        assert (fed.input, fed.is_fed, fed.points) == ({"value": "4.0"}, True, Decimal(16))
        take_back(world, clock, effects)
        empty = item_of("customer", "growth")
        assert (empty.input, empty.is_fed, empty.points) == (None, False, None)
        assert measured("growth", "2026-10").withdrawn

    def test_a_changed_value_gets_back_what_it_was(self, world: World, clock: SettableClock) -> None:
        record_measurements(world.actor("preparer"), clock, [Measured(*HISTORY[0])])
        effects = bring_in(world, clock, ("growth", "customer", "2026-09", "2.5", "手工"))
        assert (measured("growth", "2026-09").value, measured("growth", "2026-09").source) == (Decimal("2.5"), "手工")
        take_back(world, clock, effects)
        restored = measured("growth", "2026-09")
        assert (restored.value, restored.source, restored.withdrawn) == (Decimal("3.0"), "CRM", False)

    def test_what_was_taken_back_counts_in_no_baseline_and_comes_in_anew(
        self, world: World, clock: SettableClock
    ) -> None:
        take_back(world, clock, bring_in(world, clock, *HISTORY))
        open_plan(world, clock)
        bring_in(world, clock, OCTOBER)
        assert item_of("customer", "growth").points is None
        assert check(world, HISTORY[0])[0].outcome is Outcome.NEW
        bring_in(world, clock, *HISTORY)
        assert item_of("customer", "growth").points == Decimal(16)

    def test_it_is_in_use_once_a_card_that_could_use_it_is_prepared(self, world: World, clock: SettableClock) -> None:
        open_plan(world, clock)
        effects = bring_in(world, clock, *HISTORY)
        since = clock()
        assert MEASUREMENTS.used_by(effects, since) == ()
        card = card_of("customer")
        fill(world, clock, card, {code: FULL_CUSTOMER[code] for code in ("survey",)})
        assert MEASUREMENTS.used_by(effects, since) == ()
        bring_to(world, clock, card, "prepared")
        assert MEASUREMENTS.used_by(effects, since) == (card.number,)

    def test_it_is_in_use_once_a_newer_value_stands(self, world: World, clock: SettableClock) -> None:
        effects = bring_in(world, clock, OCTOBER)
        record_measurements(world.actor("preparer"), clock, [Measured("growth", "customer", "2026-10", "3.6")])
        assert MEASUREMENTS.used_by(effects, clock()) == ("customer growth 2026-10",)
