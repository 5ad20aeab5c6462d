"""The application of a test: its settings and its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config import Settings
from tests.support.compiled_once import compile_once
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from workflow.app import create_app
from workflow.models.database import db
from workflow.services.record import log_key, sequence_log
from workflow.services.record.log_key import Keyholder


def make_settings(database: Database, instance: Path, **chosen: str) -> Settings:
    """The settings of a test; `chosen` names environment variables."""
    addresses = {"KAOGONG_DATABASE_URL": database.url, "KAOGONG_INSTANCE": str(instance)}
    if database.owner_url:
        addresses["KAOGONG_DATABASE_OWNER_URL"] = database.owner_url
    return Settings.from_environment({**addresses, **chosen})


class _Compiled(BytecodeCache):
    """The templates that any application of this process has compiled."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that another application has compiled."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for other applications."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@contextmanager
def running_app(settings: Settings, clock: SettableClock) -> Iterator[Flask]:
    """The wired application, its connections closed at the end."""
    app = create_app(settings, clock)
    app.testing = True
    with app.app_context():
        compile_once(db.engine)
    app.jinja_env.bytecode_cache = _COMPILED
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
