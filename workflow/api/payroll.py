"""Pay: a plan's payroll with its differences, and the bonus bases of people."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.card_schemas import PaySchema
from workflow.api.card_views import show_gaps
from workflow.api.fields import (
    REASON_LENGTH,
    Choice,
    Day,
    Instant,
    Number,
    Part,
    Points,
    Schema,
    Shown,
    Text,
    WholeInAddress,
)
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_correct_payroll
from workflow.api.paging import PageQuery
from workflow.api.plans import WORKBOOK
from workflow.lifecycle.plan import State
from workflow.models.payroll import PayrollBatch
from workflow.policy import Action
from workflow.scoring.basis import render_basis
from workflow.services.paging import PageAsked
from workflow.services.paying import export_payroll, look_up_payroll, maintain_pay
from workflow.services.paying.look_up_payroll import PayrollRow
from workflow.services.paying.maintain_pay import NewBonusBase

MOST_BATCHES = 10_000

resource = Resource("payroll", "工资批次 / Payroll")


class LinesQuery(PageQuery):
    """Which lines: of one batch, or of all."""

    batch = WholeInAddress(1, MOST_BATCHES, load_default=None)


class PayrollLineSchema(PaySchema):
    """One line of a batch, with all that it was worked out from; null also for a part that the scheme does not know.

    In the first batch `to_pay` is the total; later it is the `difference` to what was told `before`, which may be less than 0.
    """

    at = Instant()
    card = Shown(attribute="card_id")
    number = Shown()
    revision = fields.Integer()
    digest = Shown()
    scheme = Shown()
    scheme_version = fields.Integer()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    points = Points(allow_none=True)
    grade = Shown(allow_none=True)
    level = Shown(allow_none=True)
    attendance = Points(allow_none=True)
    bonus_base = Points(allow_none=True)
    stopped_by = Shown(allow_none=True)
    before = Points(allow_none=True)
    difference = Points(allow_none=True)
    to_pay = Points(allow_none=True)


class BatchSchema(Schema):
    """A batch as far as the caller sees it: the first is frozen, the later ones are differences."""

    number = fields.Integer()
    at = Instant()
    lines = fields.Integer()
    without_amount = fields.Integer()
    to_pay = Points()


class PlanPayrollSchema(Schema):
    """The batches of a plan, none before it is final."""

    plan = Shown()
    period = Shown()
    state = Choice(State)
    batches = fields.List(Part(BatchSchema))


class CorrectedSchema(Schema):
    """The number of the batch of differences that was made; null where nothing differs."""

    batch = fields.Integer(allow_none=True)


class BonusBaseSchema(Schema):
    """A person's bonus base from a day on."""

    id = Shown()
    person = Shown()
    person_name = Shown()
    amount = Points()
    since = Day()
    reason = Shown()
    version = fields.Integer()


class NewBonusBaseSchema(Schema):
    """A person's bonus base from a day on, and by which decision."""

    person = Text(required=True)
    amount = Number(required=True)
    since = Day(required=True)
    reason = Text(REASON_LENGTH, required=True)


class BonusBasesQuery(PageQuery):
    """Whose bonus bases."""

    person = Text()


_line, _payroll, _bonus_base = PayrollLineSchema(), PlanPayrollSchema(), BonusBaseSchema()


@resource.reads("/plans/<code>/payroll", Action.PAY_SEE, PayrollLineSchema(many=True), query=LinesQuery)
def lines_of_plan(query: dict[str, Any], code: str) -> Response:
    """List the lines of a plan's payroll: first those frozen when it became final, then the differences."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_payroll.list_lines(web.actor(), code, query["batch"], asked)
    return reply_list([_show(row) for row in found.rows], found.after, found.total)


@resource.reads("/plans/<code>/payroll/batches", Action.PAY_SEE, PlanPayrollSchema)
def batches_of_plan(code: str) -> Response:
    """Get the batches of a plan's payroll with their sums."""
    return reply(_payroll.dump(look_up_payroll.plan_payroll(web.actor(), code)))


@resource.reads("/plans/<code>/payroll.xlsx", Action.PAY_SEE, None, media_type=WORKBOOK)
def workbook_of_payroll(code: str) -> Response:
    """Get a plan's payroll as a workbook."""
    return Response(export_payroll.workbook_of_payroll(web.actor(), code), mimetype=WORKBOOK)


@resource.writes(
    "POST", "/plans/<code>/payroll/corrections", Action.PAY_WRITE, CorrectedSchema, guard=may_correct_payroll
)
def correct_payroll(code: str) -> Response:
    """Write the differences that a level, attendance or bonus base recorded late makes; a second time changes nothing."""
    return write(lambda kept: maintain_pay.correct(web.actor(), web.clock(), code, kept), _show_corrected)


@resource.reads(
    "/bonus-bases",
    Action.PAY_SEE,
    BonusBaseSchema(many=True),
    query=BonusBasesQuery,
    guard=may_anywhere(Action.PAY_SEE),
)
def list_bonus_bases(query: dict[str, Any]) -> Response:
    """List the bonus bases of people in the caller's scope, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = maintain_pay.list_bonus_bases(web.actor(), query.get("person"), asked)
    return reply_list(_bonus_base.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/bonus-bases",
    Action.PAY_WRITE,
    BonusBaseSchema,
    takes=NewBonusBaseSchema,
    status=201,
    guard=may_anywhere(Action.PAY_WRITE),
)
def set_bonus_base(entered: dict[str, Any]) -> Response:
    """Record a person's bonus base from a day on; the ones before stay."""
    return write(
        lambda kept: maintain_pay.set_bonus_base(web.actor(), web.clock(), NewBonusBase(**entered), kept),
        lambda made: _bonus_base.dump(maintain_pay.find_bonus_base(made)),
        201,
    )


def _show(row: PayrollRow) -> Any:
    language = web.language()
    shown = _line.dump(row)
    return {**shown, "missing": show_gaps(row.gaps, language), "basis": render_basis(row.arithmetic, language)}


def _show_corrected(batch: PayrollBatch | None) -> Any:
    return {"batch": None if batch is None else batch.number}
