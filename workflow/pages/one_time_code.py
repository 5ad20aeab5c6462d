"""一次性验证码: putting one's own device in place, with its secret as text and as a picture, and removing it."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import STATUS, FieldError, Refusal
from workflow.pages import shell
from workflow.pages.views.shell import CodePage
from workflow.pages.words import gettext as _
from workflow.services.accounts import enrol_codes
from workflow.services.accounts.enrol_codes import Offer

LETTERS_AT_ONCE = 4
"""A secret is read in groups of four letters."""

blueprint = shell.area("code")


@blueprint.get("/one-time-code")
def show() -> ResponseReturnValue:
    """Show whether one's account asks for codes, or the secret that waits for its first one."""
    return _page()


@blueprint.post("/one-time-code")
def change() -> ResponseReturnValue:
    """Begin with a new device, confirm it by its first code, or remove it: `do` says which."""
    identity, form = web.identity(), request.form
    password, otp, clock, settings = form.get("password", ""), form.get("otp", ""), web.clock(), web.settings()
    try:
        if form.get("do") == "begin":
            enrol_codes.begin(identity, password, clock, settings)
        elif form.get("do") == "remove":
            enrol_codes.remove(identity, password, otp, clock, settings)
            flash(_("已停用一次性验证码,登录只需密码"), "success")
        else:
            enrol_codes.confirm(identity, otp, clock, settings)
            flash(_("已启用一次性验证码,下次登录时需要输入"), "success")
    except Refusal as refusal:
        return _page(refusal), STATUS[refusal.denied.code]
    return redirect(url_for("code.show"))


def _page(refusal: Refusal | None = None) -> str:
    enrolment = enrol_codes.look_up(web.identity(), web.clock(), web.settings())
    offer = enrolment.offer
    page = CodePage(
        since=enrolment.since,
        secret=_in_groups(offer.secret) if offer else "",
        picture=_picture(offer) if offer else "",
        error=refusal.denied.sentence(web.language()) if refusal and not refusal.errors else "",
        errors={each.path: _say(each) for each in refusal.errors} if refusal else {},
    )
    return render_template("one_time_code.html", page=page)


def _in_groups(secret: str) -> str:
    return " ".join(secret[at : at + LETTERS_AT_ONCE] for at in range(0, len(secret), LETTERS_AT_ONCE))


def _picture(offer: Offer) -> str:
    """Draw the QR code as SVG without styles of its own, as the content security policy asks."""
    drawn = segno.make(offer.address, error="m", micro=False)
    return drawn.svg_inline(scale=4, svgclass="qr", lineclass=None, omitsize=True)


def _say(error: FieldError) -> str:
    return error.phrase.say(web.language(), **error.facts)
