"""Ranking groups 考核单元: units whose people are ranked together."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import Day, Part, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_group
from workflow.api.one_change import Change, choose
from workflow.api.reading import seen_version
from workflow.policy import COMPANY, Action
from workflow.services.ranking import look_up_groups, maintain_groups

TITLE_LENGTH = 128

resource = Resource("groups", "考核单元 / Ranking groups")


class NewGroupSchema(Schema):
    """A new ranking group; units are added to it afterwards."""

    code = Text(required=True)
    title = Text(TITLE_LENGTH, required=True)


class ChangeGroupSchema(Schema):
    """One change: a unit comes in (unit, starts_on, perhaps ends_on), or goes out (unit, last_day)."""

    unit = Text()
    starts_on = Day()
    ends_on = Day(allow_none=True)
    last_day = Day()


class GroupedUnitSchema(Schema):
    """A unit of the group, and for which days."""

    unit = Shown()
    unit_name = Shown()
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)


class GroupSchema(Schema):
    """A ranking group with its units, those of former times too."""

    code = Shown()
    title = Shown()
    units = fields.List(Part(GroupedUnitSchema))
    version = fields.Integer()


CHANGES = (
    Change(maintain_groups.add_unit, frozenset({"unit", "starts_on"}), frozenset({"ends_on"})),
    Change(maintain_groups.take_out, frozenset({"unit", "last_day"})),
)

_group = GroupSchema()


@resource.reads("/groups", Action.UNITS_SEE, GroupSchema(many=True), guard=may_anywhere(Action.UNITS_SEE))
def list_groups() -> Response:
    """List the ranking groups."""
    rows = look_up_groups.list_groups(web.actor())
    return reply_list(_group.dump(rows, many=True), None, len(rows))


@resource.reads("/groups/<code>", Action.UNITS_SEE, GroupSchema)
def one_group(code: str) -> Response:
    """Read one ranking group."""
    return reply(_show(code))


@resource.writes(
    "POST",
    "/groups",
    Action.UNITS_WRITE,
    GroupSchema,
    takes=NewGroupSchema,
    status=201,
    guard=may_anywhere(Action.UNITS_WRITE, COMPANY),
)
def create_group(entered: dict[str, Any]) -> Response:
    """Make a ranking group."""
    return write(
        lambda kept: maintain_groups.create_group(web.actor(), web.clock(), **entered, kept=kept),
        lambda group: _show(group.code),
        201,
    )


@resource.writes(
    "PATCH",
    "/groups/<code>",
    Action.UNITS_WRITE,
    GroupSchema,
    takes=ChangeGroupSchema,
    versioned=True,
    guard=may_change_group,
)
def change_group(entered: dict[str, Any], code: str) -> Response:
    """Let a unit into the group, or out of it."""
    act = choose(entered, CHANGES)
    return write(
        lambda kept: act(web.actor(), web.clock(), code, **entered, seen_version=seen_version(), kept=kept),
        lambda group: _show(group.code),
    )


def _show(code: str) -> Any:
    return _group.dump(look_up_groups.find_group(web.actor(), code))
