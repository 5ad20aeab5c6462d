"""The HTTP interface under /api/v1: one file per resource, its schemas beside it."""

from flask import Flask

from workflow.api import (
    actions,
    backtests,
    calendar,
    delegates,
    evidence,
    grants,
    groups,
    health,
    imports,
    improvements,
    interviews,
    items,
    ledger,
    levels,
    log,
    me,
    measurements,
    moves,
    nowhere,
    objections,
    openapi,
    payroll,
    people,
    plans,
    portfolios,
    questions,
    rankings,
    rates,
    ratings,
    records,
    reminders,
    reports,
    schemes,
    scorecards,
    standings,
    tokens,
    units,
    vetoes,
)

RESOURCES = (
    tokens,
    me,
    plans,
    questions,
    reminders,
    rankings,
    reports,
    payroll,
    scorecards,
    items,
    vetoes,
    moves,
    objections,
    ledger,
    evidence,
    ratings,
    actions,
    interviews,
    improvements,
    records,
    log,
    measurements,
    imports,
    rates,
    portfolios,
    schemes,
    backtests,
    people,
    units,
    groups,
    standings,
    levels,
    calendar,
    grants,
    delegates,
    openapi,
    health,
)
"""In the order in which the documentation shows them."""


def init_app(app: Flask) -> None:
    """Register every resource with its documentation, and the answer for addresses that name nothing."""
    api = openapi.start(app)
    for module in RESOURCES:
        api.register_blueprint(module.resource)
    app.register_blueprint(nowhere.resource)
