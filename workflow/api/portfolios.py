"""Portfolios: the customers of a manager, with the figures of a year."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply_list, write
from workflow.api.declaring import Access
from workflow.api.fields import Day, Number, Part, Points, Schema, Shown, Text, Whole, WholeInAddress
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere
from workflow.api.paging import PageQuery
from workflow.api.reading import refuse_invalid
from workflow.api.today import today
from workflow.errors import FieldError
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.paying import look_up_portfolios, maintain_portfolios
from workflow.services.paying.look_up_portfolios import PortfoliosWanted
from workflow.services.paying.maintain_portfolios import FIRST_YEAR, LAST_YEAR, MOST_ROWS, NAME_LENGTH, PortfolioRow
from workflow.wording import Phrase

CURRENCY_LENGTH = 3

HOW_MANY = Phrase("须有 1 到 {most} 行", "must be 1 to {most} rows")

resource = Resource("portfolios", "客户组合 / Portfolios of customers")


class PortfolioQuery(PageQuery):
    """Whose customers, and of which year the figures are; without a year the present one's."""

    manager = Text()
    q = Text(NAME_LENGTH, load_default="")
    year = WholeInAddress(FIRST_YEAR, LAST_YEAR)


class GrowthQuery(Schema):
    """Whose targets, and of which year; without a year the present one's."""

    manager = Text()
    year = WholeInAddress(FIRST_YEAR, LAST_YEAR)


class PortfolioRowSchema(Schema):
    """A customer with its manager since a day, a part's figures of a year; without a customer a manager's own growth."""

    customer = Text(load_default="")
    name = Text(NAME_LENGTH, load_default="")
    manager = Text(load_default="")
    starts_on = Day()
    ends_on = Day(allow_none=True)
    year = Whole(FIRST_YEAR, LAST_YEAR)
    part = Text(load_default="")
    currency = Text(CURRENCY_LENGTH, load_default="CNY")
    base = Number(allow_none=True)
    growth = Number(allow_none=True)


class TakenSchema(Schema):
    """How many rows were taken in."""

    rows = fields.Integer()


class ManagerTimeSchema(Schema):
    """Who looked after a customer, and for which days."""

    manager = Shown()
    manager_name = Shown()
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)


class FigureSchema(Schema):
    """One part of the year in one currency."""

    part = Shown()
    currency = Shown()
    base = Points()
    growth = Points()


class CustomerSchema(Schema):
    """A customer, those who have looked after it, and the figures of the year."""

    id = Shown()
    customer = Shown(attribute="code")
    name = Shown()
    managers = fields.List(Part(ManagerTimeSchema))
    figures = fields.List(Part(FigureSchema))
    version = fields.Integer()


class GrowthSchema(Schema):
    """What a manager is to add in the year beyond the customers' own growth."""

    manager = Shown()
    manager_name = Shown()
    part = Shown()
    currency = Shown()
    growth = Points()


_customer, _growth = CustomerSchema(), GrowthSchema()


@resource.reads("/portfolio", Access.SIGNED_IN, CustomerSchema(many=True), query=PortfolioQuery)
def list_customers(query: dict[str, Any]) -> Response:
    """List the customers of managers in the caller's scope, and the caller's own."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_portfolios.list_customers(web.actor(), _wanted(query), today(), asked)
    return reply_list(_customer.dump(found.rows, many=True), found.after, found.total)


@resource.reads("/portfolio/growth", Access.SIGNED_IN, GrowthSchema(many=True), query=GrowthQuery)
def list_growth(query: dict[str, Any]) -> Response:
    """List the managers' own growth targets in the caller's scope, and the caller's own."""
    rows = look_up_portfolios.list_growth(web.actor(), _wanted(query), today())
    return reply_list(_growth.dump(rows, many=True), None, len(rows))


@resource.writes(
    "POST",
    "/portfolio",
    Action.PORTFOLIO_WRITE,
    TakenSchema,
    takes=PortfolioRowSchema(many=True),
    status=201,
    guard=may_anywhere(Action.PORTFOLIO_WRITE),
)
def put_portfolio(entered: list[dict[str, Any]]) -> Response:
    """Take in rows, all or none; what a row leaves out stays as it is, and the managers' drafts follow."""
    if not 1 <= len(entered) <= MOST_ROWS:
        refuse_invalid(FieldError("", HOW_MANY, {"most": MOST_ROWS}))
    rows = [PortfolioRow(**row) for row in entered]
    return write(
        lambda kept: maintain_portfolios.put_portfolio(web.actor(), web.clock(), rows, kept),
        lambda taken: {"rows": len(taken)},
        201,
    )


def _wanted(query: dict[str, Any]) -> PortfoliosWanted:
    return PortfoliosWanted(**{"year": today().year, **query})
