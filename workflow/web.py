"""What pages and API share of a request: who calls, in which language, at what time, and from this site or another."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from config import Settings
from workflow.errors import Denied, Reason, refuse
from workflow.policy import Actor
from workflow.services.accounts import identify
from workflow.services.clock import Clock
from workflow.services.working_days import Terms
from workflow.wording import Language

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
AT_ONCE = "at-once"
LANGUAGE_COOKIE = "language"
SECRET_IN_SESSION = "access"  # noqa: S105 — the name of the place, not the secret
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

login_manager = LoginManager()
csrf = CSRFProtect()


class Caller(UserMixin):
    """Who calls, as Flask-Login knows them."""

    def __init__(self, identity: identify.Identity) -> None:
        self.identity = identity

    def get_id(self) -> str:
        """Give the account's id as text, as Flask-Login asks for it."""
        return str(self.identity.actor.account_id)


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; what is the same for everybody, and kept by browsers, has nothing to do with them."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, and say that the answer depends on it."""
        if not _same_for_everybody(response):
            super().save_session(app, session, response)


def settings() -> Settings:
    """Give the settings of the running application."""
    return cast(Settings, current_app.config["SETTINGS"])


def ledger_at_once() -> bool:
    """Say whether people see the ledger entries about them at once, or with their published card."""
    return settings().ledger_visible == AT_ONCE


def clock() -> Clock:
    """Give the running application's clock."""
    return cast(Clock, current_app.config["CLOCK"])


def terms() -> Terms:
    """Give the working days that this installation allows for objecting and answering."""
    chosen = settings()
    return Terms(chosen.objection_days, chosen.answer_days, chosen.timezone)


def wall_clock() -> datetime:
    """Give the present moment in UTC."""
    return datetime.now(UTC)


def caller() -> identify.Identity | None:
    """Give who calls, or none; a token counts before the browser's session."""
    return current_user.identity if current_user.is_authenticated else None


def identity() -> identify.Identity:
    """Give who calls; raises Refusal for nobody, with the reason why the token or session no longer counts."""
    found = caller()
    if found is None:
        denied: Denied = g.get("denied", Denied(Reason.SIGN_IN))
        raise refuse(denied.reason)
    return found


def actor() -> Actor:
    """Give the actor who calls, in the language and with the id of this request; raises Refusal for nobody."""
    return replace(identity().actor, language=language(), request_id=request_id())


def language() -> Language:
    """Give the reader's language: chosen by cookie, else the account's, else the browser's, else the installation's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in set(Language):
        return Language(chosen)
    if request.path.startswith("/api/"):
        wanted = request.accept_languages.best_match(list(Language))
        return Language(wanted) if wanted else settings().language
    return settings().language


def request_id() -> str:
    """Give the id under which this request stands in the record and the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return cast(str, g.request_id)


def by_token() -> bool:
    """Say whether the request carries a token, which no other site can make a browser send."""
    return request.headers.get("Authorization", "").startswith("Bearer ")


def init_app(app: Flask) -> None:
    """Register the ways in, the check against other sites' requests, and the headers of every answer."""
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    app.session_interface = Sessions()
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.request_loader(_load)
    app.before_request(_same_site)
    app.after_request(_headers)


def keep_signed_in(secret: str) -> None:
    """Remember the browser's access by its secret, in a session cookie made anew."""
    session.clear()
    session[SECRET_IN_SESSION] = secret


def _load(_: object) -> Caller | None:
    secret = request.headers["Authorization"].removeprefix("Bearer ") if by_token() else session.get(SECRET_IN_SESSION)
    if not secret:
        return None
    found = identify.identify(secret, kind="token" if by_token() else "browser", clock=clock(), settings=settings())
    if isinstance(found, Denied):
        g.denied = found
        return None
    return Caller(found)


def _same_site() -> None:
    """Refuse a writing request that another site made the browser send."""
    if request.method in SAFE_METHODS or by_token():
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise refuse(Reason.CROSS_SITE)
    if request.path.endswith("/tokens"):
        return  # it acts by the password it carries, not by the browser's cookie
    try:
        csrf.protect()
    except CSRFError as error:
        if caller() is None:
            raise refuse(Reason.SIGN_IN) from error
        raise refuse(Reason.CROSS_SITE) from error


def _headers(response: Response) -> Response:
    """Set the security headers; nothing that a person may see alone is ever stored on the way."""
    extra: dict[str, Any] = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Request-Id": request_id(),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    for name, value in extra.items():
        response.headers.setdefault(name, value)
    if not _same_for_everybody(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _same_for_everybody(response: Response) -> bool:
    """Whether the answer is a sheet, a script or a picture of the pages."""
    return request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST
