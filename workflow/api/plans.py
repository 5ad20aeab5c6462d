"""Plans: make one, read it, move it; its printed forms and its scores as a workbook."""

from datetime import date
from typing import Any

from flask import Response
from marshmallow import ValidationError, fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import (
    REASON_LENGTH,
    UNKNOWN,
    WORDS,
    Choice,
    Part,
    PeriodLabel,
    Schema,
    Several,
    Shown,
    Spoken,
    Text,
)
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_plan, may_move_plan
from workflow.api.letterhead import letterhead
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.scorecards import PDF
from workflow.errors import FieldError
from workflow.lifecycle.plan import State
from workflow.policy import Action
from workflow.scoring.periods import PeriodError, parse_day
from workflow.services.paging import PageAsked
from workflow.services.plans import change_subjects, copy_plan, look_up_plans, plan
from workflow.services.plans.change_subjects import ChangeKind
from workflow.services.plans.look_up_plans import PlanSummary, PlansWanted
from workflow.services.plans.plan import OF_ITEM, STEPS, NewPlan, PlanContents
from workflow.services.scorecards import export_plan

TITLE_LENGTH = 128
MOST_PARTS = 200
DISCLOSURES = ("none", "own-rank", "top-n", "all")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

resource = Resource("plans", "考核计划 / Plans")


class PlansQuery(PageQuery):
    """What the list is narrowed to."""

    state = Choice(State)
    period = PeriodLabel()


class ContentsSchema(Schema):
    """One scheme of a plan: which units, with everything below them, and in them which posts (none: all)."""

    scheme = Text(required=True)
    units = Several(Text(), most=MOST_PARTS, required=True)
    posts = Several(Text(), most=MOST_PARTS, load_default=list)


def _day(step: str, entered: Any) -> date:
    """Read the due date of a step; raises ValidationError."""
    try:
        return parse_day(entered)
    except PeriodError as error:
        raise ValidationError({step: [FieldError("", WORDS["day"])]}) from error


class Calendar(Spoken, fields.Field[Any]):
    """Due dates by step; `inputs:` before an item's code is that item's own."""

    def __init__(self, **options: Any) -> None:
        described = {"type": "object", "additionalProperties": {"type": "string", "format": "date"}}
        super().__init__(metadata={**described, "description": ", ".join((*STEPS, f"{OF_ITEM}…"))}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> dict[str, date]:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, dict):
            raise self.make_error("type")
        unknown = [step for step in value if step not in STEPS and not step.startswith(OF_ITEM)]
        if unknown:
            raise ValidationError({step: [FieldError("", UNKNOWN)] for step in unknown})
        return {step: _day(step, day) for step, day in value.items()}


class NewPlanSchema(Schema):
    """A new plan; the calendar gives due dates by step; `copy_of` takes what is not given from another plan."""

    code = Text(required=True)
    title = Text(TITLE_LENGTH, required=True)
    period = Text(required=True)
    copy_of = Text(load_default=None, allow_none=True)
    contents = Several(Part(ContentsSchema), most=MOST_PARTS, load_default=list)
    disclosure = Choice(DISCLOSURES, load_default=None)
    calendar = Calendar(load_default=dict)


class JoinSchema(Schema):
    """Who joins: the code of a person or unit that the plan's contents take in and that has no card."""

    subject = Text(required=True)


class PlanMoveSchema(Schema):
    """A move of a plan."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)


class ShownContentsSchema(Schema):
    """One scheme of a plan as it is shown."""

    scheme = Shown()
    scheme_version = fields.Integer()
    units = fields.List(Shown())
    posts = fields.List(Shown())


class PlanSchema(Schema):
    """A plan; its cards are counted by state, as far as the reader's units go."""

    id = Shown()
    code = Shown()
    title = Shown()
    period = Shown()
    state = Choice(State)
    disclosure = Choice(DISCLOSURES)
    contents = fields.List(Part(ShownContentsSchema))
    calendar = fields.Dict(keys=Shown(), values=Shown())
    cards = fields.Integer()
    by_state = fields.Dict(keys=Shown(), values=fields.Integer())
    version = fields.Integer()


class SubjectChangeSchema(Schema):
    """A subject without a card, or whose card no longer fits: joined, left, or moved to another unit."""

    kind = Choice(ChangeKind)
    subject = Shown()
    name = Shown()
    scheme = Shown()
    unit = Shown()
    unit_name = Shown()
    card = Shown(attribute="card_id", allow_none=True)
    number = Shown(allow_none=True)


class PlanDetailSchema(PlanSchema):
    """A plan with the moves that the reader can make, and the cards that keep it from being published."""

    allowed = fields.List(Shown())
    blockers = fields.List(Shown())
    changes = fields.List(Part(SubjectChangeSchema))


_plan = PlanSchema()
_changes = SubjectChangeSchema(many=True)


@resource.reads("/plans", Action.PLANS_SEE, PlanSchema(many=True), query=PlansQuery)
def list_plans(query: dict[str, Any]) -> Response:
    """List the plans that appraise units in the caller's scope, the newest period first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    wanted = PlansWanted((query["state"],) if "state" in query else (), query.get("period"))
    found = look_up_plans.list_plans(web.actor(), wanted, asked)
    return reply_list([_show_plan(row) for row in found.rows], found.after, found.total)


@resource.reads("/plans/<code>", Action.PLANS_SEE, PlanDetailSchema)
def one_plan(code: str) -> Response:
    """Read one plan."""
    return reply(_show(code))


@resource.writes(
    "POST",
    "/plans",
    Action.PLANS_MANAGE,
    PlanDetailSchema,
    takes=NewPlanSchema,
    status=201,
    guard=may_anywhere(Action.PLANS_MANAGE),
)
def create_plan(entered: dict[str, Any]) -> Response:
    """Make a draft plan, of these contents or as a copy of another one."""
    copy_of = entered.pop("copy_of")
    parts = entered.pop("contents")
    entered["contents"] = tuple(
        PlanContents(each["scheme"], tuple(each["units"]), tuple(each["posts"])) for each in parts
    )
    entered["calendar"] = {step: day.isoformat() for step, day in entered.pop("calendar").items()}
    if copy_of is not None:
        new = copy_plan.copied(web.actor(), copy_of, **entered)
    else:
        new = NewPlan(**{**entered, "disclosure": entered["disclosure"] or "own-rank"})
    return write(lambda kept: plan.create(web.actor(), web.clock(), new, kept), lambda made: _show(made.code), 201)


@resource.writes(
    "POST",
    "/plans/<code>/transitions",
    Action.PLANS_SEE,
    PlanDetailSchema,
    takes=PlanMoveSchema,
    versioned=True,
    guard=may_move_plan,
)
def move_plan(entered: dict[str, Any], code: str) -> Response:
    """Move a plan: opening it creates its cards, publishing publishes and ranks them, making it final settles the ranks."""
    return write(
        lambda kept: plan.move(
            web.actor(), web.clock(), code, **entered, seen_version=seen_version(), kept=kept, terms=web.terms()
        ),
        lambda moved: _show(moved.code),
    )


@resource.writes(
    "POST",
    "/plans/<code>/subjects",
    Action.PLANS_MANAGE,
    PlanDetailSchema,
    takes=JoinSchema,
    status=201,
    guard=may_change_plan,
)
def join_plan(entered: dict[str, Any], code: str) -> Response:
    """Make the cards that a joiner lacks, or whose card was voided."""
    return write(
        lambda kept: change_subjects.join(web.actor(), web.clock(), code, **entered, kept=kept),
        lambda joined: _show(joined.code),
        201,
    )


@resource.reads("/plans/<code>/forms.pdf", Action.CARD_FORM, None, media_type=PDF)
def forms_of_plan(code: str) -> Response:
    """Get the printed forms of the plan's cards in one file."""
    return Response(export_plan.forms_of_plan(web.actor(), web.clock(), code, letterhead()), mimetype=PDF)


@resource.reads("/plans/<code>/export.xlsx", Action.CARD_FORM, None, media_type=WORKBOOK)
def workbook_of_plan(code: str) -> Response:
    """Get the plan's scores as a workbook."""
    book = export_plan.workbook_of_plan(web.actor(), web.clock(), code, letterhead())
    return Response(book, mimetype=WORKBOOK)


def _show(code: str) -> Any:
    found = look_up_plans.plan_detail(web.actor(), code)
    return {
        **_show_plan(found.plan),
        "allowed": list(found.allowed),
        "blockers": list(found.blockers),
        "changes": _changes.dump(found.changes),
    }


def _show_plan(summary: PlanSummary) -> Any:
    facts = {
        name: getattr(summary, name) for name in ("id", "code", "title", "period", "state", "disclosure", "version")
    }
    contents = [
        {
            "scheme": part.scheme,
            "scheme_version": part.scheme_version,
            "units": [unit for unit, _ in part.units],
            "posts": part.posts,
        }
        for part in summary.contents
    ]
    by_state = {str(state): count for state, count in summary.by_state.items()}
    return _plan.dump(
        {
            **facts,
            "contents": contents,
            "calendar": dict(summary.calendar),
            "cards": summary.cards,
            "by_state": by_state,
        }
    )
