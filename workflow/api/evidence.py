"""Files of evidence by the hash of their content: handed in once, given to whoever may see an entry that names them."""

from io import BytesIO
from typing import Any, ClassVar

from flask import Response, send_file
from marshmallow import fields

from workflow import web
from workflow.api.answering import write
from workflow.api.declaring import Access
from workflow.api.fields import File, Schema, Shown
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere
from workflow.policy import Action
from workflow.services.recorders import evidence
from workflow.services.recorders.evidence import OpenFile

ANY_FILE = "application/octet-stream"
BOXED = "sandbox; default-src 'none'"
"""What a browser may do with a file that it shows all the same: nothing."""

resource = Resource("evidence", "凭证文件 / Files of evidence")


class NewEvidenceFileSchema(Schema):
    """One file; its content has to be what the ending of its name says."""

    sent_as: ClassVar[str] = "files"

    file = File(required=True)


class EvidenceFileSchema(Schema):
    """A file as entries name it: by the SHA-256 of its content."""

    hash = Shown()
    name = Shown(attribute="file_name")
    media_type = Shown()
    size = fields.Integer()


_file = EvidenceFileSchema()


@resource.writes(
    "POST",
    "/evidence",
    Action.EVIDENCE_ADD,
    EvidenceFileSchema,
    takes=NewEvidenceFileSchema,
    status=201,
    guard=may_anywhere(Action.EVIDENCE_ADD),
)
def add_file(entered: dict[str, Any]) -> Response:
    """Hand a file in; entries name it by its hash."""
    name, content = entered["file"]
    return write(lambda kept: evidence.add(web.actor(), web.clock(), name, content, kept), _file.dump, 201)


@resource.reads("/evidence/<digest>", Access.SIGNED_IN, None, media_type=ANY_FILE)
def one_file(digest: str) -> Response:
    """Get a file, always to be kept and never shown in place, if the caller may see an entry that names it."""
    return download(evidence.open_file(web.actor(), digest, at_once=web.ledger_at_once()))


def download(file: OpenFile) -> Response:
    """Give a file out so that no browser runs it."""
    response = send_file(BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)
    response.headers["Content-Security-Policy"] = BOXED
    return response
