"""Every page of the map, on a desk and on a phone: it opens, has its heading, and nothing runs out of its side."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.reader import signed_in
from tests.support.watched_page import DESKTOP, PHONE

PAGES = {
    "preparer": ("/", "/cards", "/grid/2026-10/customer", "/inbox", "/imports", "/manage/plans", "/manage/units"),
    "admin": ("/manage/plans/2026-10", "/manage/schemes", "/manage/schemes/customer-department/1", "/inbox?tab=done"),
    "hr": ("/manage/people", "/manage/people/E1051", "/manage/groups", "/results/actions", "/results/payroll"),
    "operator": ("/manage/grants",),
    "auditor": ("/record", "/cards?plan=2026-09"),
    "employee": ("/me", "/password"),
}
MOST_OVER = 1
"""Pixels by which a page may be wider than its window: browsers round."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "360"])
@pytest.mark.parametrize("username", PAGES)
def test_a_page_opens_with_its_heading_and_fits(
    browser: Browser, demo_server: str, username: str, size: tuple[int, int]
) -> None:
    with signed_in(browser, demo_server, username, size=size) as page:
        for address in PAGES[username]:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            expect(page.locator("h1").first, address).to_be_visible()
            assert over(page) <= MOST_OVER, f"{address} runs {over(page)} px out of its window"


def test_what_a_role_cannot_use_is_refused_with_a_page(browser: Browser, demo_server: str) -> None:
    with signed_in(browser, demo_server, "employee") as page:
        for address, status in (("/manage/grants", 403), ("/grid/2026-10/customer", 404), ("/nowhere", 404)):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == status, address
            expect(page.get_by_role("link", name="回到工作台")).to_be_visible()


def test_english_is_a_click_away(browser: Browser, demo_server: str) -> None:
    with signed_in(browser, demo_server, "preparer") as page:
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("link", name="Workbench").first).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "en"


def over(page: Page) -> int:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)
