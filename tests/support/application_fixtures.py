"""Fixtures: the wired application, a server of it, and a real browser."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests.support import missing
from tests.support.application import SettableClock, make_settings, running_app
from tests.support.bare_app import opened
from tests.support.browser import start_browser
from tests.support.databases import Database, SqliteTemplates
from tests.support.once import made_once
from tests.support.scratch import scratch
from tests.support.site import Site, opened_site
from tests.support.watched_page import PATIENCE_MS, watched_page
from workflow.models.upgrade import upgrade
from workflow.services.demo import load as demo

expect.set_options(timeout=PATIENCE_MS)

PUBLISHED_MONTHS = 2
"""Months of the demo that the pages' tests look back on; that all of them load is shown on the command."""


@pytest.fixture
def clock() -> SettableClock:
    """The time of the application under test."""
    return SettableClock()


@pytest.fixture
def make_app(tmp_path: Path, clock: SettableClock) -> Iterator[Callable[..., Flask]]:
    """Wire an application to a database; further arguments name settings."""
    with ExitStack() as stack:

        def make(database: Database, **chosen: str) -> Flask:
            settings = make_settings(database, tmp_path / "instance", **chosen)
            return stack.enter_context(running_app(settings, clock))

        yield make


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_database: Database) -> Flask:
    """The application on an empty SQLite database."""
    return make_app(sqlite_database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Calls the application without a network."""
    return app.test_client()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The address at which this run shows its applications to browsers."""
    with opened_site() as opened:
        yield opened


@pytest.fixture
def live_server(site: Site, app: Flask) -> Iterator[str]:
    """The address at which `app` is shown."""
    with site.showing(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with ExitStack() as stack:
        with missing.named():
            chromium = stack.enter_context(start_browser(tmp_path_factory.mktemp("browser")))
        yield chromium


@pytest.fixture
def browser_page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A page of the live server, on a desk; it fails its test when the browser complains."""
    with watched_page(browser, live_server) as page:
        yield page


@pytest.fixture(scope="session")
def demo_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteTemplates]:
    """A SQLite file with the newest months of the demo organisation, made once in a run; each test gets a copy."""

    def load(database: Database) -> None:
        upgrade(database.url)
        with opened(database):
            settings = make_settings(database, tmp_path_factory.mktemp("demo-instance"))
            demo.load(settings, progress=lambda: None, published=PUBLISHED_MONTHS)

    def make(path: Path) -> None:
        with scratch("demo-made") as folder:
            shutil.copyfile(SqliteTemplates(folder, load).template, path)

    with scratch("demo") as folder:
        yield SqliteTemplates(folder, begin_with=made_once(tmp_path_factory, "demo.db", make))


@pytest.fixture(scope="module")
def seen_demo_app(demo_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the demo organisation, for the tests of a module that only look at it."""
    with demo_templates.fresh() as database:
        settings = make_settings(database, tmp_path_factory.mktemp("seen-demo"))
        with running_app(settings, SettableClock()) as app:
            yield app


@pytest.fixture
def seen_demo_server(site: Site, seen_demo_app: Flask) -> Iterator[str]:
    """The address at which `seen_demo_app` is shown."""
    with site.showing(seen_demo_app) as address:
        yield address


@pytest.fixture
def demo_app(make_app: Callable[..., Flask], demo_templates: SqliteTemplates) -> Iterator[Flask]:
    """The application with the demo organisation, whose accounts may log in."""
    with demo_templates.fresh() as database:
        yield make_app(database)


@pytest.fixture
def demo_server(site: Site, demo_app: Flask) -> Iterator[str]:
    """The address at which `demo_app` is shown."""
    with site.showing(demo_app) as address:
        yield address
