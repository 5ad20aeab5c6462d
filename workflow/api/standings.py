"""Standings 岗位状态: who is on post, off post, on leave or on probation, from which day to which, and why."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.entries import EntriesQuery, EntryMoveSchema
from workflow.api.fields import REASON_LENGTH, Choice, Day, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_standing
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle.personnel import State
from workflow.lifecycle.standing import Kind
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.people import give_standing, look_up_personnel
from workflow.services.people.give_standing import NewStanding
from workflow.services.people.look_up_personnel import EntriesWanted
from workflow.services.people.personnel import CODE_LENGTH, PAPERS_LENGTH
from workflow.services.scorecards.cards import card_id_of

resource = Resource("standings", "岗位状态 / Standings")


class PersonStandingSchema(Schema):
    """A standing; `held_until` is the last day on which it really held: a return to post ends what it falls into."""

    id = Shown()
    person = Shown()
    person_name = Shown()
    unit = Shown(allow_none=True)
    kind = Choice(Kind)
    starts_on = Day()
    ends_on = Day(allow_none=True)
    held_until = Day(allow_none=True)
    reason = Shown()
    evidence = Shown()
    action = Shown(attribute="action_id", allow_none=True)
    state = Choice(State)
    void_reason = Shown(allow_none=True)
    version = fields.Integer()
    allowed = fields.List(Shown())


class NewStandingSchema(Schema):
    """A new standing, without a last day until a return to post; `action` is the confirmed action item that led to it."""

    person = Text(CODE_LENGTH, required=True)
    kind = Choice(Kind, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    reason = Text(REASON_LENGTH, required=True)
    evidence = Text(PAPERS_LENGTH, load_default="")
    action = Text(load_default=None, allow_none=True)


_standing = PersonStandingSchema()


@resource.reads("/standings", Action.PEOPLE_SEE, PersonStandingSchema(many=True), query=EntriesQuery)
def list_standings(query: dict[str, Any]) -> Response:
    """List the standings of people in the caller's scope, and the caller's own, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_personnel.list_standings(web.actor(), EntriesWanted(**query), today(), asked)
    return reply_list(_standing.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/standings/<standing_id>", Action.PEOPLE_SEE, PersonStandingSchema)
def one_standing(standing_id: str) -> Response:
    """Read one standing."""
    return reply(_show(card_id_of(standing_id)))


@resource.writes(
    "POST",
    "/standings",
    Action.PEOPLE_WRITE,
    PersonStandingSchema,
    takes=NewStandingSchema,
    status=201,
    guard=may_anywhere(Action.PEOPLE_WRITE),
)
def enter_standing(entered: dict[str, Any]) -> Response:
    """Enter a standing of a person."""
    action = entered.pop("action")
    new = NewStanding(**entered, action=None if action is None else card_id_of(action))
    return write(
        lambda kept: give_standing.give_standing(web.actor(), web.clock(), new, kept),
        lambda standing: _show(standing.id),
        201,
    )


@resource.writes(
    "POST",
    "/standings/<standing_id>/transitions",
    Action.PEOPLE_WRITE,
    PersonStandingSchema,
    takes=EntryMoveSchema,
    versioned=True,
    guard=may_move_standing,
)
def move_standing(entered: dict[str, Any], standing_id: str) -> Response:
    """Void a standing with a reason; a correction is a new one."""
    number = card_id_of(standing_id)
    return write(
        lambda kept: give_standing.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept
        ),
        lambda standing: _show(standing.id),
    )


def _show(standing_id: int) -> Any:
    return _standing.dump(look_up_personnel.find_standing(web.actor(), standing_id, today()))
