"""汇率, 客户组合 and the card of an account manager: typed like on paper, completed and scored by the server."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.managers import (
    MANAGER,
    customer,
    employ_manager,
    give_customers,
    give_rate,
    open_manager_month,
)
from tests.support.reader import signed_in
from tests.support.schemes import scheme_data
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World, approve_scheme, card_of
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents

CULTURE = {
    "code": "culture",
    "title": "团队文化建设",
    "rule": {"kind": "formula", "inputs": ["participation", "quality"], "expression": "(participation + quality) / 40", "max": 5},
}  # fmt: skip


def employed(world: World, clock: SettableClock) -> None:
    """Tell of an account manager with customers and a rate, and of a plan whose scheme has a formula."""
    employ_manager(world, clock)
    give_rate(world, clock, date(2026, 10, 1), "7.1")
    give_customers(
        world, clock, customer("C1", "interest", "1000", "200"), customer("C2", "fee", "100", currency="USD")
    )
    open_manager_month(world, clock, "2026-10")
    approve_scheme(world, clock, scheme_data(CULTURE, code="guide"))
    contents = (PlanContents("guide", ("market",)),)
    made = plan.create(world.actor("admin"), clock, NewPlan("guide-1", "示例", "2026-10", contents))
    plan.move(world.actor("admin"), clock, made.code, "open", seen_version=made.version)


@pytest.fixture(scope="module")
def story() -> Story:
    return employed


def address_of(app: Flask, plan_code: str) -> str:
    """The address of the manager's card in a plan."""
    with app.app_context():
        return f"/cards/2026-10/market/{card_of(MANAGER, plan_code).id}"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "360"])
def test_amounts_are_typed_by_part_and_completed_by_the_server(
    browser: Browser, live_server: str, app: Flask, size: tuple[int, int]
) -> None:
    with signed_in(browser, live_server, "preparer", size=size) as page:
        page.goto(address_of(app, "bank-2026-10"))
        row = page.locator('tr.item[data-item="profit"]')
        for part, text in (("interest", "300"), ("deposit", "0"), ("fee", "1,000 + 10 USD")):
            field = row.locator(f'[data-amounts="{part}/actual"]')
            field.fill(text)
            field.press("Enter")
        # 80 × (300 + 0 + 1000 + 71) ÷ (1000 + 200 + 710) = 57.42…
        expect(row.locator("[data-points]")).to_have_text("57.42")
        page.reload()
        expect(page.locator('[data-amounts="fee/actual"]')).to_have_value("1000 + 10 USD")
        expect(page.get_by_text("客户组合:1000", exact=False).first).to_be_visible()
        check_it_fits(page)


def test_a_currency_without_a_rate_is_named_beside_the_item(browser: Browser, live_server: str, app: Flask) -> None:
    with signed_in(browser, live_server, "preparer") as page:
        page.goto(address_of(app, "bank-2026-10"))
        field = page.locator('[data-amounts="fee/actual"]')
        field.fill("10 EUR")
        field.press("Tab")
        expect(page.locator('tr[data-item="profit"] [data-item-error]')).to_contain_text("EUR 在 2026-10-31 没有汇率")


def test_the_inputs_of_a_formula_are_typed_by_name(browser: Browser, live_server: str, app: Flask) -> None:
    with signed_in(browser, live_server, "preparer") as page:
        page.goto(address_of(app, "guide-1"))
        row = page.locator('tr.item[data-item="culture"]')
        row.locator('[data-input="participation"]').fill("90")
        row.locator('[data-input="participation"]').press("Enter")
        row.locator('[data-input="quality"]').fill("70")
        row.locator('[data-input="quality"]').press("Enter")
        expect(row.locator("[data-points]")).to_have_text("4.00")


def test_an_administrator_enters_and_corrects_a_rate(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/manage/rates")
        page.get_by_role("button", name="更正").first.click()
        form = page.locator("dialog[open] form")
        form.get_by_label("汇率").fill("7.2")
        form.get_by_label("更正原因").fill("抄录有误")
        form.get_by_role("button", name="更正").click()
        expect(page.get_by_text("抄录有误")).to_be_visible()
        expect(page.get_by_text("已更正").first).to_be_visible()


def test_a_customer_is_entered_on_the_page_of_portfolios(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "preparer") as page:
        page.goto("/manage/portfolios?year=2026")
        page.get_by_role("button", name="登记客户").click()
        form = page.locator("dialog[open] form")
        for label, text in (
            ("客户编号", "C3"), ("客户名称", "示例贸易"), ("客户经理工号", MANAGER), ("起", "2026-03-01"),
            ("分项", "deposit"), ("上年实绩", "500"), ("增量", "50"),
        ):  # fmt: skip
            form.get_by_label(label).fill(text)
        form.get_by_role("button", name="登记").click()
        expect(page.get_by_role("row", name="示例贸易")).to_contain_text("500 CNY")
