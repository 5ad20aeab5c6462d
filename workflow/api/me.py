"""Who I am, with my grants; and at which step my unpublished card is."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Access
from workflow.api.fields import Choice, Day, Instant, Part, Schema, Shown
from workflow.api.frame import Resource
from workflow.api.today import today
from workflow.policy import Role
from workflow.services import look_up_accounts

resource = Resource("me", "我 / Me")


class OwnGrantSchema(Schema):
    """A grant in force; without a unit it is for the whole company."""

    id = Shown()
    role = Choice(Role)
    unit = Shown(attribute="unit_code", allow_none=True)
    unit_name = Shown(attribute="unit_title", allow_none=True)
    items = fields.List(Shown())
    starts_on = Day()
    ends_on = Day(allow_none=True)


class MeSchema(Schema):
    """The account, by what it is signed in, and its grants."""

    id = Shown()
    username = Shown()
    name = Shown()
    language = Shown()
    signed_in_by = Shown()
    proved_at = Instant()
    expires_at = Instant()
    must_change_password = fields.Boolean()
    grants = fields.List(Part(OwnGrantSchema))


_me = MeSchema()


@resource.reads("/me", Access.FIRST_PASSWORD, MeSchema)
def who_am_i() -> Response:
    """Tell who calls, until when, and with which grants in force today."""
    identity = web.identity()
    facts = {
        "id": identity.actor.account_id,
        "username": identity.actor.username,
        "name": identity.actor.name,
        "language": identity.actor.language,
        "signed_in_by": identity.kind,
        "proved_at": identity.proved_at,
        "expires_at": identity.expires_at,
        "must_change_password": identity.must_change_password,
        "grants": look_up_accounts.own_grants(identity.actor, today()),
    }
    return reply(_me.dump(facts))
