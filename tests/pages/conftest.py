"""What the tests of pages share: the application on the company of `world`, after the story of their module."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, Story, nothing_yet


@pytest.fixture(scope="module")
def story() -> Story:
    """What has happened in the company before each test of a module, which tells its own if it has one."""
    return nothing_yet


@pytest.fixture
def app(
    make_app: Callable[[Database], Flask], sqlite_stories: Stories, story: Story, clock: SettableClock
) -> Iterator[Flask]:
    """The application on the company after the module's story, on SQLite."""
    with sqlite_stories.after(story, clock) as database:
        yield make_app(database)
