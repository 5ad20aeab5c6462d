"""The tree of units, and who has which function in them."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import Choice, Day, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_unit
from workflow.api.one_change import Change, choose
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.models.organisation import Unit
from workflow.policy import Action, Actor
from workflow.services.clock import Clock
from workflow.services.people import look_up_organisation, maintain_organisation
from workflow.services.people.maintain_organisation import CODE_LENGTH, TITLE_LENGTH, Appointment, Function, NewUnit
from workflow.services.unit_of_work import Kept

resource = Resource("units", "单位 / Units")


class UnitSchema(Schema):
    """A unit; `people` counts its own members today, not those below it."""

    id = Shown()
    code = Shown()
    title = Shown()
    parent = Shown(attribute="parent_code", allow_none=True)
    head = Shown(attribute="head_code", allow_none=True)
    head_name = Shown(allow_none=True)
    people = fields.Integer()
    version = fields.Integer()


class NewUnitSchema(Schema):
    """A new unit; without a parent it is a top."""

    code = Text(CODE_LENGTH, required=True)
    title = Text(TITLE_LENGTH, required=True)
    parent = Text(CODE_LENGTH, load_default=None, allow_none=True)


class ChangeUnitSchema(Schema):
    """One change at a time: the title; the parent; who has a function from a day on; or the last day of a function."""

    title = Text(TITLE_LENGTH)
    parent = Text(CODE_LENGTH, allow_none=True)
    function = Choice(Function)
    person = Text()
    starts_on = Day()
    ends_on = Day(allow_none=True)
    last_day = Day()


_unit = UnitSchema()


def _appoint(
    actor: Actor, clock: Clock, code: str, *, seen_version: int | None, kept: Kept | None, **entered: Any
) -> Unit:
    to = Appointment(**entered)
    return maintain_organisation.appoint(actor, clock, code, to, seen_version=seen_version, kept=kept)


CHANGES = (
    Change(maintain_organisation.rename_unit, frozenset({"title"})),
    Change(maintain_organisation.move_unit, frozenset({"parent"})),
    Change(_appoint, frozenset({"function", "person", "starts_on"}), frozenset({"ends_on"})),
    Change(maintain_organisation.relieve, frozenset({"function", "last_day"})),
)


@resource.reads("/units", Action.UNITS_SEE, UnitSchema(many=True))
def list_units() -> Response:
    """List the units in the caller's scope, in the order in which the tree is walked."""
    rows = look_up_organisation.list_units(web.actor(), today())
    return reply_list(_unit.dump(rows, many=True), None, len(rows))


@resource.reads("/units/<code>", Action.UNITS_SEE, UnitSchema)
def one_unit(code: str) -> Response:
    """Read one unit."""
    return reply(_show(code))


@resource.writes(
    "POST",
    "/units",
    Action.UNITS_WRITE,
    UnitSchema,
    takes=NewUnitSchema,
    status=201,
    guard=may_anywhere(Action.UNITS_WRITE),
)
def create_unit(entered: dict[str, Any]) -> Response:
    """Add a unit to the tree."""
    return write(
        lambda kept: maintain_organisation.create_unit(web.actor(), web.clock(), NewUnit(**entered), kept),
        lambda unit: _show(unit.code),
        201,
    )


@resource.writes(
    "PATCH",
    "/units/<code>",
    Action.UNITS_WRITE,
    UnitSchema,
    takes=ChangeUnitSchema,
    versioned=True,
    guard=may_change_unit,
)
def change_unit(entered: dict[str, Any], code: str) -> Response:
    """Rename or move a unit, or change who has a function in it."""
    act = choose(entered, CHANGES)
    return write(
        lambda kept: act(web.actor(), web.clock(), code, **entered, seen_version=seen_version(), kept=kept),
        lambda unit: _show(unit.code),
    )


def _show(code: str) -> Any:
    return _unit.dump(look_up_organisation.find_unit(web.actor(), code, today()))
