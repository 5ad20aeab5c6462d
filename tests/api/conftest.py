"""What the tests of the interface share: a company with an open plan, and people who call."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from flask import Flask

from tests.support.api import Caller, sign_in
from tests.support.application import keep_log, make_settings, running_app
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, Story, october_open
from tests.support.world import World, card_of, find_world, open_plan
from workflow.services.plans.plan import PlanContents

People = Callable[[str], Caller]
CUSTOMER = (PlanContents("customer-department", ("customer",)),)


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    """The time of the application under test."""
    return SettableClock()


@pytest.fixture(scope="module")
def stories(sqlite_stories: Stories) -> Stories:
    """What has been told on SQLite, which is enough for most of the interface."""
    return sqlite_stories


@pytest.fixture(scope="module")
def story() -> Story:
    """What has happened in the company: October 2026 is open for every department and the card team."""
    return october_open


@pytest.fixture(scope="module")
def app(
    stories: Stories, story: Story, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock
) -> Iterator[Flask]:
    """The application that the tests of one module share, over the company after the module's story."""
    with stories.after(story, clock) as database:
        settings = make_settings(database, tmp_path_factory.mktemp("instance"))
        with running_app(settings, clock) as application:
            yield application


@pytest.fixture(scope="module")
def world(app: Flask, clock: SettableClock) -> World:
    """The company after the module's story; its log is kept."""
    with app.app_context():
        keep_log(app, clock)
        return find_world()


@pytest.fixture(scope="module")
def people(app: Flask, world: World) -> People:  # noqa: ARG001 — the accounts are there
    """Give somebody's token by user name, the same one each time."""
    signed_in: dict[str, Caller] = {}

    def someone(username: str) -> Caller:
        if username not in signed_in:
            signed_in[username] = sign_in(app, username)
        return signed_in[username]

    return someone


@pytest.fixture(scope="module")
def plan_numbers() -> Iterator[int]:
    """Numbers for plans that no other test uses."""
    return count(1)


@pytest.fixture
def card(app: Flask, world: World, clock: SettableClock, plan_numbers: Iterator[int]) -> str:
    """The id of a 客户部 card of the test's own: a draft in version 1."""
    code = f"own-{next(plan_numbers)}"
    with app.app_context():
        open_plan(world, clock, code, contents=CUSTOMER)
        return str(card_of("customer", code).id)
