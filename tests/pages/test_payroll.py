"""工资批次: HR reads what was frozen and what differs since, an agent the own pay, and nobody else's."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.agents import hire, newest, revise, whole_month
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World

MONTH = "2026-08"


def corrected(world: World, clock: SettableClock) -> None:
    """Tell of a final month of 信用卡组 with one card corrected afterwards."""
    hire(world, 3)
    whole_month(world, clock, MONTH, {"E101": 110, "E102": 95})
    revise(world, clock, MONTH, "E102", 3)


@pytest.fixture(scope="module")
def story() -> Story:
    return corrected


@pytest.fixture
def card(app: Flask) -> int:
    """The card that was corrected."""
    with app.app_context():
        return newest(MONTH, "E102").id


def test_hr_reads_the_batches_and_records_a_bonus_base(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "hr") as page:
        page.goto("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="工资批次").click()
        rows = page.locator("#results tbody tr")
        expect(rows).to_have_count(1)  # the newest batch: what differs
        expect(rows.first).to_contain_text("+90.00")
        page.get_by_role("navigation", name="批次").get_by_role("link", name="第 1 批").click()
        expect(rows).to_have_count(3)
        expect(page.locator("#results")).to_contain_text("本批应发 9,150.00 元")
        rows.first.get_by_text("计算过程").click()
        expect(rows.first).to_contain_text("3000 × 110 ÷ 100 = 3300.00")
        page.wait_for_load_state()
        page.get_by_role("button", name="登记奖金基数").click()
        dialog = page.get_by_role("dialog")
        for label, text in (("工号", "E101"), ("金额", "-5"), ("依据的决定", "入职核定")):
            dialog.get_by_label(label).fill(text)
        dialog.get_by_role("button", name="登记").click()
        expect(dialog.locator("[data-error-for=amount]")).to_contain_text("须是 0 到")
        dialog.get_by_label("金额").fill("2500")
        dialog.get_by_role("button", name="登记").click()
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_agent_reads_the_own_pay_and_no_other(
    browser: Browser, live_server: str, card: int, size: tuple[int, int]
) -> None:
    with signed_in(browser, live_server, "employee", size=size) as page:
        page.goto("/me")
        pay = page.get_by_role("region", name="工资")
        expect(pay).to_contain_text("3,300.00")
        expect(pay).to_contain_text("第 1 批")
        check_it_fits(page)
        for address, status in (("/results/payroll", 403), (f"/cards/{MONTH}/card-team/{card}", 404)):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == status


def test_a_signer_sees_the_card_without_its_pay(browser: Browser, live_server: str, card: int) -> None:
    for username, count in (("reviewer", 0), ("admin", 1)):
        with signed_in(browser, live_server, username, size=PHONE) as page:
            page.goto(f"/cards/{MONTH}/card-team/{card}")
            expect(page.locator("#card")).to_be_visible()
            expect(page.get_by_role("region", name="工资")).to_have_count(count)
            check_it_fits(page)


def test_an_administrator_reads_and_exports_and_decides_nothing(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin", size=PHONE) as page:
        page.goto(f"/manage/plans/{MONTH}")
        page.get_by_role("link", name="工资批次").last.click()
        expect(page.locator("#results tbody tr")).to_have_count(1)
        check_it_fits(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="导出 Excel").click()
        assert download.value.suggested_filename == f"payroll-{MONTH}.xlsx"
        expect(page.get_by_role("button", name="补记差额")).to_have_count(0)
