"""Orders of erasure: what one would take of a person, and carrying it out."""

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, write
from workflow.api.fields import Instant, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere
from workflow.api.moves import LONGEST_SECRET, prove
from workflow.policy import COMPANY, Action
from workflow.services.erasing import erase
from workflow.services.erasing.erase import LONGEST_ORDER

resource = Resource("erasures", "删除令 / Orders of erasure")


class ForeseenSchema(Schema):
    """What an order would erase: entities by kind, and how many records, files and imports; and what stays.

    `signed` counts signatures given in office, `named` records of others that hold the name; `unfinished` names the cards
    that have to be approved or voided first.
    """

    entities = fields.Dict(keys=fields.String(), values=fields.Integer())
    records = fields.Integer()
    files = fields.Integer()
    imports = fields.Integer()
    signed = fields.Integer()
    named = fields.Integer()
    unfinished = fields.List(fields.String())


class NewErasureSchema(Schema):
    """The order (its number, who gave it), with the password again or a one-time code; it can't be undone."""

    order = Text(LONGEST_ORDER, required=True)
    password = Text(LONGEST_SECRET, allow_none=True)
    otp = Text(LONGEST_SECRET, allow_none=True)


class ErasureSchema(Schema):
    """An order that was carried out."""

    number = fields.Integer()
    at = Instant()
    order = Shown(attribute="order_text")


_may = may_anywhere(Action.PEOPLE_ERASE, COMPANY)


@resource.reads("/people/<code>/erasure", Action.PEOPLE_ERASE, ForeseenSchema, guard=_may)
def foresee_erasure(code: str) -> Response:
    """Read what an order would erase of a person, and what would stay."""
    return reply(ForeseenSchema().dump(erase.foresee(web.actor(), code)))


@resource.writes(
    "POST", "/people/<code>/erasure", Action.PEOPLE_ERASE, ErasureSchema, takes=NewErasureSchema, status=201, guard=_may
)
def erase_person(entered: dict[str, str | None], code: str) -> Response:
    """Carry an order out: everything that is kept of the person in words goes, for good."""
    proof = prove(entered.get("password"), entered.get("otp"))
    order = str(entered["order"])
    return write(
        lambda kept: erase.erase_person(web.actor(), web.clock(), code, order, proof, kept),
        lambda erasure: ErasureSchema().dump(erasure),
        201,
    )
