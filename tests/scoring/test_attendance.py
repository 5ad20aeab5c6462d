"""Absent is who stood elsewhere on more than half of the days, or attended fewer days than the scheme asks for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from workflow.scoring.attendance import Presence, absence, attended_share
from workflow.scoring.terms import Absence

SEPTEMBER = [date(2026, 9, 1) + timedelta(days=count) for count in range(30)]
WORKED = frozenset(day for day in SEPTEMBER if day.weekday() < 5)  # 22 days


def presence(*stood: tuple[Absence, int, int], posts: frozenset[date] = WORKED) -> Presence:
    """Give who stood so from one day of September to another."""
    days = {SEPTEMBER[number - 1]: kind for kind, first, last in stood for number in range(first, last + 1)}
    return Presence(SEPTEMBER, days, posts)


@pytest.mark.parametrize("kind", [Absence.OFF_POST, Absence.LEAVE, Absence.PROBATION])
def test_more_than_half_of_the_days_make_absent(kind: Absence) -> None:
    assert absence(presence((kind, 1, 15))) is None
    assert absence(presence((kind, 1, 16))) is kind
    assert absence(presence((kind, 15, 30))) is kind
    assert absence(presence()) is None


def test_two_standings_add_up_and_the_longer_one_is_the_reason() -> None:
    assert absence(presence((Absence.LEAVE, 1, 6), (Absence.OFF_POST, 20, 30))) is Absence.OFF_POST
    assert absence(presence((Absence.LEAVE, 1, 6), (Absence.OFF_POST, 22, 30))) is None


def test_fewer_days_attended_than_asked_for_is_partial() -> None:
    assert absence(presence(), 15, Decimal(15)) is None
    assert absence(presence(), 15, Decimal("14.5")) is Absence.PARTIAL
    assert absence(presence(), 0, Decimal(0)) is None
    assert absence(presence(), None, Decimal(1)) is None


def test_where_nothing_is_told_a_working_day_on_post_is_attended() -> None:
    assert presence().attended() == 22
    assert absence(presence(), 22) is None
    assert absence(presence(), 23) is Absence.PARTIAL
    # From the 1st to the 11th there are nine working days: 13 are left.
    assert absence(presence((Absence.LEAVE, 1, 11)), 13) is None
    assert absence(presence((Absence.LEAVE, 1, 11)), 14) is Absence.PARTIAL
    assert absence(presence((Absence.PROBATION, 1, 11)), 22) is None
    joined = frozenset(day for day in WORKED if day.day >= 21)
    assert absence(presence(posts=joined), 8) is None
    assert absence(presence(posts=joined), 9) is Absence.PARTIAL


def test_the_standing_comes_before_the_days() -> None:
    assert absence(presence((Absence.LEAVE, 1, 30)), 15, Decimal(0)) is Absence.LEAVE
    assert absence(presence((Absence.PROBATION, 1, 30)), 15, Decimal(22)) is Absence.PROBATION


@pytest.mark.parametrize(
    ("told", "working", "share"), [("19", 21, "0.9048"), ("10.5", 21, "0.5"), ("22", 21, "1"), ("0", 21, "0")]
)
def test_the_attended_share_is_of_the_working_days_and_at_most_all_of_them(told: str, working: int, share: str) -> None:
    assert attended_share(Decimal(told), working) == Decimal(share)


def test_a_period_without_working_days_has_no_attended_share() -> None:
    assert attended_share(Decimal(1), 0) is None
