"""The shapes of rankings, as they are now and as a report has kept them."""

from marshmallow import fields

from workflow.api.fields import Choice, Instant, Part, Points, Schema, Shown
from workflow.models.rankings import RANKING_STATES
from workflow.scoring.terms import Absence, Within


class RankedLineSchema(Schema):
    """One line: its rank or why it has none; `climbed` says by how many places it is better than in the period before."""

    card = Shown(attribute="card_id")
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    total = Points(allow_none=True)
    rank = fields.Integer(allow_none=True)
    absent = Choice(Absence, attribute="absence", allow_none=True)
    grade = Shown(allow_none=True)
    before = fields.Integer(allow_none=True)
    climbed = fields.Integer(allow_none=True)


class RankedCardSchema(RankedLineSchema):
    """A line with the values that settle a tie."""

    tie_values = fields.List(Shown(allow_none=True))


class ToldRankingSchema(Schema):
    """The ranking of one group as far as the caller is told; `ranked` counts the whole group."""

    family = Shown()
    within = Choice(Within)
    group = Shown()
    group_title = Shown()
    version = fields.Integer()
    state = Choice(RANKING_STATES)
    ranked = fields.Integer()
    entries = fields.List(Part(RankedLineSchema))


class ReportedRankingSchema(ToldRankingSchema):
    """The ranking of one group as a report has kept it, with the titles of its schemes."""

    schemes = fields.List(Shown())


class GroupRankingSchema(ToldRankingSchema):
    """The newest version of one group's ranking, as far as the caller sees it, with how many have each grade."""

    at = Instant()
    grades = fields.Dict(keys=Shown(), values=fields.Integer())
    entries = fields.List(Part(RankedCardSchema))
