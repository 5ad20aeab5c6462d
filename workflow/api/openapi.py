"""The OpenAPI document of the interface, and the page on which it is read."""

from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, Response, current_app, render_template

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Access
from workflow.api.frame import Resource
from workflow.api.problem_schema import ProblemSchema
from workflow.api.problems import MEDIA_TYPE
from workflow.errors import STATUS, TITLES

TITLE = "考功 Kaogong"
VERSION = "1"
OPENAPI = "3.1.0"
EXTENSION = "kaogong-api"

resource = Resource("docs", "接口说明 / Documentation")


class Api(flask_smorest.Api):
    """Flask-Smorest without its own pages and error handlers: each resource of ours brings them.

    The document is written when it is first asked for: few starts ever need it.
    """

    def __init__(self, app: Flask) -> None:
        self._waiting: list[Callable[[], None]] = []
        self._turn = Lock()
        super().__init__(app)

    def describe_later(self, describe: Callable[[], None]) -> None:
        """Put off a part of the document."""
        self._waiting.append(describe)

    def document(self) -> dict[str, Any]:
        """Give the document; the first to ask waits until it is written."""
        with self._turn:
            for describe in self._waiting:
                describe()
            self._waiting.clear()
        found: dict[str, Any] = self.spec.to_dict()
        return found

    def _register_doc_blueprint(self) -> None:
        """Leave the pages to this module, whose routes declare their policy."""

    def _register_responses(self) -> None:
        self.describe_later(self._describe_refusals)

    def _describe_refusals(self) -> None:
        """Describe every refusal as a problem, by the names that Flask-Smorest gives to statuses and to all others."""
        for name in (*(status.name for status in HTTPStatus), self.DEFAULT_ERROR_RESPONSE_NAME):
            described = {"description": "A refusal (RFC 9457)", "content": {MEDIA_TYPE: {"schema": ProblemSchema}}}
            self.spec.components.response(name, described, lazy=True)

    def _register_error_handlers(self) -> None:
        """Leave refusals to `problems`."""


def start(app: Flask) -> Api:
    """Begin the document of an application."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI)
    api = Api(app)
    components = api.spec.components
    components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]})
    components.parameter(
        "IfMatch", "header", _header("If-Match", 'The version that was seen, like `"7"`.', required=True)
    )
    components.parameter(
        "IdempotencyKey", "header", _header("Idempotency-Key", "Repeating a request with the same key acts once.")
    )
    app.extensions[EXTENSION] = api
    return api


@resource.reads("/openapi.json", Access.ANYBODY, None)
def openapi_document() -> Response:
    """Get this document."""
    return reply(document())


@resource.reads("/docs", Access.ANYBODY, None, media_type="text/html")
def documentation() -> Response:
    """Read this document as a page."""
    language = web.language()
    codes = [(str(code), STATUS[code], title.say(language)) for code, title in TITLES.items()]
    return Response(render_template("api/docs.html", codes=codes, language=language), mimetype="text/html")


def document() -> dict[str, Any]:
    """Give the document of the running application."""
    found: dict[str, Any] = current_app.extensions[EXTENSION].document()
    return {**found, "security": [{"token": []}, {"session": []}]}


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "description": description, "required": required, "schema": {"type": "string"}}
