"""Who I am, with my grants; and at which step my unpublished card is."""

from dataclasses import asdict

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Access
from workflow.api.fields import Choice, Instant, Part, Schema, Shown
from workflow.api.frame import Resource
from workflow.policy import Role, State
from workflow.services.scorecards import look_up_mine

resource = Resource("me", "我 / Me")


class HeldGrantSchema(Schema):
    """A grant in force; without a unit it is for the whole company."""

    role = Choice(Role)
    unit = Shown(allow_none=True)
    unit_name = Shown(allow_none=True)
    items = fields.List(Shown())


class MeSchema(Schema):
    """The account, the person behind it, by what it is signed in, and its grants."""

    id = Shown(attribute="account_id")
    username = Shown()
    name = Shown()
    language = Shown()
    person = Shown(allow_none=True)
    person_name = Shown(allow_none=True)
    unit = Shown(allow_none=True)
    unit_name = Shown(allow_none=True)
    grants = fields.List(Part(HeldGrantSchema))
    signed_in_by = Shown()
    proved_at = Instant()
    expires_at = Instant()
    must_change_password = fields.Boolean()


class ProgressSchema(Schema):
    """The step of one's own unpublished card; nothing else of it is told."""

    period = Shown()
    plan = Shown(attribute="plan_title")
    state = Choice(State)


_me = MeSchema()
_progress = ProgressSchema()


@resource.reads("/me", Access.FIRST_PASSWORD, MeSchema)
def who_am_i() -> Response:
    """Tell who calls, until when, and with which grants in force today."""
    identity = web.identity()
    access = {
        "signed_in_by": identity.kind,
        "proved_at": identity.proved_at,
        "expires_at": identity.expires_at,
        "must_change_password": identity.must_change_password,
    }
    return reply(_me.dump({**asdict(look_up_mine.who_am_i(identity.actor)), **access}))


@resource.reads("/me/progress", Access.SIGNED_IN, ProgressSchema(many=True))
def my_progress() -> Response:
    """Tell at which step each of one's own unpublished cards is."""
    return reply(_progress.dump(look_up_mine.my_progress(web.actor()), many=True))
