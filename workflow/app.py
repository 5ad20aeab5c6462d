"""The only wiring: settings in, application out."""

from pathlib import Path

from flask import Flask
from flask_babel import Babel

from config import Settings
from workflow import api, cli, pages, web
from workflow.models.database import db, prepare_engine
from workflow.models.tables import metadata
from workflow.services.clock import Clock

ROOT = Path(__file__).resolve().parents[1]


def create_app(settings: Settings, clock: Clock = web.wall_clock) -> Flask:
    """Make the application for `settings`, with every table known and every route in place."""
    app = Flask("kaogong", root_path=str(ROOT), instance_path=str(settings.instance))
    app.config.update(
        SETTINGS=settings,
        CLOCK=clock,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="kaogong",
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE=str(settings.timezone),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.extensions["tables"] = metadata
    Babel(app, locale_selector=lambda: web.language().partition("-")[0])
    web.init_app(app)
    api.init_app(app)
    pages.init_app(app)
    vars(app)["cli"] = cli.main  # so that `flask --app wsgi` knows the same commands
    return app
