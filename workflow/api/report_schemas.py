"""What reports look like in the interface."""

from marshmallow import fields

from workflow.api.card_schemas import GivenSignatureSchema
from workflow.api.fields import Choice, Instant, Part, Points, Schema, Shown, Text
from workflow.api.paging import PageQuery
from workflow.api.ranking_schemas import ReportedRankingSchema
from workflow.lifecycle.plan import State as PlanState
from workflow.models.reports import REMARK_LENGTH, WORDS_LENGTH
from workflow.policy import State


class BandSchema(Schema):
    """How many cards have a total from `least` on, and below `least` + 10."""

    least = fields.Integer()
    cards = fields.Integer()


class ItemAverageSchema(Schema):
    """The average of an item, and in the period before; null where nobody has points, or where it would tell single ones."""

    code = Shown()
    title = Shown()
    full = Points(allow_none=True)
    average = Points(allow_none=True)
    before = Points(allow_none=True)
    change = Points(allow_none=True)


class SchemeReportSchema(Schema):
    """What the published cards of one scheme say together, as far as the caller is told."""

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
    """The figures of a published plan by scheme, as they are now."""

    plan = Shown()
    period = Shown()
    state = Choice(PlanState)
    schemes = fields.List(Part(SchemeReportSchema))


class ReportsQuery(PageQuery):
    """What the list is narrowed to."""

    plan = Text()
    state = Choice(State)


class NewReportSchema(Schema):
    """The plan whose report is begun."""

    plan = Text(required=True)


class WordsSchema(Schema):
    """What is said of the whole plan; what is not given stays."""

    problems = Text(WORDS_LENGTH)
    directions = Text(WORDS_LENGTH)


class NewRemarkSchema(Schema):
    """What is said of an item of a scheme, or of a unit; empty words take back what was said."""

    scheme = Text(load_default=None, allow_none=True)
    item = Text(load_default=None, allow_none=True)
    unit = Text(load_default=None, allow_none=True)
    problem = Text(REMARK_LENGTH, load_default="")
    direction = Text(REMARK_LENGTH, load_default="")


class ReportSummarySchema(Schema):
    """A report in a list: its figures are those of the moment `as_of`."""

    id = Shown()
    plan = Shown()
    plan_title = Shown()
    period = Shown()
    revision = fields.Integer()
    state = Choice(State)
    as_of = Instant()
    published_at = Instant(allow_none=True)
    version = fields.Integer()


class RemarkSchema(Schema):
    """What is said of an item, or without a scheme of a unit."""

    scheme = Shown()
    code = Shown()
    title = Shown()
    problem = Shown()
    direction = Shown()


class ReportSignatureSchema(GivenSignatureSchema):
    """A signature that stands under a report."""

    on_behalf_of = Shown(allow_none=True)


class ReportSchema(ReportSummarySchema):
    """A report as far as the caller is told; `outdated` says to who signs it that the figures are others by now."""

    problems = Shown()
    directions = Shown()
    schemes = fields.List(Part(SchemeReportSchema))
    groups = fields.List(Part(ReportedRankingSchema))
    remarks = fields.List(Part(RemarkSchema))
    signatures = fields.List(Part(ReportSignatureSchema))
    digest = Shown(allow_none=True)
    missing = fields.List(Shown())
    outdated = fields.Boolean()
    allowed = fields.List(Shown())
