"""POST /tokens: a password (and a one-time code) for a token, which stands for its account until it expires."""

from typing import Any

from flask import Response, request

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Access, Keeping
from workflow.api.fields import Instant, Schema, Shown, Text, instant
from workflow.api.frame import Resource
from workflow.services.accounts import identify

resource = Resource("tokens", "令牌 / Tokens")

LONGEST_SECRET = 1024


class SignInSchema(Schema):
    """Who signs in."""

    username = Text(LONGEST_SECRET, required=True)
    password = Text(LONGEST_SECRET, required=True)
    otp = Text(LONGEST_SECRET, allow_none=True)


class TokenSchema(Schema):
    """A token, shown this once: only its hash is kept."""

    token = Shown()
    expires_at = Instant()


@resource.writes("POST", "/tokens", Access.ANYBODY, TokenSchema, takes=SignInSchema, status=201, keeps=Keeping.NOT)
def sign_in(entered: dict[str, Any]) -> Response:
    """Get a token for a user name and password, and a one-time code where the account asks for it; it goes into `Authorization: Bearer …`."""
    secret, found = identify.sign_in(
        entered["username"],
        entered["password"],
        entered.get("otp"),
        address=request.remote_addr or "",
        kind=identify.TOKEN,
        clock=web.clock(),
        settings=web.settings(),
        request_id=web.request_id(),
    )
    return reply({"token": secret, "expires_at": instant(found.expires_at)}, 201)
