"""Server-rendered pages, one file per area of the map."""

from flask import Flask

from workflow.pages import cards, formats, inbox, manage, me, record, session, shell, workbench

AREAS = (session, workbench, cards, inbox, me, manage, record)


def init_app(app: Flask) -> None:
    """Register every area, what surrounds each page, and how values are written."""
    formats.register(app, app.config["SETTINGS"].timezone)
    shell.init_app(app)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
