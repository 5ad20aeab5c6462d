"""Signing in and out, one's password and one's language."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from workflow import web
from workflow.errors import STATUS, FieldError, Reason, Refusal
from workflow.pages import shell
from workflow.pages.views.shell import LoginPage, Option, PasswordPage
from workflow.pages.words import gettext as _
from workflow.policy import ROLE_NAMES
from workflow.services.accounts import identify, look_up_accounts
from workflow.services.accounts.passwords import LEAST
from workflow.wording import Language

YEAR = 365 * 24 * 3600
ASKS_CODE = "code"
"""The cookie of a browser in which somebody signed in with a one-time code: its form asks for it at once."""
WITH_CODE = (Reason.CODE_NEEDED, Reason.CODE_WRONG)
FIELDS = {"old_password": "current", "new_password": "new"}

blueprint = Blueprint("session", __name__)
shell.refuse_with_pages(blueprint)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """Show the sign-in form; whoever is signed in already goes on."""
    if web.caller() is not None:
        return redirect(_safe(request.args.get("next")))
    page = LoginPage(
        next_url=request.args.get("next", ""), asks_code=ASKS_CODE in request.cookies, demo_accounts=_demo_accounts()
    )
    return _login_page(page)


@blueprint.post("/login")
def sign_in() -> ResponseReturnValue:
    """Sign in by form, or by JSON from the dialog over a page whose session has ended."""
    sent = request.get_json(silent=True) if request.is_json else request.form
    given = sent if isinstance(sent, dict | type(request.form)) else {}
    username, password = str(given.get("username") or ""), str(given.get("password") or "")
    try:
        secret, entered = identify.sign_in(
            username,
            password,
            str(given.get("otp") or "") or None,
            address=request.remote_addr or "",
            kind=identify.BROWSER,
            clock=web.clock(),
            settings=web.settings(),
            request_id=web.request_id(),
        )
    except Refusal as refusal:
        return _not_signed_in(refusal, username, str(given.get("next") or ""))
    web.keep_signed_in(secret)
    if request.is_json:
        return {"csrf_token": generate_csrf()}
    answer = make_response(redirect(_safe(given.get("next"))))
    if entered.has_device:
        answer.set_cookie(ASKS_CODE, "1", max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End this browser's access."""
    identity = web.caller()
    if identity is not None:
        identify.sign_out(identity, web.clock())
    browser_session.clear()
    return redirect(url_for("session.login"))


@blueprint.get("/password")
def change_password() -> ResponseReturnValue:
    """Show the form to change one's password."""
    return _password_page(())


@blueprint.post("/password")
def save_password() -> ResponseReturnValue:
    """Change one's password; every other access of the account ends with it."""
    identity, form = web.identity(), request.form
    if form.get("new") != form.get("again"):
        return _password_page((("again", _("两次输入的新密码不一致")),)), 422
    try:
        identify.change_password(identity, form.get("current", ""), form.get("new", ""), web.clock())
    except Refusal as refusal:
        return _password_page(_said(refusal)), STATUS[refusal.denied.code]
    flash(_("密码已修改"), "success")
    return redirect(url_for("workbench.show"))


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Keep the chosen language in a cookie."""
    chosen = request.form.get("language", "")
    answer = make_response(redirect(_safe(request.form.get("next"))))
    if chosen in set(Language):
        answer.set_cookie(web.LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def _login_page(page: LoginPage) -> str:
    return render_template("login.html", page=page)


def _not_signed_in(refusal: Refusal, username: str, next_url: str) -> ResponseReturnValue:
    sentence, status = refusal.denied.sentence(web.language()), STATUS[refusal.denied.code]
    if request.is_json:
        return {"code": str(refusal.denied.code), "detail": sentence, "status": status}, status
    asks_code = refusal.denied.reason in WITH_CODE or ASKS_CODE in request.cookies
    page = LoginPage(next_url, username, sentence, asks_code, _demo_accounts())
    return _login_page(page), status


def _demo_accounts() -> tuple[Option, ...]:
    """Name the demo accounts where they may sign in: the product shows its own way in."""
    if not identify.demo_allowed(web.settings()):
        return ()
    found = look_up_accounts.demo_accounts(web.clock()().astimezone(web.settings().timezone).date())
    return tuple(
        Option(username, "、".join(ROLE_NAMES[role].say(web.language()) for role in roles)) for username, roles in found
    )


def _password_page(errors: Any) -> str:
    first = web.identity().must_change_password
    return render_template("change_password.html", page=PasswordPage(first, LEAST, dict(errors)))


def _said(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    if not refusal.errors:
        return (("current", refusal.denied.sentence(web.language())),)
    return tuple((FIELDS.get(each.path, each.path), _say(each)) for each in refusal.errors)


def _say(error: FieldError) -> str:
    return error.phrase.say(web.language(), **error.facts)


def _safe(address: Any) -> str:
    """Give an address of this site to go on to; anything else, and nothing, is the workbench."""
    parts = urlsplit(str(address or ""))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return url_for("workbench.show")
    return str(address)
