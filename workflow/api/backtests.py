"""Back-tests: past plans under a version of a scheme. It writes nothing, so nothing of it is kept either."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply
from workflow.api.declaring import Keeping
from workflow.api.fields import Part, Points, Schema, Several, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_test_scheme
from workflow.policy import Action
from workflow.services.schemes import backtest, look_up_schemes
from workflow.services.scorecards.cards import card_id_of as number_of

resource = Resource("backtests", "回溯试算 / Back-tests")


class BackTestAskedSchema(Schema):
    """The published plans to test on, by their codes."""

    plans = Several(Text(), least=1, most=backtest.MOST_PLANS, required=True)


class StandingSchema(Schema):
    """Where a card stands."""

    total = Points(allow_none=True)
    rank = fields.Integer(allow_none=True)
    grade = Shown(allow_none=True)


class LineSchema(Schema):
    """One card before and after; `missing` lacks points under the scheme, `unread` has an input that it does not take."""

    card = Shown(attribute="card_id")
    plan = Shown()
    period = Shown()
    subject = Shown()
    subject_name = Shown(attribute="name")
    before = Part(StandingSchema)
    after = Part(StandingSchema)
    change = Points(allow_none=True)
    missing = fields.List(Shown())
    unread = fields.List(Shown())


class ConsequenceChangeSchema(Schema):
    """A consequence that would be proposed (`comes`) or would not be any more, with the ranks it rests on."""

    plan = Shown()
    period = Shown()
    subject = Shown()
    subject_name = Shown(attribute="name")
    code = Shown()
    title = Shown()
    comes = fields.Boolean()
    ranks = fields.List(fields.Integer())


class BackTestSchema(Schema):
    """Of how many cards total, rank and grade change, and each card of which anything does."""

    scheme = Shown()
    plans = fields.List(Shown())
    cards = fields.Integer()
    totals_changed = fields.Integer()
    ranks_changed = fields.Integer()
    grades_changed = fields.Integer()
    moved = fields.List(Part(LineSchema))
    consequences = fields.List(Part(ConsequenceChangeSchema))


_back_test = BackTestSchema()


@resource.writes(
    "POST",
    "/schemes/<code>/versions/<number>/backtest",
    Action.SCHEMES_MANAGE,
    BackTestSchema,
    takes=BackTestAskedSchema,
    keeps=Keeping.NOT,
    guard=may_test_scheme,
)
def back_test_version(entered: dict[str, Any], code: str, number: str) -> Response:
    """Score the cards of past plans anew under this version: who moves, and which ranks, grades and consequences change."""
    actor = web.actor()
    scheme = look_up_schemes.find_version(actor, code, number_of(number)).scheme
    found = backtest.back_test(actor, scheme, entered["plans"])
    counts = {f"{what}s_changed": found.count(what) for what in ("total", "rank", "grade")}
    parts = {"scheme": found.scheme, "plans": found.plans, "cards": len(found.lines), **counts}
    return reply(_back_test.dump({**parts, "moved": found.moved, "consequences": found.consequences}))
