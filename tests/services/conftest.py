"""What the tests of use cases share: a database that is open, and the time."""

from collections.abc import Iterator

import pytest

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.founders import employ, found_company
from tests.support.settable_clock import SettableClock
from workflow.policy import Actor, Role


@pytest.fixture
def clock() -> SettableClock:
    """The time of the use cases under test."""
    return SettableClock()


@pytest.fixture
def stored(database: Database) -> Iterator[None]:
    """An open, empty database, on both kinds."""
    with opened(database):
        yield


@pytest.fixture
def operator(stored: None, clock: SettableClock) -> Actor:  # noqa: ARG001 — the database is open
    """The first operator of a new company."""
    return found_company(clock)


@pytest.fixture
def hr(operator: Actor, clock: SettableClock) -> Actor:
    """Somebody of HR for the whole company."""
    return employ(operator, clock, "hr", Role.HR)
