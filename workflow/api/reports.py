"""The figures of a plan: its totals and their distribution, and each item's average against the period before."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.fields import Choice, Part, Points, Schema, Shown
from workflow.api.frame import Resource
from workflow.lifecycle.plan import State
from workflow.policy import Action
from workflow.services import plan_report

resource = Resource("reports", "考核报告 / Reports")


class BandSchema(Schema):
    """How many cards have a total from `least` on, and below `least` + 10."""

    least = fields.Integer()
    cards = fields.Integer()


class ItemAverageSchema(Schema):
    """The average of an item, and in the period before; null where nobody has points."""

    code = Shown()
    title = Shown()
    full = Points(allow_none=True)
    average = Points(allow_none=True)
    before = Points(allow_none=True)
    change = Points(allow_none=True)


class SchemeReportSchema(Schema):
    """What the published cards of one scheme say together, of the units in the caller's scope."""

    scheme = Shown()
    title = Shown()
    cards = fields.Integer()
    cards_before = fields.Integer()
    average = Points(allow_none=True)
    before = Points(allow_none=True)
    change = Points(allow_none=True)
    highest = Points(allow_none=True)
    lowest = Points(allow_none=True)
    distribution = fields.List(Part(BandSchema))
    grades = fields.Function(lambda report: dict(report.grades), metadata={"type": "object"})
    items = fields.List(Part(ItemAverageSchema))


class PlanReportSchema(Schema):
    """The figures of a published plan by scheme."""

    plan = Shown()
    period = Shown()
    state = Choice(State)
    schemes = fields.List(Part(SchemeReportSchema))


_report = PlanReportSchema()


@resource.reads("/plans/<code>/report", Action.RANKING_SEE, PlanReportSchema)
def report_on_plan(code: str) -> Response:
    """Read the figures of a plan, over the published cards in the caller's scope."""
    return reply(_report.dump(plan_report.report_on(web.actor(), code)))
