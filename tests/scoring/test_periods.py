"""Periods by their labels."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.scoring.periods import Frequency, Period, PeriodError, parse_day, read_label


@pytest.mark.parametrize(
    ("label", "frequency", "first", "last"),
    [
        ("2026-10-05", Frequency.DAY, date(2026, 10, 5), date(2026, 10, 5)),
        ("2026-02", Frequency.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", Frequency.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", Frequency.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q4", Frequency.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-H1", Frequency.HALF_YEAR, date(2026, 1, 1), date(2026, 6, 30)),
        ("2026", Frequency.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_label_names_a_period_with_its_days(label: str, frequency: Frequency, first: date, last: date) -> None:
    period = Period.parse(label)
    assert (period.frequency, period.first_day, period.last_day, period.label) == (frequency, first, last, label)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-H3",
        "2026-02-30",
        "26-10",
        "2026/10",
        "2026-1",
        "0000",
        "二〇二六",
        " 2026",
        "2026-10\n",
    ],
)
def test_anything_else_names_none(wrong: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(wrong)


@pytest.mark.parametrize("wrong", [None, 2026, ["2026"]])
def test_only_text_is_a_label(wrong: object) -> None:
    with pytest.raises(PeriodError):
        read_label(wrong)


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-H1", "2025-H2"),
        ("2026", "2025"),
        ("2026-03-01", "2026-02-28"),
    ],
)
def test_the_period_before(label: str, before: str) -> None:
    assert Period.parse(label).previous().label == before
    assert Period.parse(before).next().label == label


def test_there_is_no_period_before_the_calendar() -> None:
    with pytest.raises(PeriodError):
        Period.parse("0001-01").previous()


def test_periods_of_one_frequency_are_ordered() -> None:
    labels = ["2025-12", "2026-01", "2026-02", "2026-10"]
    assert sorted(map(Period.parse, labels)) == [Period.parse(label) for label in labels]
    assert Period.parse("2026-01") <= Period.parse("2026-01") >= Period.parse("2025-12")


def test_periods_of_different_frequencies_are_not() -> None:
    with pytest.raises(PeriodError):
        assert Period.parse("2026-01") < Period.parse("2026-Q1")


def test_a_period_contains_days_and_shorter_periods() -> None:
    quarter = Period.parse("2026-Q4")
    assert quarter.contains(date(2026, 10, 1))
    assert quarter.contains(Period.parse("2026-12"))
    assert not quarter.contains(date(2026, 9, 30))
    assert not quarter.contains(Period.parse("2026-H2"))


@given(day=st.dates(), frequency=st.sampled_from(Frequency))
def test_the_period_that_holds_a_day_contains_it(day: date, frequency: Frequency) -> None:
    period = Period.holding(day, frequency)
    assert period.contains(day)
    assert Period.parse(period.label) == period


def test_a_day_is_a_whole_date() -> None:
    assert parse_day("2026-10-05") == date(2026, 10, 5)
    with pytest.raises(PeriodError):
        parse_day("2026-10")
