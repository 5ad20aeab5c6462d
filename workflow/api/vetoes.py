"""Vetoes 一票否决 on scorecards."""

from typing import Any

from flask import Response

from workflow import web
from workflow.api import card_views
from workflow.api.answering import write
from workflow.api.card_schemas import CardSchema
from workflow.api.fields import REASON_LENGTH, Day, Schema, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_veto_card
from workflow.api.reading import seen_version
from workflow.models.scorecards import Scorecard
from workflow.policy import Action
from workflow.services.scorecards import cards, veto

resource = Resource("vetoes", "一票否决 / Vetoes")


class VetoSchema(Schema):
    """One veto of the card's scheme, with the day of what happened and the reason."""

    code = Text(required=True)
    on = Day(required=True)
    reason = Text(REASON_LENGTH, required=True)


class LiftSchema(Schema):
    """Why a veto is taken back."""

    reason = Text(REASON_LENGTH, required=True)


@resource.writes(
    "POST",
    "/scorecards/<card_id>/vetoes",
    Action.CARD_EDIT,
    CardSchema,
    takes=VetoSchema,
    status=201,
    versioned=True,
    guard=may_veto_card,
)
def enter_veto(entered: dict[str, Any], card_id: str) -> Response:
    """Enter a veto: the total is cut and the grade set as the scheme says."""
    number = cards.card_id_of(card_id)
    entry = {**entered, "on": entered["on"].isoformat()}
    return write(
        lambda kept: veto.enter_veto(web.actor(), web.clock(), number, entry, seen_version=seen_version(), kept=kept),
        _show,
        201,
    )


@resource.writes(
    "POST",
    "/scorecards/<card_id>/vetoes/<code>/lift",
    Action.CARD_EDIT,
    CardSchema,
    takes=LiftSchema,
    versioned=True,
    guard=may_veto_card,
)
def lift_veto(entered: dict[str, Any], card_id: str, code: str) -> Response:
    """Take a veto back with a reason; the record keeps that it stood."""
    number = cards.card_id_of(card_id)
    return write(
        lambda kept: veto.lift_veto(
            web.actor(), web.clock(), number, code, entered["reason"], seen_version=seen_version(), kept=kept
        ),
        _show,
    )


def _show(card: Scorecard) -> Any:
    return card_views.read_card(web.actor(), card.id)
