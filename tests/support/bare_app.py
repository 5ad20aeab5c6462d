"""The database alone, opened as the application opens it: what use cases need, without any route."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from tests.support.compiled_once import compile_once
from tests.support.databases import Database
from workflow.models.database import db, prepare_engine

CONNECTIONS = 20
"""More than a race has threads, so that none of them waits for its turn to begin."""


@contextmanager
def opened(database: Database) -> Iterator[Flask]:
    """Let services work on a database within the block."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database.url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": CONNECTIONS}
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        compile_once(db.engine)
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
