"""Whether the service lives, and whether it can work: for the machines that watch over it, outside the interface."""

from flask import Response

from workflow import web
from workflow.api.answering import reply
from workflow.api.frame import Resource
from workflow.services import readiness

resource = Resource("health", "运行状态 / Health", prefix="")


@resource.plain("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return reply({"status": "ok"})


@resource.plain("/readyz")
def ready() -> Response:
    """Say whether the database is there and has the tables of this version."""
    checks = readiness.check(web.settings())
    good = all(checks.values())
    return reply({"status": "ok" if good else "unavailable", "checks": checks}, 200 if good else 503)
