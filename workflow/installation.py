"""An installation without its doors: settings, clock and database, which is all that a command needs."""

from flask import Flask

from config import ROOT, Settings
from workflow.models.database import db, prepare_engine
from workflow.models.tables import metadata
from workflow.services.clock import Clock


def assemble(settings: Settings, clock: Clock, static_at: str = "/static") -> Flask:
    """Give an application that has the database of `settings`, with every table known, and no routes but its files."""
    app = Flask("kaogong", root_path=str(ROOT), instance_path=str(settings.instance), static_url_path=static_at)
    app.config.update(SETTINGS=settings, CLOCK=clock, SQLALCHEMY_DATABASE_URI=settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.extensions["tables"] = metadata
    return app
