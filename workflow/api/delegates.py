"""Delegations 代理: who acts with whose grant, from which day to which."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.declaring import Access
from workflow.api.fields import REASON_LENGTH, Choice, Day, FlagInAddress, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_move_delegation
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle.delegation import State
from workflow.policy import Role
from workflow.services.accounts.look_up_accounts import GrantStatus
from workflow.services.paging import PageAsked
from workflow.services.people import delegate, look_up_delegations
from workflow.services.people.delegate import NewDelegation
from workflow.services.people.look_up_delegations import DelegationsWanted
from workflow.services.scorecards.cards import card_id_of

resource = Resource("delegates", "代理 / Delegates")


class DelegationsQuery(PageQuery):
    """Which delegations: all, or those that act today or will."""

    only_in_force = FlagInAddress()


class DelegationSchema(Schema):
    """A delegation: the grant and its holder, who acts with it, from which day to which, given by whom and why."""

    id = Shown()
    grant = Shown()
    role = Choice(Role)
    unit = Shown(attribute="unit_code", allow_none=True)
    unit_name = Shown(attribute="unit_title", allow_none=True)
    items = fields.List(Shown())
    holder = Shown()
    holder_name = Shown()
    delegate = Shown()
    delegate_name = Shown()
    given_by = Shown()
    given_by_name = Shown()
    starts_on = Day()
    ends_on = Day()
    reason = Shown()
    state = Choice(State)
    status = Choice(GrantStatus)
    version = fields.Integer()
    allowed = fields.List(Shown())


class NewDelegationSchema(Schema):
    """A grant of one's own, or as administrator that of somebody absent, which needs a reason, and who is to act with it."""

    grant = Text(required=True)
    delegate = Text(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    reason = Text(REASON_LENGTH, load_default="")


class DelegationMoveSchema(Schema):
    """A move of a delegation: to end it."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)


class DelegableSchema(Schema):
    """A grant that the caller may hand on."""

    id = Shown()
    role = Choice(Role)
    unit = Shown(attribute="unit_code", allow_none=True)
    unit_name = Shown(attribute="unit_title", allow_none=True)
    holder = Shown()
    holder_name = Shown()


_delegation = DelegationSchema()


@resource.reads("/delegates", Access.SIGNED_IN, DelegationSchema(many=True), query=DelegationsQuery)
def list_delegations(query: dict[str, Any]) -> Response:
    """List the delegations of the caller's own grants, those by which they act, and those in their scope, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_delegations.list_delegations(web.actor(), DelegationsWanted(**query), today(), asked)
    return reply_list(_delegation.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/delegates/grants", Access.SIGNED_IN, DelegableSchema(many=True))
def delegable_grants() -> Response:
    """List the grants that the caller may hand on today, their own first."""
    return reply(DelegableSchema(many=True).dump(look_up_delegations.delegable_grants(web.actor(), today())))


@resource.reads("/delegates/<delegation_id>", Access.SIGNED_IN, DelegationSchema)
def one_delegation(delegation_id: str) -> Response:
    """Read one delegation."""
    return reply(_show(card_id_of(delegation_id)))


@resource.writes("POST", "/delegates", Access.SIGNED_IN, DelegationSchema, takes=NewDelegationSchema, status=201)
def make_delegation(entered: dict[str, Any]) -> Response:
    """Choose a delegate for a grant, from a day to a day."""
    new = NewDelegation(card_id_of(entered.pop("grant")), **entered)
    return write(
        lambda kept: delegate.delegate(web.actor(), web.clock(), new, kept, web.terms()),
        lambda made: _show(made.id),
        201,
    )


@resource.writes(
    "POST",
    "/delegates/<delegation_id>/transitions",
    Access.SIGNED_IN,
    DelegationSchema,
    takes=DelegationMoveSchema,
    versioned=True,
    guard=may_move_delegation,
)
def move_delegation(entered: dict[str, Any], delegation_id: str) -> Response:
    """End a delegation at once: the holder, the delegate, or an administrator of the unit."""
    number = card_id_of(delegation_id)
    return write(
        lambda kept: delegate.move(web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept),
        lambda ended: _show(ended.id),
    )


def _show(delegation_id: int) -> Any:
    return _delegation.dump(look_up_delegations.find_delegation(web.actor(), delegation_id, today()))
