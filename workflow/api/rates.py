"""Exchange rates: what one unit of a currency is worth in the company's, from a day on."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply_list, write
from workflow.api.fields import REASON_LENGTH, Day, Number, Points, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere
from workflow.api.paging import PageQuery
from workflow.models.rates import ExchangeRate
from workflow.policy import COMPANY, Action
from workflow.services.paging import PageAsked
from workflow.services.paying import look_up_rates, maintain_rates

CURRENCY_LENGTH = 3

resource = Resource("rates", "汇率 / Exchange rates")


class RatesQuery(PageQuery):
    """What the list is narrowed to."""

    currency = Text(CURRENCY_LENGTH)


class NewRateSchema(Schema):
    """A rate from a day on; where that day has one already it is corrected, or taken back by null, and `reason` says why."""

    currency = Text(CURRENCY_LENGTH, required=True)
    starts_on = Day(required=True)
    rate = Number(required=True, allow_none=True)
    source = Text(maintain_rates.SOURCE_LENGTH, required=True)
    reason = Text(REASON_LENGTH, load_default="")


class RateSchema(Schema):
    """A rate as it was entered; `replaced` by a later correction of the same day."""

    id = Shown()
    currency = Shown()
    starts_on = fields.Date()
    rate = Points(allow_none=True)
    source = Shown()
    reason = Shown()
    replaced = fields.Boolean()
    version = fields.Integer()


_rate = RateSchema()


@resource.reads(
    "/rates", Action.RATES_SEE, RateSchema(many=True), query=RatesQuery, guard=may_anywhere(Action.RATES_SEE)
)
def list_rates(query: dict[str, Any]) -> Response:
    """List every rate that was entered, corrected ones too, the newest first."""
    asked = PageAsked(query["per_page"], query["after"])
    found = look_up_rates.list_rates(web.actor(), query.get("currency"), asked)
    return reply_list(_rate.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/rates",
    Action.RATES_WRITE,
    RateSchema,
    takes=NewRateSchema,
    status=201,
    guard=may_anywhere(Action.RATES_WRITE, COMPANY),
)
def put_rate(entered: dict[str, Any]) -> Response:
    """Enter a rate, or correct the one of that day; drafts follow."""
    return write(lambda kept: maintain_rates.put_rate(web.actor(), web.clock(), **entered, kept=kept), _show, 201)


def _show(row: ExchangeRate) -> Any:
    return _rate.dump(look_up_rates.as_row(row))
