"""Labels of periods in queries say what they say in the code: how often, and which one ends last."""

from datetime import date

from sqlalchemy import literal, select, union_all

from tests.support.bare_app import opened
from tests.support.databases import Database
from workflow.models.database import db
from workflow.models.periods import by_end, frequency_of
from workflow.scoring.periods import Frequency, Period

LABELS = [
    *("2025", "2025-H2", "2025-Q4", "2025-12", "2025-12-31", "2026-01-31", "2026-01", "2026-Q1", "2026-Q2", "2026-H1"),
    *("2026-07", "2026-Q3", "2026-09", "2026-10-01", "2026-10-13", "2026-10", "2026-11-01", "2026"),
]


def ended(label: str) -> tuple[date, int]:
    period = Period.parse(label)
    return period.last_day, list(Frequency).index(period.frequency)


def test_a_label_says_how_often(database: Database) -> None:
    with opened(database):
        found = {label: db.session.scalar(select(frequency_of(literal(label)))) for label in LABELS}
    assert found == {label: Period.parse(label).frequency for label in LABELS}


def test_periods_are_sorted_by_their_end_and_then_by_their_length(database: Database) -> None:
    told = union_all(*(select(literal(label).label("period")) for label in LABELS)).subquery()
    with opened(database):
        found = list(db.session.scalars(select(told.c.period).order_by(by_end(told.c.period))))
    assert found == sorted(LABELS, key=ended)
