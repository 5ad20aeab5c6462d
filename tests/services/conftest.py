"""What the tests of use cases share: a database that is open, and the time."""

from collections.abc import Iterator

import pytest

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.founders import employ, found_company
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, Story, nothing_yet
from tests.support.world import World
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


@pytest.fixture(scope="module")
def story() -> Story:
    """What has happened in the company before each test of a module, which tells its own if it has one."""
    return nothing_yet


@pytest.fixture
def world(stories: Stories, story: Story, clock: SettableClock) -> Iterator[World]:
    """The company after the module's story, open, on both kinds of database."""
    with stories.world_after(story, clock) as world:
        yield world


@pytest.fixture
def operator(stored: None, clock: SettableClock) -> Actor:  # noqa: ARG001 — the database is open
    """The first operator of a new company."""
    return found_company(clock)


@pytest.fixture
def hr(operator: Actor, clock: SettableClock) -> Actor:
    """Somebody of HR for the whole company."""
    return employ(operator, clock, "hr", Role.HR)
