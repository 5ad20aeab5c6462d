"""Action items: what the ranks of a final plan lead to, with the evidence, and what is decided about it."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import REASON_LENGTH, Choice, Day, Flag, FlagInAddress, Part, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_move_action
from workflow.api.letterhead import letterhead
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.scorecards import PDF
from workflow.lifecycle.action_item import State
from workflow.policy import Action
from workflow.scoring.terms import ActionKind
from workflow.services.following import export_action, follow_up, look_up_actions, look_up_interviews
from workflow.services.following.follow_up import Outcome
from workflow.services.following.interviews import PLACE_LENGTH, PRESENT_LENGTH, Held
from workflow.services.following.look_up_actions import ActionDetail, ActionsWanted
from workflow.services.paging import PageAsked
from workflow.services.scorecards import cards

resource = Resource("actions", "奖惩事项 / Action items")


class ActionsQuery(PageQuery):
    """What the list is narrowed to; what a revision took the ground from is left out unless `lapsed`."""

    plan = Text()
    state = Choice(State)
    subject = Text()
    owner = Text()
    lapsed = FlagInAddress()


class HeldSchema(Schema):
    """How a talk was held: where, at which time of day (14:30), by whom (the caller where not given), who else was there."""

    place = Text(PLACE_LENGTH, required=True)
    at = Text(allow_none=True, load_default=None)
    by = Text(allow_none=True, load_default=None)
    present = Text(PRESENT_LENGTH, load_default="")


class ActionMoveSchema(Schema):
    """A move of an action item; the reason of completing it is the record of what was said or done.

    Completing takes the day `on` which it was (today where not given), what was `agreed`, of a test whether `passed`, and
    of a talk how it was held.
    """

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)
    on = Day(allow_none=True, load_default=None)
    agreed = Text(REASON_LENGTH, allow_none=True, load_default=None)
    passed = Flag(allow_none=True, load_default=None)
    interview = Part(HeldSchema, allow_none=True, load_default=None)


class EvidenceSchema(Schema):
    """One period that a proposal rests on: the rank among how many."""

    period = Shown()
    group = Shown()
    rank = fields.Integer()
    ranked = fields.Integer()


class ActionSchema(Schema):
    """An action item; `by` is the function that sees to it, `owner` who held that when it was proposed.

    `follows` is the action item that led to it, `bonus` is `none` where the bonus stops as long as it `lasts`.
    """

    id = Shown()
    plan = Shown()
    period = Shown()
    card = Shown(attribute="card_id")
    code = Shown()
    title = Shown()
    kind = Choice(ActionKind, allow_none=True)
    by = Shown()
    lasts = fields.Integer(allow_none=True)
    bonus = Shown(allow_none=True)
    follows = Shown(allow_none=True)
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    evidence = fields.List(Part(EvidenceSchema))
    state = Choice(State)
    owner = Shown(allow_none=True)
    owner_name = Shown(allow_none=True)
    due_on = fields.Date()
    outcome = Shown(allow_none=True)
    done_on = fields.Date(allow_none=True)
    agreed = Shown(allow_none=True)
    passed = fields.Boolean(allow_none=True)
    dismissal = Shown(allow_none=True)
    lapsed = fields.Boolean()
    version = fields.Integer()


class ActionDetailSchema(ActionSchema):
    """An action item with the moves that the caller can make, and of a talk that is done the id of its record."""

    interview = Shown(allow_none=True)
    allowed = fields.List(Shown())


_action = ActionSchema()


@resource.reads("/actions", Action.ACTIONS_SEE, ActionSchema(many=True), query=ActionsQuery)
def list_actions(query: dict[str, Any]) -> Response:
    """List the action items that the caller may see, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_actions.list_actions(web.actor(), ActionsWanted(**query), asked)
    return reply_list(_action.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/actions/<action_id>", Action.ACTIONS_SEE, ActionDetailSchema)
def one_action(action_id: str) -> Response:
    """Read one action item."""
    return reply(_show(cards.card_id_of(action_id)))


@resource.writes(
    "POST",
    "/actions/<action_id>/transitions",
    Action.ACTIONS_DECIDE,
    ActionDetailSchema,
    takes=ActionMoveSchema,
    versioned=True,
    guard=may_move_action,
)
def move_action(entered: dict[str, Any], action_id: str) -> Response:
    """Confirm, dismiss or complete an action item."""
    number = cards.card_id_of(action_id)
    held = entered.pop("interview")
    came = {name: entered.pop(name) for name in ("on", "agreed", "passed")}
    outcome = Outcome(**came, interview=Held(**held) if held else None)
    return write(
        lambda kept: follow_up.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), outcome=outcome, kept=kept
        ),
        lambda moved: _show(moved.id),
    )


@resource.reads("/actions/<action_id>/form.pdf", Action.ACTIONS_SEE, None, media_type=PDF)
def form_of_action(action_id: str) -> Response:
    """Get the printed record of an action item, with room to write while it is not done."""
    number = cards.card_id_of(action_id)
    return Response(export_action.form_of_action(web.actor(), web.clock(), number, letterhead()), mimetype=PDF)


def _show(action_id: int) -> Any:
    found: ActionDetail = look_up_actions.find_action(web.actor(), action_id)
    talk = look_up_interviews.of_action(web.actor(), action_id)
    interview = str(talk.interview.id) if talk else None
    return {**_action.dump(found.action), "interview": interview, "allowed": list(found.allowed)}
