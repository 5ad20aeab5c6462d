"""Grants: who may do what, where, and until when."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import REASON_LENGTH, Choice, Day, FlagInAddress, Schema, Several, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_grant
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.policy import Action, Role
from workflow.services.accounts import give_grants, look_up_accounts
from workflow.services.accounts.give_grants import ITEM_LENGTH, NewGrant
from workflow.services.accounts.look_up_accounts import GrantStatus, GrantsWanted
from workflow.services.paging import PageAsked
from workflow.services.scorecards.cards import card_id_of

MOST_ITEMS = 200

resource = Resource("grants", "授权 / Grants")


class GrantsQuery(PageQuery):
    """Which grants: of an account, of a role, with this in user name or name, in force or all."""

    username = Text()
    role = Choice(Role)
    q = Text()
    only_in_force = FlagInAddress()


class GrantSchema(Schema):
    """A grant; without a unit it is for the whole company, without a last day until further notice."""

    id = Shown()
    role = Choice(Role)
    unit = Shown(attribute="unit_code", allow_none=True)
    unit_name = Shown(attribute="unit_title", allow_none=True)
    items = fields.List(Shown())
    starts_on = Day()
    ends_on = Day(allow_none=True)
    username = Shown()
    name = Shown()
    status = Choice(GrantStatus)
    version = fields.Integer()


class NewGrantSchema(Schema):
    """A new grant: without a unit for the whole company, without a last day until further notice."""

    username = Text(required=True)
    role = Choice(Role, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    unit = Text(load_default=None, allow_none=True)
    items = Several(Text(ITEM_LENGTH), most=MOST_ITEMS, load_default=list)


class ChangeGrantSchema(Schema):
    """The days on which a grant holds; `ends_on` null means until further notice."""

    starts_on = Day(load_default=None)
    ends_on = Day(required=True, allow_none=True)
    reason = Text(REASON_LENGTH, load_default="")


_grant = GrantSchema()


@resource.reads(
    "/grants", Action.GRANTS_SEE, GrantSchema(many=True), query=GrantsQuery, guard=may_anywhere(Action.GRANTS_SEE)
)
def list_grants(query: dict[str, Any]) -> Response:
    """List the grants in the caller's scope, by user name."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_accounts.list_grants(web.actor(), GrantsWanted(**query), today(), asked)
    return reply_list(_grant.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/grants/<grant_id>", Action.GRANTS_SEE, GrantSchema)
def one_grant(grant_id: str) -> Response:
    """Read one grant."""
    return reply(_show(card_id_of(grant_id)))


@resource.writes(
    "POST",
    "/grants",
    Action.GRANTS_MANAGE,
    GrantSchema,
    takes=NewGrantSchema,
    status=201,
    guard=may_anywhere(Action.GRANTS_MANAGE),
)
def give_grant(entered: dict[str, Any]) -> Response:
    """Give an account a role."""
    new = NewGrant(**{**entered, "items": tuple(entered["items"])})
    return write(
        lambda kept: give_grants.give_grant(web.actor(), web.clock(), new, kept), lambda grant: _show(grant.id), 201
    )


@resource.writes(
    "PATCH",
    "/grants/<grant_id>",
    Action.GRANTS_MANAGE,
    GrantSchema,
    takes=ChangeGrantSchema,
    versioned=True,
    guard=may_change_grant,
)
def change_grant(entered: dict[str, Any], grant_id: str) -> Response:
    """Change the days on which a grant holds; to take it back at once its last day is yesterday."""
    number = card_id_of(grant_id)
    return write(
        lambda kept: give_grants.change_grant(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept
        ),
        lambda grant: _show(grant.id),
    )


def _show(grant_id: int) -> Any:
    return _grant.dump(look_up_accounts.find_grant(web.actor(), grant_id, today()))
