"""Schemes: their versions as JSON of the same structure as the files, and how they are signed into force."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.card_schemas import GivenSignatureSchema
from workflow.api.fields import Anything, Choice, PeriodLabel, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_scheme
from workflow.api.moves import MoveSchema, read_move
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.policy import COMPANY, Action, Actor, SchemeState
from workflow.services.paging import PageAsked
from workflow.services.schemes import look_up_schemes, maintain_schemes
from workflow.services.schemes.look_up_schemes import SchemesWanted
from workflow.services.scorecards.cards import card_id_of as number_of

resource = Resource("schemes", "考核方案 / Schemes")


class SchemesQuery(PageQuery):
    """What the list is narrowed to."""

    code = Text()
    state = Choice(SchemeState)


class SchemeSummarySchema(Schema):
    """A version of a scheme in a list; `number` counts the versions of the scheme, `version` the changes of this one."""

    id = Shown()
    code = Shown()
    number = fields.Integer()
    title = Shown()
    state = Choice(SchemeState)
    effective_from = Shown(allow_none=True)
    version = fields.Integer()


class WarningSchema(Schema):
    """Something that is allowed but probably not meant."""

    path = Shown()
    text = Shown()


class SchemeSchema(SchemeSummarySchema):
    """A version in full: its content is what scoring.md describes."""

    content = Anything()
    warnings = fields.List(fields.Nested(WarningSchema))
    signatures = fields.List(fields.Nested(GivenSignatureSchema))
    allowed = fields.List(Shown())


class SchemeMoveSchema(MoveSchema):
    """A move of a version; who prepares it may say from which period it is in force."""

    effective_from = PeriodLabel(allow_none=True)


class SchemeFileSchema(Schema):
    """A scheme; which keys it may have is said by the scheme language itself."""

    class Meta:
        """Whatever comes is handed on."""

        unknown = "include"


_summary = SchemeSummarySchema()
_full = SchemeSchema()


@resource.reads(
    "/schemes",
    Action.SCHEMES_SEE,
    SchemeSummarySchema(many=True),
    query=SchemesQuery,
    guard=may_anywhere(Action.SCHEMES_SEE),
)
def list_schemes(query: dict[str, Any]) -> Response:
    """List the versions of all schemes."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_schemes.list_versions(web.actor(), SchemesWanted(**query), asked)
    return reply_list(_summary.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/schemes/<code>/versions/<number>", Action.SCHEMES_SEE, SchemeSchema)
def one_scheme(code: str, number: str) -> Response:
    """Read one version of a scheme."""
    return reply(_show(web.actor(), code, number_of(number)))


@resource.writes(
    "POST",
    "/schemes",
    Action.SCHEMES_MANAGE,
    SchemeSchema,
    takes=SchemeFileSchema,
    status=201,
    guard=may_anywhere(Action.SCHEMES_MANAGE, COMPANY),
)
def load_scheme(entered: dict[str, Any]) -> Response:
    """Save a scheme as a new draft version; each fault is named by its path."""
    return write(
        lambda kept: maintain_schemes.load_version(web.actor(), web.clock(), entered, kept),
        lambda version: _show(web.actor(), version.code, version.number),
        201,
    )


@resource.writes(
    "POST",
    "/schemes/<code>/versions/<number>/transitions",
    Action.SCHEMES_SEE,
    SchemeSchema,
    takes=SchemeMoveSchema,
    versioned=True,
    guard=may_move_scheme,
)
def move_scheme(entered: dict[str, Any], code: str, number: str) -> Response:
    """Move a version through its life."""
    place, asked = number_of(number), read_move(entered)
    return write(
        lambda kept: maintain_schemes.move(
            web.actor(),
            web.clock(),
            code,
            place,
            asked,
            seen_version=seen_version(),
            effective_from=entered.get("effective_from"),
            kept=kept,
        ),
        lambda version: _show(web.actor(), version.code, version.number),
    )


def _show(actor: Actor, code: str, number: int) -> Any:
    found = look_up_schemes.find_version(actor, code, number)
    warnings = [{"path": each.path, "text": each.say(actor.language)} for each in found.warnings]
    parts = {"content": found.version.content, "signatures": found.signatures, "allowed": found.allowed}
    return {**_summary.dump(found.version), **_full.dump({**parts, "warnings": warnings})}
