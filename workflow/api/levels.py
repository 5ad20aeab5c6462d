"""Levels 等级 of people: which, how gained, from which day to which, and by what it was earned."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.entries import EntriesQuery, EntryMoveSchema
from workflow.api.fields import REASON_LENGTH, Choice, Day, Number, Part, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_level
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle.level import Employment, Level, Way
from workflow.lifecycle.personnel import State
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.people import give_level, look_up_personnel
from workflow.services.people.give_level import NewLevel
from workflow.services.people.look_up_personnel import EntriesWanted, LevelRow
from workflow.services.people.personnel import CODE_LENGTH, PAPERS_LENGTH
from workflow.services.scorecards.cards import card_id_of

resource = Resource("levels", "等级 / Levels")


class LevelEvidenceSchema(Schema):
    """What earned a level: the marks of the examination and the pass mark, the average deposits and their threshold."""

    written = Number()
    oral = Number()
    pass_mark = Number()
    average_deposits = Number()
    deposit_threshold = Number()
    papers = Text(PAPERS_LENGTH)


class LevelSchema(Schema):
    """A level as it was given; a provisional one was gained by deposits. The newest that has begun holds."""

    id = Shown()
    person = Shown()
    person_name = Shown()
    unit = Shown(allow_none=True)
    level = Choice(Level)
    way = Choice(Way)
    provisional = fields.Boolean()
    employment = Choice(Employment)
    starts_on = Day()
    ends_on = Day(allow_none=True)
    evidence = Part(LevelEvidenceSchema)
    reason = Shown()
    state = Choice(State)
    void_reason = Shown(allow_none=True)
    version = fields.Integer()
    allowed = fields.List(Shown())


class NewLevelSchema(Schema):
    """A new level: an examination needs its marks, deposits their figures too, a decision its reason alone."""

    person = Text(CODE_LENGTH, required=True)
    level = Choice(Level, required=True)
    way = Choice(Way, required=True)
    employment = Choice(Employment, load_default=Employment.STAFF)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    evidence = Part(LevelEvidenceSchema, load_default=dict)
    reason = Text(REASON_LENGTH, required=True)


_level = LevelSchema()


@resource.reads("/levels", Action.PEOPLE_SEE, LevelSchema(many=True), query=EntriesQuery)
def list_levels(query: dict[str, Any]) -> Response:
    """List the levels of people in the caller's scope, and the caller's own, the newest first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_personnel.list_levels(web.actor(), EntriesWanted(**query), today(), asked)
    return reply_list([_dump(row) for row in found.rows], found.after, found.total)


@resource.reads("/levels/<level_id>", Action.PEOPLE_SEE, LevelSchema)
def one_level(level_id: str) -> Response:
    """Read one level."""
    return reply(_show(card_id_of(level_id)))


@resource.writes(
    "POST",
    "/levels",
    Action.PEOPLE_WRITE,
    LevelSchema,
    takes=NewLevelSchema,
    status=201,
    guard=may_anywhere(Action.PEOPLE_WRITE),
)
def enter_level(entered: dict[str, Any]) -> Response:
    """Give a person a level."""
    evidence = entered.pop("evidence")
    new = NewLevel(**entered, papers=evidence.pop("papers", ""), figures=evidence)
    return write(
        lambda kept: give_level.give_level(web.actor(), web.clock(), new, kept), lambda given: _show(given.id), 201
    )


@resource.writes(
    "POST",
    "/levels/<level_id>/transitions",
    Action.PEOPLE_WRITE,
    LevelSchema,
    takes=EntryMoveSchema,
    versioned=True,
    guard=may_move_level,
)
def move_level(entered: dict[str, Any], level_id: str) -> Response:
    """Void a level with a reason, so that the one before holds again; a correction is a new one."""
    number = card_id_of(level_id)
    return write(
        lambda kept: give_level.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept
        ),
        lambda given: _show(given.id),
    )


def _show(level_id: int) -> Any:
    return _dump(look_up_personnel.find_level(web.actor(), level_id, today()))


def _dump(row: LevelRow) -> Any:
    return {**_level.dump(row), "evidence": {**row.figures, "papers": row.papers}}
