"""Every page of the map, on a desk and on a phone: it opens, has its heading, and nothing runs out of its side."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from config import ROOT
from tests.support.application import keep_log
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.watched_page import DESKTOP, PHONE
from workflow.records.receipt import check_receipt

PAGES = {
    "preparer": ("/", "/cards", "/grid/2026-10/customer", "/inbox", "/imports", "/manage/plans", "/manage/units"),
    "admin": (
        "/manage/plans/2026-10",
        "/manage/plans/2026-10/raters",
        "/manage/schemes",
        "/manage/schemes/customer-department/1",
        "/inbox?tab=done",
        "/objections",
        "/results/report",
        "/results/reports",
        "/results/interviews",
        "/results/improvements",
        "/results/improvements/new?subject=customer",
        "/manage/rates",
        "/manage/calendar",
        "/manage/portfolios",
        "/manage/people/E1051/erasure",
    ),
    "recorder": ("/", "/ledger"),
    "superior": (
        "/",
        "/ratings",
        "/ratings/2026-10/csr-wealth/superior",
        "/ratings/2026-10/customer-service-department/superior",
        "/ratings/2026-10-29/customer-service-day/superior",
    ),
    "hr": ("/manage/people", "/manage/people/E1051", "/manage/groups", "/results/actions", "/results/payroll"),
    "operator": ("/manage/grants",),
    "auditor": ("/record", "/cards?plan=2026-09"),
    "employee": ("/me", "/results/reports", "/me/ledger", "/objections", "/password", "/one-time-code"),
}
SCRIPTS = ROOT / "static" / "js"
SIZES = re.compile("matchMedia|innerWidth|outerWidth|clientWidth|ResizeObserver|visualViewport")
MOST_OVER = 1
"""Pixels by which a page may be wider than its window: browsers round."""


@pytest.mark.parametrize("username", PAGES)
def test_a_page_opens_with_its_heading_and_fits(browser: Browser, seen_demo_server: str, username: str) -> None:
    with signed_in(browser, seen_demo_server, username) as page:
        for address in PAGES[username]:
            resize(page, PHONE)
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            for size in (PHONE, DESKTOP):  # the sheets alone know of sizes, so that a page need not be loaded for each
                resize(page, size)
                expect(page.locator("h1").first, address).to_be_visible()
                assert over(page) <= MOST_OVER, f"{address} runs {over(page)} px out of a window of {size[0]}"


def test_no_script_asks_how_large_the_window_is() -> None:
    asked = [path.name for path in SCRIPTS.glob("*.js") if SIZES.search(path.read_text(encoding="utf-8"))]
    assert asked == []


def test_what_a_role_cannot_use_is_refused_with_a_page(browser: Browser, seen_demo_server: str) -> None:
    with signed_in(browser, seen_demo_server, "employee") as page:
        for address, status in (("/manage/grants", 403), ("/grid/2026-10/customer", 404), ("/nowhere", 404)):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == status, address
            expect(page.get_by_role("link", name="回到工作台")).to_be_visible()


def test_english_is_a_click_away(browser: Browser, seen_demo_server: str) -> None:
    with signed_in(browser, seen_demo_server, "preparer") as page:
        page.goto("/")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("link", name="Workbench").first).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def over(page: Page) -> int:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)


def test_a_receipt_is_explained_and_downloaded(
    browser: Browser, demo_app: Flask, demo_server: str, clock: SettableClock
) -> None:
    with demo_app.app_context():
        keep_log(demo_app, clock)
    with signed_in(browser, demo_server, "employee", size=PHONE) as page:
        page.goto("/me")
        page.get_by_role("link", name="成绩凭据").click()
        expect(page.get_by_role("heading", name="这份文件能证明什么")).to_be_visible()
        assert over(page) <= MOST_OVER
        with page.expect_download() as downloaded:
            page.get_by_role("link", name="下载凭据").click()
        receipt = json.loads(Path(downloaded.value.path()).read_bytes())
        assert check_receipt(receipt).card["subject_name"] == "陈强"
