"""Improvement plans: what is to be done about an item of somebody's card, by whom until when, and what came of it."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import REASON_LENGTH, Choice, Day, FlagInAddress, Instant, Part, Points, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_improvement
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle.improvement import State
from workflow.models.improvements import Better, MeasuredBy
from workflow.policy import Action
from workflow.services.following import improve, look_up_improvements
from workflow.services.following.effects import Verdict
from workflow.services.following.improve import MEASURES_LENGTH, PROBLEM_LENGTH, NewImprovement
from workflow.services.following.look_up_improvements import ImprovementDetail, ImprovementsWanted, Whose
from workflow.services.paging import PageAsked
from workflow.services.scorecards import cards

resource = Resource("improvements", "改进 / Improvement plans")


class ImprovementsQuery(PageQuery):
    """What the list is narrowed to: with `late` to those past their due date, by `whose` to what is `mine` to do or my `own`."""

    state = Choice(State)
    subject = Text()
    owner = Text()
    whose = Choice(Whose)
    late = FlagInAddress()


class NewImprovementSchema(Schema):
    """A new improvement plan for a person or unit; `scheme` where the subject's cards leave open which item is meant.

    The effect is measured by the item's points, or by its measurements with the way in which those get better.
    """

    subject = Text(required=True)
    item = Text(required=True)
    scheme = Text(load_default=None, allow_none=True)
    measured_by = Choice(MeasuredBy, load_default=MeasuredBy.POINTS)
    better = Choice(Better, load_default=Better.HIGHER)
    problem = Text(PROBLEM_LENGTH, required=True)
    measures = Text(MEASURES_LENGTH, required=True)
    owner = Text(required=True)
    due_on = Day(required=True)


class ImprovementMoveSchema(Schema):
    """A move; the reason is the note of the progress, what was reached, or with `next_step` the judgement of the effect."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)
    next_step = Text(REASON_LENGTH, allow_none=True, load_default=None)


class ImprovementSchema(Schema):
    """An improvement plan; `late` once it is open after its due date, `before_value` and `after_value` once it is evaluated."""

    id = Shown()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    scheme = Shown()
    item = Shown()
    item_title = Shown()
    measured_by = Choice(MeasuredBy)
    better = Choice(Better)
    problem = Shown()
    measures = Shown()
    owner = Shown()
    owner_name = Shown()
    due_on = fields.Date()
    late = fields.Boolean()
    state = Choice(State)
    agreed_on = fields.Date(allow_none=True)
    finished_on = fields.Date(allow_none=True)
    before_value = Points(allow_none=True)
    after_value = Points(allow_none=True)
    judgement = Shown(allow_none=True)
    next_step = Shown(allow_none=True)
    version = fields.Integer()


class NoteSchema(Schema):
    """A note of the progress."""

    text = Shown()
    by = Shown()
    at = Instant()


class ReadingSchema(Schema):
    """The indicator in a period; null while none is published or measured."""

    period = Shown()
    value = Points(allow_none=True)


class EffectSchema(Schema):
    """The indicator in the period before it was agreed and in the one after its end, and what the change says."""

    before = Part(ReadingSchema, allow_none=True)
    after = Part(ReadingSchema, allow_none=True)
    change = Points(allow_none=True)
    verdict = Choice(Verdict, allow_none=True)


class ImprovementDetailSchema(ImprovementSchema):
    """An improvement plan with its progress, its effect so far, and the moves that the caller can make."""

    notes = Part(NoteSchema, many=True)
    effect = Part(EffectSchema)
    allowed = fields.List(Shown())


_improvement = ImprovementSchema()
_notes = NoteSchema(many=True)
_effect = EffectSchema()


@resource.reads("/improvements", Action.IMPROVEMENTS_SEE, ImprovementSchema(many=True), query=ImprovementsQuery)
def list_improvements(query: dict[str, Any]) -> Response:
    """List the improvement plans that the caller may see, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_improvements.list_improvements(web.actor(), ImprovementsWanted(**query), asked, today())
    return reply_list(_improvement.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/improvements",
    Action.IMPROVEMENTS_PROPOSE,
    ImprovementDetailSchema,
    takes=NewImprovementSchema,
    status=201,
    guard=may_anywhere(Action.IMPROVEMENTS_PROPOSE),
)
def propose_improvement(entered: dict[str, Any]) -> Response:
    """Draft an improvement plan."""
    return write(
        lambda kept: improve.propose(web.actor(), web.clock(), NewImprovement(**entered), today=today(), kept=kept),
        lambda made: _show(made.id),
        201,
    )


@resource.reads("/improvements/<improvement_id>", Action.IMPROVEMENTS_SEE, ImprovementDetailSchema)
def one_improvement(improvement_id: str) -> Response:
    """Read one improvement plan."""
    return reply(_show(cards.card_id_of(improvement_id)))


@resource.writes(
    "POST",
    "/improvements/<improvement_id>/transitions",
    Action.IMPROVEMENTS_SEE,
    ImprovementDetailSchema,
    takes=ImprovementMoveSchema,
    versioned=True,
    guard=may_move_improvement,
)
def move_improvement(entered: dict[str, Any], improvement_id: str) -> Response:
    """Agree, start, note progress, finish, or evaluate an improvement plan."""
    number = cards.card_id_of(improvement_id)
    return write(
        lambda kept: improve.move(web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept),
        lambda moved: _show(moved.id),
    )


def _show(improvement_id: int) -> Any:
    found: ImprovementDetail = look_up_improvements.find_improvement(web.actor(), improvement_id, today())
    return {
        **_improvement.dump(found.improvement),
        "notes": _notes.dump(found.notes),
        "effect": _effect.dump(found.effect),
        "allowed": list(found.allowed),
    }
