"""The ranking of a plan: ranks, grades, version, provisional or final."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.fields import Choice, Part, Schema, Shown
from workflow.api.frame import Resource
from workflow.api.ranking_schemas import GroupRankingSchema
from workflow.lifecycle.plan import State
from workflow.policy import Action
from workflow.services.ranking import look_up_ranks

resource = Resource("rankings", "排名 / Rankings")


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
