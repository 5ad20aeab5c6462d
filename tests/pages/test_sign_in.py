"""登录: whoever asks for a page signs in on the form and arrives at it; a wrong password is said."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.watched_page import DESKTOP, PHONE, check_it_fits, watched_page
from tests.support.world import PASSWORD


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_form_leads_to_the_page_that_was_asked_for(
    browser: Browser, live_server: str, size: tuple[int, int]
) -> None:
    with watched_page(browser, live_server, size=size) as page:
        page.goto("/cards")
        page.get_by_label("用户名").fill("preparer")
        page.get_by_label("密码", exact=True).fill("not the password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert").filter(has_text="密码")).to_be_visible()
        expect(page.get_by_label("用户名")).to_have_value("preparer")
        check_it_fits(page)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".top-tools")).to_be_visible()
        expect(page).to_have_url(f"{live_server}/cards")
