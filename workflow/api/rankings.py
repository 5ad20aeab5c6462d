"""The ranking of a plan: ranks, grades, version, provisional or final."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.fields import Choice, Instant, Part, Points, Schema, Shown
from workflow.api.frame import Resource
from workflow.lifecycle.plan import State
from workflow.models.rankings import RANKING_STATES
from workflow.policy import Action
from workflow.scoring.terms import Absence, Within
from workflow.services import look_up_ranks

resource = Resource("rankings", "排名 / Rankings")


class RankedCardSchema(Schema):
    """One line: its rank or why it has none; `climbed` says by how many places it is better than in the period before."""

    card = Shown(attribute="card_id")
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    total = Points(allow_none=True)
    tie_values = fields.List(Shown(allow_none=True))
    rank = fields.Integer(allow_none=True)
    absent = Choice(Absence, attribute="absence", allow_none=True)
    grade = Shown(allow_none=True)
    before = fields.Integer(allow_none=True)
    climbed = fields.Integer(allow_none=True)


class GroupRankingSchema(Schema):
    """The newest version of one group's ranking, as far as the caller sees it; `ranked` counts the whole group."""

    family = Shown()
    within = Choice(Within)
    group = Shown()
    group_title = Shown()
    version = fields.Integer()
    state = Choice(RANKING_STATES)
    at = Instant()
    ranked = fields.Integer()
    grades = fields.Dict(keys=Shown(), values=fields.Integer())
    entries = fields.List(Part(RankedCardSchema))


class PlanRankingSchema(Schema):
    """The rankings of a plan, none before its publication."""

    plan = Shown()
    period = Shown()
    state = Choice(State)
    groups = fields.List(Part(GroupRankingSchema))


_ranking = PlanRankingSchema()


@resource.reads("/plans/<code>/ranking", Action.RANKING_SEE, PlanRankingSchema)
def ranking_of_plan(code: str) -> Response:
    """Get the ranks and grades of a published plan, as far as the caller may see them."""
    return reply(_ranking.dump(look_up_ranks.plan_ranking(web.actor(), code)))
