"""Interview records: where and by whom a talk was held, what was said and agreed, whether the person has read it."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import REASON_LENGTH, Choice, FlagInAddress, Instant, Part, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_move_interview
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.lifecycle.interview import State
from workflow.policy import Action
from workflow.services.following import interviews, look_up_interviews
from workflow.services.following.look_up_interviews import InterviewsWanted
from workflow.services.paging import PageAsked
from workflow.services.scorecards.cards import card_id_of as number_of

resource = Resource("interviews", "谈话记录 / Interview records")


class InterviewsQuery(PageQuery):
    """What the list is narrowed to; with `own` to the talks with the caller."""

    state = Choice(State)
    subject = Text()
    own = FlagInAddress()


class InterviewMoveSchema(Schema):
    """A move; the reason is the correction, why it was not marked as read, or what the person has to say to it."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)


class InterviewSchema(Schema):
    """An interview record; `said` and `agreed` are those of its action item, `at` is the time of day where it was told."""

    id = Shown()
    action = Shown()
    title = Shown()
    period = Shown()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    on = fields.Date(attribute="held_on")
    at = Shown(attribute="held_at", allow_none=True)
    place = Shown()
    by = Shown(attribute="held_by_code", allow_none=True)
    by_name = Shown(attribute="held_by")
    present = Shown()
    said = Shown()
    agreed = Shown(allow_none=True)
    state = Choice(State)
    acknowledged_at = Instant(allow_none=True)
    comment = Shown(allow_none=True)
    declined = Shown(allow_none=True)
    version = fields.Integer()


class CorrectionSchema(Schema):
    """What is to be read otherwise."""

    text = Shown()
    by = Shown()
    at = Instant()


class InterviewDetailSchema(InterviewSchema):
    """An interview record with its corrections and the moves that the caller can make."""

    corrections = fields.List(Part(CorrectionSchema))
    allowed = fields.List(Shown())


_interview = InterviewSchema()
_detail = InterviewDetailSchema()


@resource.reads("/interviews", Action.ACTIONS_SEE, InterviewSchema(many=True), query=InterviewsQuery)
def list_interviews(query: dict[str, Any]) -> Response:
    """List the interview records that the caller may see, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_interviews.list_interviews(web.actor(), InterviewsWanted(**query), asked)
    return reply_list(_interview.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/interviews/<interview_id>", Action.ACTIONS_SEE, InterviewDetailSchema)
def one_interview(interview_id: str) -> Response:
    """Read one interview record."""
    return reply(_show(number_of(interview_id)))


@resource.writes(
    "POST",
    "/interviews/<interview_id>/transitions",
    Action.ACTIONS_SEE,
    InterviewDetailSchema,
    takes=InterviewMoveSchema,
    versioned=True,
    guard=may_move_interview,
)
def move_interview(entered: dict[str, Any], interview_id: str) -> Response:
    """Mark an interview record as read, note why it was not, or correct it."""
    number = number_of(interview_id)
    return write(
        lambda kept: interviews.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept
        ),
        lambda moved: _show(moved.id),
    )


def _show(interview_id: int) -> Any:
    found = look_up_interviews.find_interview(web.actor(), interview_id)
    return {**_interview.dump(found.interview), **_detail.dump(found)}
