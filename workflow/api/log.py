"""The log of the record: its newest checkpoint, for anybody's own tool, and the proof of one place."""

from flask import Response
from marshmallow import fields

from workflow.api.answering import reply
from workflow.api.declaring import Access
from workflow.api.fields import Schema, Shown
from workflow.api.frame import Resource
from workflow.services.record import look_up_log

PLAIN = "text/plain"

resource = Resource("log", "记录日志 / Log of the record")


class ProofSchema(Schema):
    """The hash at a place in the log, and the hashes beside its way to the root (RFC 6962), all in hexadecimal."""

    index = fields.Integer()
    record = Shown()
    leaf_hash = Shown()
    proof = fields.List(Shown())
    size = fields.Integer()
    checkpoint = Shown()


@resource.reads("/records/checkpoint", Access.ANYBODY, None, media_type=PLAIN)
def checkpoint() -> Response:
    """Get the newest checkpoint as a signed note (C2SP tlog-checkpoint)."""
    return Response(look_up_log.newest_checkpoint().note, mimetype=PLAIN)


@resource.reads("/records/<index>/proof", Access.SIGNED_IN, ProofSchema)
def proof_of_record(index: str) -> Response:
    """Get the proof that a record stands in the log under the newest checkpoint; it tells hashes alone."""
    found = look_up_log.prove(index)
    return reply(
        {
            "index": found.index,
            "record": str(found.record_id),
            "leaf_hash": found.leaf_hash.hex(),
            "proof": [each.hex() for each in found.path],
            "size": found.tree.size,
            "checkpoint": found.tree.note,
        }
    )
