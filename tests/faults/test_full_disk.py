"""A disk that takes no more: the client is told 503, nothing is half there, and with room again the work goes on."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from tests.support.api import Caller, code_of, sign_in
from tests.support.application import keep_log, make_settings, running_app
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, october_open
from tests.support.world import card_of
from workflow.models.database import db
from workflow.models.record import Record
from workflow.services.record import verify_records

LEVELS = ("优秀", "良好", "一般", "差")
MOST_EDITS = 500


@pytest.fixture
def database(sqlite_stories: Stories, clock: SettableClock) -> Iterator[Database]:
    with sqlite_stories.after(october_open, clock) as database:
        yield database


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    with running_app(make_settings(database, tmp_path), clock) as app, app.app_context():
        keep_log(app, clock)
        yield app


@contextmanager
def full() -> Iterator[None]:
    """The database may not grow, as on a disk without room."""

    def bound(connection: object, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", bound)
    yield
    event.remove(engine, "connect", bound)
    engine.dispose()


@contextmanager
def failing() -> Iterator[None]:
    """Nothing can be written beyond the beginning of any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def edit(preparer: Caller, card: int, version: int) -> TestResponse:
    entered = {"input": {"level": LEVELS[version % len(LEVELS)]}}
    return preparer.patch(f"/scorecards/{card}/items/survey", entered, version=version)


@pytest.mark.parametrize("trouble", [full, failing])
def test_what_can_not_be_stored_is_refused_whole(
    app: Flask, clock: SettableClock, trouble: Callable[[], AbstractContextManager[None]]
) -> None:
    card, preparer = card_of("customer").id, sign_in(app, "preparer")
    version = 1
    db.session.remove()
    with trouble():
        while (answer := edit(preparer, card, version)).status_code == HTTPStatus.OK:
            version += 1
            assert version < MOST_EDITS
        for refused in (answer, edit(preparer, card, version)):
            assert (refused.status_code, code_of(refused)) == (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
            assert "磁盘" in refused.get_json()["detail"]
        assert preparer.get(f"/scorecards/{card}").get_json()["version"] == version  # reading goes on
    changes = (Record.entity_id == card, Record.version.is_not(None))
    assert db.session.scalar(select(func.count()).select_from(Record).where(*changes)) == version
    assert edit(preparer, card, version).status_code == HTTPStatus.OK
    keep_log(app, clock)
    assert verify_records.verify_installation(app.config["SETTINGS"]).holds
