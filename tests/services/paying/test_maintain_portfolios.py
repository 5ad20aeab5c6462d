"""Portfolios: who looks after which customer since when; base and growth of a manager's cards follow from them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.company_fixtures import Company
from tests.support.managers import (
    MANAGER,
    NEW_YEAR,
    customer,
    employ_manager,
    give_customers,
    give_rate,
    open_manager_month,
    profit_of,
)
from tests.support.refusals import refused
from tests.support.statements import statements
from tests.support.world import card_of
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.models.portfolios import Customer
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.services.paging import PageAsked
from workflow.services.paying.look_up_portfolios import PortfoliosWanted, list_customers, list_growth
from workflow.services.paying.maintain_portfolios import PortfolioRow, put_portfolio
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import ItemEdit

TODAY = date(2026, 11, 5)
IN_2026 = PortfoliosWanted(2026)
ACTUALS = {part: {"actual": ["100"]} for part in ("interest", "deposit", "fee")}


@pytest.fixture
def managed(company: Company) -> Company:
    employ_manager(company.world, company.clock)
    return company


def take_in(company: Company, *rows: PortfolioRow) -> None:
    give_customers(company.world, company.clock, *rows)


def open_october(company: Company) -> None:
    open_manager_month(company.world, company.clock, "2026-10")


def profit() -> ScorecardItem:
    return profit_of(october())


def october() -> Scorecard:
    db.session.rollback()
    return card_of(MANAGER, "bank-2026-10")


def side(item: ScorecardItem, part: str, key: str = "base") -> list[dict[str, Any]]:
    assert item.input is not None
    return list(item.input["parts"][part][key])


def seen(company: Company, username: str, wanted: PortfoliosWanted = IN_2026) -> list[str]:
    rows = list_customers(company.actor(username), wanted, TODAY, PageAsked()).rows
    return [row.code for row in rows]


def test_a_card_begins_with_base_and_growth_of_the_portfolio(managed: Company) -> None:
    take_in(managed, customer("C1", "interest", "1000", "100"), customer("C2", "interest", "500"))
    open_october(managed)
    item = profit()
    assert side(item, "interest") == [{"amount": "1500", "currency": "CNY", "customers": 2, "rate": "1"}]
    assert side(item, "interest", "growth") == [{"amount": "100", "currency": "CNY", "customers": 1, "rate": "1"}]
    assert (side(item, "fee"), item.is_fed, item.points) == ([], True, None)


def test_the_preparer_puts_in_the_actuals_alone(managed: Company) -> None:
    take_in(managed, customer("C1", "interest", "1000", "200"))
    open_october(managed)
    card = october()
    edit = ItemEdit("profit", {"parts": ACTUALS})
    edited = appraise.edit_item(managed.actor("preparer"), managed.clock, card.id, edit, seen_version=card.version)
    assert edited.points == Decimal("20.00")  # 80 × 300 ÷ 1200
    assert side(profit(), "interest")[0]["amount"] == "1000"


def test_a_base_put_in_by_hand_stands(managed: Company) -> None:
    take_in(managed, customer("C1", "interest", "1000"))
    open_october(managed)
    card = october()
    parts = ACTUALS | {"interest": {"actual": ["100"], "base": ["600"]}}
    edited = appraise.edit_item(
        managed.actor("preparer"),
        managed.clock,
        card.id,
        ItemEdit("profit", {"parts": parts}),
        seen_version=card.version,
    )
    assert edited.points == Decimal("40.00")  # 80 × 300 ÷ 600
    take_in(managed, customer("C1", "interest", "2000"))
    assert profit().points == Decimal("40.00")


def test_a_draft_follows_the_portfolio_and_a_prepared_card_does_not(managed: Company) -> None:
    take_in(managed, customer("C1", "interest", "1000"))
    open_october(managed)
    take_in(managed, customer("C1", "interest", "1100"))
    assert side(profit(), "interest")[0]["amount"] == "1100"
    card = october()
    for code, entered in (("profit", {"parts": ACTUALS}), ("management", {"points": "20"})):
        appraise.edit_item(
            managed.actor("preparer"), managed.clock, card.id, ItemEdit(code, entered), seen_version=card.version
        )
    managed.move(card, "preparer", "prepare")
    take_in(managed, customer("C1", "interest", "5000"))
    assert side(profit(), "interest")[0]["amount"] == "1100"


def test_a_customer_handed_over_counts_for_each_manager_by_months(managed: Company) -> None:
    take_in(managed, customer("C1", "interest", "1200"))
    take_in(managed, customer("C1", "interest", "1200", manager="E101", starts_on=date(2026, 5, 1)))
    open_october(managed)
    assert side(profit(), "interest") == [
        {"amount": "1200", "currency": "CNY", "customers": 1, "months": 4, "rate": "1"}
    ]
    (row,) = list_customers(managed.actor("admin"), IN_2026, TODAY, PageAsked()).rows
    assert [(each.manager, each.starts_on, each.ends_on) for each in row.managers] == [
        (MANAGER, NEW_YEAR, date(2026, 4, 30)),
        ("E101", date(2026, 5, 1), None),
    ]


def test_what_is_kept_in_dollars_waits_for_a_rate_and_then_follows_it(managed: Company) -> None:
    take_in(managed, customer("C1", "fee", "100", currency="USD"))
    open_october(managed)
    card = october()
    edited = appraise.edit_item(
        managed.actor("preparer"),
        managed.clock,
        card.id,
        ItemEdit("profit", {"parts": ACTUALS}),
        seen_version=card.version,
    )
    assert edited.points is None
    give_rate(managed.world, managed.clock, date(2026, 10, 1), "6")
    assert profit().points == Decimal("40.00")  # 80 × 300 ÷ 600
    give_rate(managed.world, managed.clock, date(2026, 10, 1), "8", "误录")
    assert profit().points == Decimal("30.00")
    assert side(profit(), "fee") == [
        {"amount": "100", "currency": "USD", "customers": 1, "rate": "8", "on": "2026-10-01", "source": "外汇牌价"}
    ]
    assert managed.events(card.id)[-2:] == ["scorecard.derive", "scorecard.derive"]


def test_an_amount_without_a_stored_rate_is_refused_and_named(managed: Company) -> None:
    open_october(managed)
    card = october()
    parts = {"fee": {"actual": ["5", {"amount": "1", "currency": "EUR"}], "base": ["1"], "growth": []}}
    edit = ItemEdit("profit", {"parts": parts})
    with pytest.raises(Refusal) as refusal:
        appraise.edit_item(managed.actor("preparer"), managed.clock, card.id, edit, seen_version=card.version)
    (error,) = refusal.value.errors
    assert error.path == "input.parts.fee.actual[1].currency"
    assert error.facts == {"currency": "EUR", "day": "2026-10-31"}


def test_rows_of_one_customer_are_one_change_of_it(managed: Company) -> None:
    take_in(
        managed, customer("C1", "interest", "1"), customer("C1", "fee", "2"), customer("C1", "fee", "3", currency="USD")
    )
    found = db.session.scalars(select(Customer)).one()
    assert managed.events(found.id) == ["customer.create"]
    take_in(managed, customer("C1", "interest", "1"), customer("C1", "fee", "4"))
    assert managed.events(found.id) == ["customer.create", "customer.put"]
    take_in(managed, customer("C1", "interest", "1"), customer("C1", "fee", "4"))
    assert managed.events(found.id) == ["customer.create", "customer.put"]


GOOD = customer("C1", "interest", "1")


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (replace(GOOD, name=""), "customer"),
        (replace(GOOD, manager="E999"), "manager"),
        (replace(GOOD, manager="market"), "manager"),
        (replace(GOOD, starts_on=None), "starts_on"),
        (replace(GOOD, part=""), "part"),
        (replace(GOOD, year=None), "year"),
        (replace(GOOD, year=1999), "year"),
        (replace(GOOD, base="viel"), "base"),
        (replace(GOOD, currency="RMB¥"), "currency"),
        (replace(GOOD, customer=""), "base"),
        (PortfolioRow(part="fee", growth="1", year=2026), "manager"),
    ],
)
def test_a_wrong_row_is_named_and_none_is_taken(managed: Company, row: PortfolioRow, path: str) -> None:
    with refused(Reason.INVALID_INPUT, f"[1].{path}"):
        take_in(managed, customer("C9", "fee", "1"), row)
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_a_row_told_twice_and_a_handover_into_the_past_are_refused(managed: Company) -> None:
    with refused(Reason.INVALID_INPUT, "[1].part"):
        take_in(managed, GOOD, GOOD)
    take_in(managed, replace(GOOD, starts_on=date(2026, 5, 1)))
    with refused(Reason.INVALID_INPUT, "[0].starts_on"):
        take_in(managed, replace(GOOD, manager="E101", starts_on=NEW_YEAR))


def test_who_writes_and_who_sees(managed: Company) -> None:
    take_in(managed, GOOD, replace(GOOD, customer="C2", manager="E101"))
    put_portfolio(managed.actor("market-preparer"), managed.clock, [replace(GOOD, base="2")])
    with refused(Reason.INVALID_INPUT, "[0].manager"):
        put_portfolio(managed.actor("market-preparer"), managed.clock, [replace(GOOD, customer="C2", base="2")])
    with refused(Reason.NO_GRANT):
        put_portfolio(managed.actor("reviewer"), managed.clock, [GOOD])
    assert {name: seen(managed, name) for name in ("admin", "market-preparer", "employee", "nobody")} == {
        "admin": ["C1", "C2"],
        "market-preparer": ["C1"],
        "employee": ["C2"],  # E101
        "nobody": [],
    }


def test_the_list_takes_the_same_statements_whatever_it_holds(managed: Company) -> None:
    take_in(managed, GOOD)
    with statements() as few:
        seen(managed, "admin")
    take_in(
        managed,
        *(customer(f"D{place}", "fee", "1") for place in range(20)),
        PortfolioRow(manager=MANAGER, year=2026, part="fee", growth="7"),
    )
    with statements() as many:
        assert len(seen(managed, "admin")) == 21
    assert len(few) == len(many)
    (own,) = list_growth(managed.actor("admin"), IN_2026, TODAY)
    assert (own.manager, own.growth) == (MANAGER, Decimal(7))
    assert seen(managed, "admin", PortfoliosWanted(2026, q="D1")) == ["D1", *(f"D1{place}" for place in range(10))]
    assert seen(managed, "admin", PortfoliosWanted(2026, manager="E101")) == []
