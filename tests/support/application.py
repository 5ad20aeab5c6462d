"""The application of a test: its settings, its clock, and a server that a browser can reach."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.serving import make_server

from config import Settings
from tests.support.compiled_once import compile_once
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from workflow.app import create_app
from workflow.models.database import db
from workflow.services import log_key, sequence_log
from workflow.services.log_key import Keyholder


def make_settings(database: Database, instance: Path, **chosen: str) -> Settings:
    """The settings of a test; `chosen` names environment variables."""
    addresses = {"KAOGONG_DATABASE_URL": database.url, "KAOGONG_INSTANCE": str(instance)}
    if database.owner_url:
        addresses["KAOGONG_DATABASE_OWNER_URL"] = database.owner_url
    return Settings.from_environment({**addresses, **chosen})


@contextmanager
def running_app(settings: Settings, clock: SettableClock) -> Iterator[Flask]:
    """The wired application, its connections closed at the end."""
    app = create_app(settings, clock)
    app.testing = True
    with app.app_context():
        compile_once(db.engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def keep_log(app: Flask, clock: SettableClock) -> None:
    """Do what `kaogong init` and the worker do: the log has its key, and every record its place under a checkpoint."""
    settings: Settings = app.config["SETTINGS"]
    log_key.begin(Keyholder(settings.log_key_file), clock, "log.example/record")
    sequence_log.of(settings, clock).catch_up()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port of this machine with one thread per request; gives the address."""
    server = make_server("127.0.0.1", 0, _read_whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read_whole(app: WSGIApplication) -> WSGIApplication:
    """Read each answer before it is sent: this server leaves a file open when the browser hangs up half-way."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    return call
