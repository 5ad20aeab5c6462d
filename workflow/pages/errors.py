"""What a page shows when something is refused: why, and what to do next."""

from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from workflow import web
from workflow.errors import STATUS, ErrorCode, Reason, Refusal
from workflow.pages.views.shell import ErrorPage


def answer(refusal: Refusal) -> Response:
    """Answer a refusal with its page; who is not signed in goes to sign in and comes back."""
    code = refusal.denied.code
    if code is ErrorCode.NOT_AUTHENTICATED:
        return _to_sign_in()
    if refusal.denied.reason is Reason.PASSWORD_CHANGE_FIRST:
        return make_response(redirect(url_for("session.change_password")))
    return _page(STATUS[code], refusal.denied.sentence(web.language()))


def answer_http(error: HTTPException) -> Response:
    """Answer what the framework refuses, or what went wrong, with its page."""
    return _page(error.code or 500)


def _to_sign_in() -> Response:
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    address = url_for("session.login")
    if here and here != "/":
        address += "?" + urlencode({"next": here})
    if request.headers.get("HX-Request"):
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = address
        return answer
    return make_response(redirect(address))


def _page(status: int, detail: str = "") -> Response:
    page = ErrorPage(status=status, detail=detail, request_id=web.request_id())
    return make_response(render_template("errors/error.html", page=page), status)
