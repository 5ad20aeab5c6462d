"""汇率 and 客户组合: what profit targets follow from."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import decimal_text
from workflow.pages.views.amounts import (
    CustomerRow,
    Figure,
    Held,
    OwnGrowth,
    PortfoliosPage,
    RateRow,
    RatesPage,
)
from workflow.pages.views.shell import Pager
from workflow.policy import COMPANY, Action, decide_unit, unit_scope
from workflow.services.paging import PageAsked
from workflow.services.paying import look_up_portfolios, look_up_rates
from workflow.services.paying.look_up_portfolios import FigureRow, PortfoliosWanted

PER_PAGE = 50
DIGITS_OF_A_YEAR = 4


@blueprint.get("/manage/rates")
def rates() -> ResponseReturnValue:
    """Show every rate that was entered, the newest first."""
    actor, asked = web.actor(), request.args
    currency, after = asked.get("currency", "").strip().upper(), asked.get("after") or None
    found = look_up_rates.list_rates(actor, currency or None, PageAsked(PER_PAGE, after))
    page = RatesPage(
        rows=tuple(_rate(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        currency=currency,
        may_edit=decide_unit(actor, Action.RATES_WRITE, COMPANY) is None,
        today=today(),
    )
    return render_template("manage/rates.html", page=page)


@blueprint.get("/manage/portfolios")
def portfolios() -> ResponseReturnValue:
    """Show the customers of the managers in reach, or one's own, with the figures of a year."""
    actor, asked = web.actor(), request.args
    year, after = asked.get("year", ""), asked.get("after") or None
    wanted = PortfoliosWanted(
        year=int(year) if len(year) == DIGITS_OF_A_YEAR and year.isascii() and year.isdigit() else today().year,
        manager=asked.get("manager") or None,
        q=asked.get("q", ""),
    )
    found = look_up_portfolios.list_customers(actor, wanted, today(), PageAsked(PER_PAGE, after))
    growth = look_up_portfolios.list_growth(actor, wanted, today())
    page = PortfoliosPage(
        rows=tuple(_customer(each) for each in found.rows),
        growth=tuple(OwnGrowth(each.manager_name, each.manager, _growth(each)) for each in growth),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        year=wanted.year,
        q=wanted.q,
        manager=wanted.manager or "",
        may_edit=bool(unit_scope(actor, Action.PORTFOLIO_WRITE)),
        today=today(),
    )
    return render_template("manage/portfolios.html", page=page)


def _rate(each: look_up_rates.RateRow) -> RateRow:
    rate = decimal_text(each.rate)
    return RateRow(str(each.id), each.currency, each.starts_on, rate, each.source, each.reason, each.replaced)


def _customer(each: look_up_portfolios.CustomerRow) -> CustomerRow:
    held = tuple(Held(one.manager_name, one.manager, one.starts_on, one.ends_on) for one in each.managers)
    return CustomerRow(each.code, each.name, held, tuple(_figure(one) for one in each.figures))


def _figure(each: FigureRow) -> Figure:
    return Figure(each.part, each.currency, f"{each.base:,f}", f"{each.growth:,f}")


def _growth(each: look_up_portfolios.GrowthRow) -> Figure:
    return Figure(each.part, each.currency, "", f"{each.growth:,f}")
