"""People: who belongs where."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import REASON_LENGTH, Choice, Day, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_change_person
from workflow.api.one_change import Change, choose
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.models.organisation import Person
from workflow.policy import Action, Actor
from workflow.services.clock import Clock
from workflow.services.paging import PageAsked
from workflow.services.people import look_up_organisation, maintain_people
from workflow.services.people.look_up_organisation import PeopleWanted
from workflow.services.people.maintain_people import CODE_LENGTH, NAME_LENGTH, POST_LENGTH, NewPerson, Post
from workflow.services.unit_of_work import Kept

resource = Resource("people", "人员 / People")


class PeopleQuery(PageQuery):
    """Which people: of a unit and below it, with this in code, name or sound, on a post or not."""

    unit = Text()
    q = Text()
    standing = Choice(("active", "left", "all"), load_default="active")


class PersonSchema(Schema):
    """A person with the present or else the last post."""

    id = Shown()
    code = Shown()
    name = Shown()
    unit = Shown(attribute="unit_code", allow_none=True)
    unit_name = Shown(attribute="unit_title", allow_none=True)
    post = Shown()
    since = Day(allow_none=True)
    until = Day(allow_none=True)
    active = fields.Boolean()
    username = Shown(allow_none=True)
    version = fields.Integer()


class NewPersonSchema(Schema):
    """A person who joins a unit."""

    code = Text(CODE_LENGTH, required=True)
    name = Text(NAME_LENGTH, required=True)
    unit = Text(required=True)
    post = Text(POST_LENGTH, load_default="")
    since = Day(required=True)


class ChangePersonSchema(Schema):
    """One change at a time: the name; another post from a day on; or the last day."""

    name = Text(NAME_LENGTH)
    unit = Text()
    post = Text(POST_LENGTH)
    since = Day()
    last_day = Day()
    reason = Text(REASON_LENGTH)


_person = PersonSchema()


def _transfer(
    actor: Actor, clock: Clock, code: str, *, seen_version: int | None, kept: Kept | None, **entered: Any
) -> Person:
    to = Post(entered["unit"], entered.get("post", ""), entered["since"])
    return maintain_people.transfer(actor, clock, code, to, seen_version=seen_version, kept=kept)


CHANGES = (
    Change(maintain_people.rename_person, frozenset({"name"})),
    Change(_transfer, frozenset({"unit", "since"}), frozenset({"post"})),
    Change(maintain_people.leave, frozenset({"last_day"}), frozenset({"reason"})),
)


@resource.reads("/people", Action.PEOPLE_SEE, PersonSchema(many=True), query=PeopleQuery)
def list_people(query: dict[str, Any]) -> Response:
    """List people in the caller's scope, by the sound of their names."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_organisation.list_people(web.actor(), PeopleWanted(**query), today(), asked)
    return reply_list(_person.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/people/<code>", Action.PEOPLE_SEE, PersonSchema)
def one_person(code: str) -> Response:
    """Read one person."""
    return reply(_show(code))


@resource.writes(
    "POST",
    "/people",
    Action.PEOPLE_WRITE,
    PersonSchema,
    takes=NewPersonSchema,
    status=201,
    guard=may_anywhere(Action.PEOPLE_WRITE),
)
def create_person(entered: dict[str, Any]) -> Response:
    """Let a person join a unit."""
    return write(
        lambda kept: maintain_people.create_person(web.actor(), web.clock(), NewPerson(**entered), kept),
        lambda person: _show(person.code),
        201,
    )


@resource.writes(
    "PATCH",
    "/people/<code>",
    Action.PEOPLE_WRITE,
    PersonSchema,
    takes=ChangePersonSchema,
    versioned=True,
    guard=may_change_person,
)
def change_person(entered: dict[str, Any], code: str) -> Response:
    """Change a person's name, give them another post, or let them leave."""
    act = choose(entered, CHANGES)
    return write(
        lambda kept: act(web.actor(), web.clock(), code, **entered, seen_version=seen_version(), kept=kept),
        lambda person: _show(person.code),
    )


def _show(code: str) -> Any:
    return _person.dump(look_up_organisation.find_person(web.actor(), code, today()))
