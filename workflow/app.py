"""The only wiring: settings in, application out."""

from flask import Flask
from flask_babel import Babel

from config import ROOT, Settings
from workflow import api, assets, cli, installation, pages, web
from workflow.services.clock import Clock


def create_app(settings: Settings, clock: Clock = web.wall_clock) -> Flask:
    """Make the application for `settings`, with every table known and every route in place."""
    app = installation.assemble(settings, clock, static_at=f"/static/{assets.version_of(ROOT / 'static')}")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SEND_FILE_MAX_AGE_DEFAULT=assets.KEPT_SECONDS,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="kaogong",
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE=str(settings.timezone),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    Babel(app, locale_selector=lambda: web.language().partition("-")[0])
    web.init_app(app)
    api.init_app(app)
    pages.init_app(app)
    vars(app)["cli"] = cli.main  # so that `flask --app wsgi` knows the same commands
    return app
