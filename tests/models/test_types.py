"""Column types mean the same on both databases: decimals exact, moments in UTC; ids grow and never repeat."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from tests.support.databases import Database
from workflow.models.types import Exact, Instant, instant_text, new_id

VALUES = Table("value", MetaData(), Column("exact", Exact), Column("instant", Instant))


Keep = Callable[..., list[object]]


@pytest.fixture
def kept(database: Database) -> Iterator[Keep]:
    """Write values in a table of one's own, and read them back in order."""
    engine = create_engine(database.owner_url or database.url)

    def keep(column: str, *values: object) -> list[object]:
        with engine.connect() as connection:
            VALUES.create(connection)
            connection.execute(insert(VALUES), [{column: value} for value in values])
            return list(connection.execute(select(VALUES.c[column]).order_by(VALUES.c[column])).scalars())

    yield keep
    engine.dispose()


@pytest.mark.parametrize("text", ["0.1", "15.00", "-0.10", "1234567890123456789012345678", "0.000000000000001", "1E+3"])
def test_a_decimal_comes_back_exactly(kept: Keep, text: str) -> None:
    (value,) = kept("exact", Decimal(text))
    assert isinstance(value, Decimal)
    assert value == Decimal(text)
    assert format(value, "f") == format(Decimal(text), "f")


def test_moments_come_back_in_utc_and_sort_by_time(kept: Keep) -> None:
    later = datetime(2026, 11, 5, 2, 0, 0, 7, tzinfo=UTC)
    earlier = datetime(2026, 11, 5, 9, 59, tzinfo=timezone(timedelta(hours=8)))
    assert kept("instant", later, earlier) == [earlier, later]
    assert instant_text(earlier) == "2026-11-05T01:59:00.000000Z"


def test_a_moment_without_its_time_zone_is_refused(kept: Keep) -> None:
    with pytest.raises(StatementError, match="time zone"):
        kept("instant", datetime(2026, 11, 5))  # noqa: DTZ001 — that is the point


def test_nothing_stays_nothing(kept: Keep) -> None:
    assert kept("exact", None) == [None]


def test_ids_grow_and_never_repeat_whoever_takes_them() -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: [new_id() for _ in range(500)], range(8)))
    every = [each for ids in taken for each in ids]
    assert len(set(every)) == len(every)
    assert all(ids == sorted(ids) for ids in taken)
    assert max(every) < 2**63
