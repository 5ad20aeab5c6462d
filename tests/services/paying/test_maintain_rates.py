"""Exchange rates hold from a day on; none is overwritten, a correction says why, and drafts follow."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.rates import ExchangeRate
from workflow.services.paging import PageAsked
from workflow.services.paying.look_up_rates import list_rates, rates_on
from workflow.services.paying.maintain_rates import put_rate

OCTOBER = date(2026, 10, 1)


def put(
    company: Company, starts_on: date, rate: object, reason: str = "", by: str = "admin", currency: str = "USD"
) -> ExchangeRate:
    return put_rate(
        company.actor(by),
        company.clock,
        currency=currency,
        starts_on=starts_on,
        rate=rate,
        source="外汇牌价",
        reason=reason,
    )


def on(day: date) -> Decimal | None:
    stored = rates_on([day])[day].get("USD")
    return None if stored is None else stored.rate


def test_a_rate_holds_until_a_later_one_begins(company: Company) -> None:
    put(company, OCTOBER, "7.1")
    put(company, date(2026, 10, 20), "7.2")
    days = [date(2026, 9, 30), OCTOBER, date(2026, 10, 19), date(2026, 10, 20), date(2027, 5, 1)]
    assert [on(day) for day in days] == [None, Decimal("7.1"), Decimal("7.1"), Decimal("7.2"), Decimal("7.2")]
    several = rates_on(days)
    assert several[OCTOBER]["USD"].rate == Decimal("7.1")
    assert several[date(2026, 9, 30)] == {}


def test_a_correction_takes_the_place_of_the_rate_and_leaves_it_written(company: Company) -> None:
    wrong = put(company, OCTOBER, "71")
    right = put(company, OCTOBER, "7.1", "小数点错位")
    assert on(OCTOBER) == Decimal("7.1")
    assert company.events(wrong.id) == ["rate.put"]
    (record, content) = company.records(right.id)[0]
    assert (record.event, record.role, content["reason"]) == ("rate.correct", "administrator", "小数点错位")
    rows = list_rates(company.actor("auditor"), "USD", PageAsked()).rows
    assert [(row.rate, row.replaced, row.reason) for row in rows] == [
        (Decimal("7.1"), False, "小数点错位"),
        (Decimal(71), True, ""),
    ]


def test_a_rate_may_be_taken_back(company: Company) -> None:
    put(company, date(2026, 9, 1), "7.0")
    put(company, OCTOBER, "7.1")
    put(company, OCTOBER, None, "当日无牌价")
    assert on(OCTOBER) == Decimal("7.0")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"currency": "Dollar"}, "currency"),
        ({"currency": "CNY"}, "currency"),
        ({"rate": "0"}, "rate"),
        ({"rate": "-7"}, "rate"),
        ({"rate": "viel"}, "rate"),
        ({"rate": None}, "rate"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_is_named(company: Company, change: dict[str, str], path: str) -> None:
    told = {"currency": "USD", "starts_on": OCTOBER, "rate": "7.1", "source": "外汇牌价"} | change
    with refused(Reason.INVALID_INPUT, path):
        put_rate(company.actor("admin"), company.clock, **told)
    assert db.session.scalars(select(ExchangeRate)).all() == []


def test_a_second_rate_for_the_day_needs_a_reason(company: Company) -> None:
    put(company, OCTOBER, "7.1")
    with refused(Reason.INVALID_INPUT, "reason"):
        put(company, OCTOBER, "7.2")


def test_only_an_administrator_enters_rates(company: Company) -> None:
    for username in ("preparer", "hr", "auditor", "employee"):
        with refused(Reason.NO_GRANT):
            put(company, OCTOBER, "7.1", by=username)
    with refused(Reason.NO_GRANT):
        list_rates(company.actor("employee"), None, PageAsked())
