"""Reading exchange rates 汇率: which one holds on a day, and the list of all that were entered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from workflow.models.database import db
from workflow.models.rates import ExchangeRate
from workflow.policy import Action, Actor, decide_unit
from workflow.services.fields import permit
from workflow.services.paging import Page, PageAsked, page

_Later = aliased(ExchangeRate)
_Newer = aliased(ExchangeRate)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate as a list shows it; `replaced` by a later correction of the same day."""

    id: int
    currency: str
    starts_on: date
    rate: Decimal | None
    source: str
    reason: str
    replaced: bool
    version: int


def list_rates(actor: Actor, currency: str | None, asked: PageAsked) -> Page[RateRow]:
    """List every rate that was entered, corrected ones too, the newest first; raises Refusal for who may not see them."""
    permit(decide_unit(actor, Action.RATES_SEE))
    query = select(ExchangeRate, _is_replaced(ExchangeRate))
    if currency is not None:
        query = query.where(ExchangeRate.currency == currency)
    return page(query, (ExchangeRate.id,), asked, lambda row: as_row(row[0], replaced=row[1]), newest_first=True)


def as_row(row: ExchangeRate, *, replaced: bool = False) -> RateRow:
    """Give a rate as a list shows it; one just entered has not been replaced."""
    return RateRow(row.id, row.currency, row.starts_on, row.rate, row.source, row.reason, replaced, row.version)


def rates_on(days: Collection[date]) -> dict[date, Mapping[str, ExchangeRate]]:
    """Give for each day the rates that hold then, by currency; in one query."""
    found: dict[date, dict[str, ExchangeRate]] = {day: {} for day in days}
    if not days:
        return {}
    query = select(ExchangeRate).where(_stands(ExchangeRate), or_(*(_holds_on(day) for day in days)))
    for row in db.session.scalars(query.order_by(ExchangeRate.starts_on)):
        for day, rates in found.items():
            if row.starts_on <= day:
                rates[row.currency] = row
    return dict(found)


def _is_replaced(rate: type[ExchangeRate]) -> ColumnElement[bool]:
    """Say in SQL that a later correction of the same day has taken a rate's place."""
    same = and_(_Newer.currency == rate.currency, _Newer.starts_on == rate.starts_on, _Newer.number > rate.number)
    return select(_Newer.id).where(same).exists()


def _stands(rate: type[ExchangeRate]) -> ColumnElement[bool]:
    return and_(rate.rate.is_not(None), ~_is_replaced(rate))


def _holds_on(day: date) -> ColumnElement[bool]:
    """Say in SQL that of a currency's rates this one has begun last by the day."""
    last = select(func.max(_Later.starts_on)).where(
        _Later.currency == ExchangeRate.currency, _Later.starts_on <= day, _stands(_Later)
    )
    return ExchangeRate.starts_on == last.scalar_subquery()
