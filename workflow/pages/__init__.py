"""Server-rendered pages, one file per area of the map."""

from flask import Flask
from werkzeug.exceptions import HTTPException

from workflow.errors import Refusal
from workflow.pages import (
    cards,
    errors,
    formats,
    imports,
    improvements,
    inbox,
    interviews,
    ledger,
    manage,
    me,
    objections,
    one_time_code,
    payroll,
    ratings,
    receipts,
    record,
    reports,
    results,
    sentences,
    session,
    shell,
    workbench,
)

AREAS = (
    session,
    one_time_code,
    workbench,
    cards,
    inbox,
    me,
    ratings,
    receipts,
    objections,
    imports,
    ledger,
    manage,
    results,
    interviews,
    reports,
    improvements,
    payroll,
    record,
)


def init_app(app: Flask) -> None:
    """Register every area, what surrounds each page, and how values are written."""
    formats.register(app, app.config["SETTINGS"].timezone)
    sentences.register(app)
    shell.init_app(app)
    app.register_error_handler(Refusal, errors.answer)
    app.register_error_handler(HTTPException, errors.answer_http)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
