"""Whether the service lives, and whether it can work: for the machines that watch over it, outside the interface."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Access
from workflow.api.fields import Schema, Shown
from workflow.api.frame import Resource
from workflow.services import readiness

resource = Resource("health", "运行状态 / Health", prefix="")


class AliveSchema(Schema):
    """That the process answers."""

    status = Shown()


class ReadySchema(AliveSchema):
    """What the service needs, and whether it is there."""

    checks = fields.Dict(keys=Shown(), values=fields.Boolean())


@resource.reads("/healthz", Access.ANYBODY, AliveSchema)
def alive() -> Response:
    """Say that the process answers."""
    return reply({"status": "ok"})


@resource.reads("/readyz", Access.ANYBODY, ReadySchema, otherwise=503)
def ready() -> Response:
    """Say whether the database is there, has the tables of this version, and its log's key is at hand; 503 where not."""
    checks = readiness.check(web.settings())
    good = all(checks.values())
    return reply({"status": "ok" if good else "unavailable", "checks": checks}, 200 if good else 503)
