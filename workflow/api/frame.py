"""What every resource of the API is made of: its routes with their policy, schemas and documentation."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flask_smorest
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from workflow import web
from workflow.api import problems
from workflow.api.answering import answered_before, repeat
from workflow.api.declaring import Access, Guard, Keeping, declared_of, declares
from workflow.api.fields import Schema
from workflow.api.reading import ExactParser, check_place
from workflow.errors import Refusal
from workflow.policy import Action
from workflow.services.accounts import identify
from workflow.services.unit_of_work import AlreadyAnsweredError

PREFIX = "/api/v1"
View = Callable[..., Response]

KEY_HEADER = "IdempotencyKey"
VERSION_HEADER = "IfMatch"


class Resource(flask_smorest.Blueprint):
    """The routes of one resource; each declares its policy as it is registered."""

    ARGUMENTS_PARSER = ExactParser()

    def __init__(self, name: str, description: str, *, prefix: str = PREFIX) -> None:
        super().__init__(f"api-{name}", __name__, url_prefix=prefix or None, description=description)
        self.before_request(_admit)
        self.register_error_handler(Refusal, problems.answer)
        self.register_error_handler(AlreadyAnsweredError, _repeat)
        self.register_error_handler(HTTPException, problems.answer_http)

    def register_views_in_doc(self, api: Any, app: Flask, spec: Any, **said: Any) -> None:
        """Describe the routes when the document is asked for."""
        api.describe_later(partial(super().register_views_in_doc, api, app, spec, **said))

    def reads(
        self,
        rule: str,
        policy: Action | Access,
        gives: type[Schema] | Schema | None,
        *,
        query: type[Schema] | None = None,
        media_type: str | None = None,
        guard: Guard | None = None,
        otherwise: int | None = None,
    ) -> Callable[[View], View]:
        """Register a view for GET; its query, if it takes one, is refused with `guard` before it.

        `otherwise` is a status that answers in the same shape, and is no refusal.
        """

        def register(view: View) -> View:
            documented = self.response(200, gives, content_type=media_type)(view)
            if otherwise is not None:
                documented = self.alt_response(otherwise, schema=gives)(documented)
            if query is not None:
                documented = self.arguments(query, location="query")(documented)
            documented = self.doc(**_secured(policy))(documented)
            self.route(rule, methods=["GET"])(declares(policy, guard=guard)(documented))
            return view

        return register

    def writes(  # noqa: PLR0913 — everything that a route declares stands in one place
        self,
        method: str,
        rule: str,
        policy: Action | Access,
        gives: type[Schema] | Schema,
        *,
        takes: type[Schema] | Schema | None = None,
        status: int = 200,
        versioned: bool = False,
        keeps: Keeping = Keeping.WHOLE,
        guard: Guard | None = None,
    ) -> Callable[[View], View]:
        """Register a view for POST or PATCH; `versioned` ones say in If-Match which version was seen."""

        def register(view: View) -> View:
            documented = self.response(status, gives)(view)
            if takes is not None:
                documented = self.arguments(takes, location=takes.sent_as)(documented)
            headers = ([VERSION_HEADER] if versioned else []) + ([] if keeps is Keeping.NOT else [KEY_HEADER])
            documented = self.doc(parameters=headers, **_secured(policy))(documented)
            self.route(rule, methods=[method])(declares(policy, guard=guard, keeps=keeps)(documented))
            return view

        return register

    def plain(self, *rules: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
        """Register a view that is open to anybody and stands beside the interface."""

        def register(view: View) -> View:
            for rule in rules:
                self.route(rule, methods=methods)(declares(Access.ANYBODY)(view))
            return view

        return register


def _secured(policy: Action | Access) -> dict[str, Any]:
    """Say in the documentation which role is asked for, and that some routes are open to anybody."""
    return {"security": []} if policy is Access.ANYBODY else {"x-policy": policy.value}


def _admit() -> Response | None:
    """Ask who calls before anything else; then give a repeated request its answer."""
    declared = declared_of(current_app.view_functions[str(request.endpoint)])
    if declared.policy is Access.ANYBODY:
        return None
    identity = web.identity()
    if declared.policy is not Access.FIRST_PASSWORD:
        identify.require_own_password(identity)
    kept = answered_before(declared)
    if kept is None:
        check_place(iter((request.view_args or {}).values()))
    return kept


def _repeat(error: AlreadyAnsweredError) -> Response:
    return repeat(error.status, dict(error.answer))
