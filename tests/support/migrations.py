"""Brings an empty database to the newest shape, the way `kaogong init` does."""

from pathlib import Path

import flask_migrate
from flask import Flask

from tests.support.databases import Database
from workflow.models.database import db, prepare_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def migrate(database: Database) -> None:
    """Run every migration, on PostgreSQL as the owner of the tables."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database.owner_url or database.url
    db.init_app(app)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        prepare_engine(db.engine)
        flask_migrate.upgrade()
        db.engine.dispose()
