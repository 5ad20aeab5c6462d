"""Server-rendered pages, one file per area of the map."""

from flask import Flask

from workflow.pages import cards, formats, inbox, manage, me, record, session, shell, workbench
from workflow.pages import imports as data_imports

AREAS = (session, workbench, cards, inbox, me, data_imports, manage, record)


def init_app(app: Flask) -> None:
    """Register every area, what surrounds each page, and how values are written."""
    formats.init_app(app)
    shell.init_app(app)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
