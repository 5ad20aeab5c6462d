"""Scorecards: the list, one card, its record, its form."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api import card_views
from workflow.api.answering import reply, reply_list, write
from workflow.api.card_schemas import CardSchema, CardSummarySchema
from workflow.api.fields import Choice, FlagInAddress, Instant, PeriodLabel, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.letterhead import letterhead
from workflow.api.paging import PageQuery
from workflow.policy import Action, State
from workflow.services.paging import PageAsked
from workflow.services.record import form_key, give_receipt
from workflow.services.scorecards import cards, export_plan, look_up_cards, look_up_mine
from workflow.services.scorecards.look_up_cards import SORTS, CardFilter

PDF = "application/pdf"
JSON = "application/json"

resource = Resource("scorecards", "评分表 / Scorecards")


class CardsQuery(PageQuery):
    """What the list is narrowed to."""

    plan = Text()
    period = PeriodLabel()
    unit = Text()
    state = Choice(State)
    subject = Text()
    scheme = Text()
    mine = FlagInAddress()
    revisions = Choice(("current", "all"), load_default="current")
    sort = Choice(SORTS, load_default=None)


class AcknowledgementSchema(Schema):
    """That the appraised person has read the card."""

    id = Shown()
    card = Shown(attribute="scorecard_id")
    at = Instant()
    version = fields.Integer()


_acknowledgement = AcknowledgementSchema()


@resource.reads("/scorecards", Action.CARD_SEE, CardSummarySchema(many=True), query=CardsQuery)
def list_cards(query: dict[str, Any]) -> Response:
    """List the scorecards that the caller may see."""
    asked, sort = PageAsked(query.pop("per_page"), query.pop("after")), query.pop("sort")
    narrowed = CardFilter(all_revisions=query.pop("revisions") == "all", **query)
    found = look_up_cards.list_cards(web.actor(), narrowed, asked, sort)
    return reply_list(card_views.show_rows(found.rows), found.after, found.total)


@resource.reads("/scorecards/<card_id>", Action.CARD_SEE, CardSchema)
def one_card(card_id: str) -> Response:
    """Read one scorecard with its items and the basis of every point."""
    return reply(card_views.read_card(web.actor(), cards.card_id_of(card_id)))


@resource.writes("POST", "/scorecards/<card_id>/acknowledgement", Action.CARD_ACKNOWLEDGE, AcknowledgementSchema)
def mark_as_read(card_id: str) -> Response:
    """Say that one has read one's own published scorecard; a second time changes nothing."""
    number = cards.card_id_of(card_id)
    return write(lambda kept: look_up_mine.acknowledge(web.actor(), web.clock(), number, kept), _acknowledgement.dump)


@resource.reads("/scorecards/<card_id>/receipt", Action.CARD_RECORD, None, media_type=JSON)
def receipt_of_card(card_id: str) -> Response:
    """Get a published card's records with the proof that they stand in the log, to be checked anywhere."""
    name, content = give_receipt.give_receipt(web.actor(), cards.card_id_of(card_id))
    return Response(content, mimetype=JSON, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@resource.reads("/scorecards/<card_id>/form.pdf", Action.CARD_FORM, None, media_type=PDF)
def form_of_card(card_id: str) -> Response:
    """Get the printed form of one scorecard."""
    number = cards.card_id_of(card_id)
    form = export_plan.form_of_card(web.actor(), web.clock(), number, letterhead(), form_key.of(web.settings()))
    return Response(form, mimetype=PDF)
