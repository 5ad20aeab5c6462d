"""Who is late in a plan, and reminding them."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, write
from workflow.api.fields import Choice, Day, Part, Schema, Shown
from workflow.api.frame import Resource
from workflow.api.guards import may_change_plan
from workflow.api.today import today
from workflow.policy import Action
from workflow.services.plans import remind
from workflow.services.plans.late_work import CARDS, RATINGS, VALUES
from workflow.services.plans.plan import STEPS

resource = Resource("reminders", "催办 / Reminders")


class LatePersonSchema(Schema):
    """Somebody who holds late work; `on_behalf_of` where they do as a delegate."""

    username = Shown()
    name = Shown()
    on_behalf_of = Shown(allow_none=True)
    reminded_on = Day(allow_none=True)


class LateWorkSchema(Schema):
    """What is late in a step: in which unit (none: the whole plan), how much of what, and who holds it."""

    step = Choice(STEPS)
    due = Day()
    unit = Shown(allow_none=True)
    unit_name = Shown(allow_none=True)
    count = fields.Integer()
    of = Choice((CARDS, VALUES, RATINGS))
    people = fields.List(Part(LatePersonSchema))


class RemindSchema(Schema):
    """Of which step to remind."""

    step = Choice(STEPS, required=True)


class RemindedSchema(Schema):
    """Who has been reminded of a step."""

    plan = Shown()
    step = Choice(STEPS)
    people = fields.List(Part(LatePersonSchema))


_reminded = RemindedSchema()


@resource.reads("/plans/<code>/late", Action.PLANS_MANAGE, LateWorkSchema(many=True), guard=may_change_plan)
def late_work(code: str) -> Response:
    """List what is late in a plan today, by step and unit, with who holds the work."""
    return reply(LateWorkSchema(many=True).dump(remind.late_work(web.actor(), code, today())))


@resource.writes(
    "POST",
    "/plans/<code>/reminders",
    Action.PLANS_MANAGE,
    RemindedSchema,
    takes=RemindSchema,
    status=201,
    guard=may_change_plan,
)
def send_reminders(entered: dict[str, Any], code: str) -> Response:
    """Remind those who are late with a step, each at most once a day."""
    return write(
        lambda kept: remind.remind(web.actor(), web.clock(), code, entered["step"], kept, web.terms()),
        _reminded.dump,
        201,
    )
