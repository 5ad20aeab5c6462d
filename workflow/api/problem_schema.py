"""The shape of a problem (RFC 9457)."""

from marshmallow import fields

from workflow.api.fields import Anything, Choice, Schema, Shown
from workflow.errors import ErrorCode


class ProblemSchema(Schema):
    """A refusal: `code` is stable, the sentences are in the reader's language."""

    type = Shown()
    title = Shown()
    status = fields.Integer()
    detail = Shown()
    code = Choice(ErrorCode)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    current = Anything(metadata={"description": "With `stale`: the newest version and value."})
