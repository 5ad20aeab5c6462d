"""Queries and appeals of appraised persons: made on a card, answered, decided, escalated; with the score then and now."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import Choice, FlagInAddress, Instant, Part, Points, Schema, Several, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_move_objection, may_name_committee, may_object
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle import appeal, query
from workflow.models.objections import KINDS, TEXT_LENGTH
from workflow.policy import Action
from workflow.services.objections import handle_objections, look_up_objections, look_up_one_objection
from workflow.services.objections.handle_objections import NewObjection
from workflow.services.objections.look_up_objections import ObjectionsWanted
from workflow.services.paging import PageAsked
from workflow.services.scorecards import cards

STATES = tuple(dict.fromkeys((*query.State, *appeal.State)))
COMMITTEE_MOST = 10

resource = Resource("objections", "查询与申诉 / Queries and appeals")


class ObjectionsQuery(PageQuery):
    """What the list is narrowed to; `to_handle`: what waits for the caller's answer, decision or vote."""

    state = Choice(STATES)
    kind = Choice(KINDS)
    plan = Text()
    mine = FlagInAddress()
    to_handle = FlagInAddress()


class NewObjectionSchema(Schema):
    """A query or an appeal, about one item or, without it, about the whole card."""

    kind = Choice(KINDS, required=True)
    item = Text(allow_none=True, load_default=None)
    text = Text(TEXT_LENGTH, required=True, least=handle_objections.LEAST_TEXT)


class ObjectionMoveSchema(Schema):
    """A move; the reason is what is answered, decided or asked for with it."""

    trigger = Text(required=True)
    reason = Text(TEXT_LENGTH, allow_none=True, load_default=None)


class CommitteeSchema(Schema):
    """The three who are to decide, by their user names."""

    members = Several(Text(), most=COMMITTEE_MOST, required=True)


class ObjectionSchema(Schema):
    """A query or an appeal; `text` is what it began with."""

    id = Shown()
    kind = Choice(KINDS)
    state = Choice(STATES)
    card = Shown(attribute="card_id")
    number = Shown()
    plan = Shown()
    period = Shown()
    unit = Shown()
    unit_name = Shown()
    subject = Shown()
    subject_name = Shown()
    item = Shown(allow_none=True)
    item_title = Shown(allow_none=True)
    text = Shown()
    submitted_at = Instant()
    due_on = fields.Date()
    handler_name = Shown(allow_none=True)
    escalated = fields.Boolean()
    escalate_until = fields.Date(allow_none=True)
    version = fields.Integer()


class StepSchema(Schema):
    """What somebody did and said: `submit`, `committee`, or a move; votes of others are shown once all is decided."""

    trigger = Shown()
    name = Shown()
    role = Shown(allow_none=True)
    text = Shown()
    at = Instant()
    is_vote = fields.Boolean()


class ScoreSchema(Schema):
    """One revision of the card; its total is shown once it has been published."""

    card = Shown(attribute="card_id")
    revision = fields.Integer()
    state = Shown()
    total = Points(allow_none=True)
    grade = Shown(allow_none=True)


class ComparedItemSchema(Schema):
    """An item before and after the revision."""

    code = Shown()
    title = Shown()
    before = Points(allow_none=True)
    after = Points(allow_none=True)


class ObjectionDetailSchema(ObjectionSchema):
    """A query or an appeal with what was said, the score then and now, and the moves that the caller can make."""

    steps = fields.List(Part(StepSchema))
    committee = fields.List(Shown())
    voted = fields.Integer()
    old = Part(ScoreSchema)
    new = Part(ScoreSchema, allow_none=True)
    items = fields.List(Part(ComparedItemSchema))
    allowed = fields.List(Shown())


_objection, _detail = ObjectionSchema(), ObjectionDetailSchema()


@resource.writes(
    "POST",
    "/scorecards/<card_id>/objections",
    Action.CARD_OBJECT,
    ObjectionDetailSchema,
    takes=NewObjectionSchema,
    status=201,
    guard=may_object,
)
def object_to_card(entered: dict[str, Any], card_id: str) -> Response:
    """Make a query, at any time, or an appeal, within the days after publication."""
    number = cards.card_id_of(card_id)
    return write(
        lambda kept: handle_objections.submit(
            web.actor(), web.clock(), number, NewObjection(**entered), terms=web.terms(), kept=kept
        ),
        lambda made: _show(made.id),
        201,
    )


@resource.reads("/objections", Action.APPEALS_SEE, ObjectionSchema(many=True), query=ObjectionsQuery)
def list_objections(query: dict[str, Any]) -> Response:
    """List the queries and appeals that the caller may see, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_objections.list_objections(web.actor(), ObjectionsWanted(**query), asked)
    return reply_list(_objection.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/objections/<objection_id>", Action.APPEALS_SEE, ObjectionDetailSchema)
def one_objection(objection_id: str) -> Response:
    """Read one query or appeal."""
    return reply(_show(cards.card_id_of(objection_id)))


@resource.writes(
    "POST",
    "/objections/<objection_id>/transitions",
    Action.APPEALS_HANDLE,
    ObjectionDetailSchema,
    takes=ObjectionMoveSchema,
    versioned=True,
    guard=may_move_objection,
)
def move_objection(entered: dict[str, Any], objection_id: str) -> Response:
    """Answer or close a query; accept, uphold, reject, escalate or withdraw an appeal."""
    number = cards.card_id_of(objection_id)
    return write(
        lambda kept: handle_objections.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), terms=web.terms(), kept=kept
        ),
        lambda moved: _show(moved.id),
    )


@resource.writes(
    "POST",
    "/objections/<objection_id>/committee",
    Action.APPEALS_RECONSIDER,
    ObjectionDetailSchema,
    takes=CommitteeSchema,
    versioned=True,
    guard=may_name_committee,
)
def name_committee(entered: dict[str, Any], objection_id: str) -> Response:
    """Name the three who decide an escalated appeal by their votes."""
    number = cards.card_id_of(objection_id)
    return write(
        lambda kept: handle_objections.name_committee(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), terms=web.terms(), kept=kept
        ),
        lambda moved: _show(moved.id),
    )


def _show(objection_id: int) -> Any:
    found = look_up_one_objection.find_objection(web.actor(), objection_id, today())
    beside = {name: getattr(found, name) for name in ("steps", "committee", "voted", "old", "new", "items", "allowed")}
    return {**_objection.dump(found.row), **_detail.dump(beside)}
