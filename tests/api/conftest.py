"""What the tests of the interface share: a company with an open plan, and people who call."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from flask import Flask

from tests.support.api import Caller, sign_in
from tests.support.application import keep_log, make_settings, running_app
from tests.support.databases import SqliteTemplates
from tests.support.settable_clock import SettableClock
from tests.support.world import World, build_world, card_of, open_plan
from workflow.services.plan import PlanContents

People = Callable[[str], Caller]
CUSTOMER = (PlanContents("customer-department", ("customer",)),)


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    """The time of the application under test."""
    return SettableClock()


@pytest.fixture(scope="module")
def app(
    sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock
) -> Iterator[Flask]:
    """The application that the tests of one module share, on SQLite."""
    with sqlite_templates.fresh() as database:
        settings = make_settings(database, tmp_path_factory.mktemp("instance"))
        with running_app(settings, clock) as application:
            yield application


@pytest.fixture(scope="module")
def world(app: Flask, clock: SettableClock) -> World:
    """The small company with October 2026 open: every department, and the card team."""
    with app.app_context():
        keep_log(app, clock)
        built = build_world(clock)
        open_plan(built, clock)
        keep_log(app, clock)
    return built


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
