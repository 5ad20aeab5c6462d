"""What the tests of the interface share: a company with an open plan, and people who call."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.api import Caller, sign_in
from tests.support.application import make_settings, running_app
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.world import World, build_world, card_of, open_plan


@pytest.fixture
def clock() -> SettableClock:
    """The time of the application under test."""
    return SettableClock()


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    """The application on an empty SQLite database."""
    with running_app(make_settings(sqlite_database, tmp_path), clock) as application:
        yield application


@pytest.fixture
def world(app: Flask, clock: SettableClock) -> World:
    """The small company with October 2026 open: every department, and the card team."""
    with app.app_context():
        built = build_world(clock)
        open_plan(built, clock)
    return built


@pytest.fixture
def people(app: Flask, world: World) -> Callable[[str], Caller]:  # noqa: ARG001 — the accounts are there
    """Give somebody's token by user name, the same one each time."""
    signed_in: dict[str, Caller] = {}

    def someone(username: str) -> Caller:
        if username not in signed_in:
            signed_in[username] = sign_in(app, username)
        return signed_in[username]

    return someone


@pytest.fixture
def card(app: Flask, world: World) -> str:  # noqa: ARG001 — the plan is open
    """The id of the 客户部 card, a draft."""
    with app.app_context():
        return str(card_of("customer").id)
