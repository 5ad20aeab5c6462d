"""Somebody at the pages: signs in, looks, and keeps pictures of what they see."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.watched_page import DESKTOP, watched_page
from workflow.services.demo.found import PASSWORD

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
KEEP = "KEEP_SCREENSHOTS"
"""The variable under which `make screenshots` asks for the pictures to be kept."""


@contextmanager
def signed_in(
    browser: Browser, address: str, username: str, *, size: tuple[int, int] = DESKTOP, language: str = "zh-CN"
) -> Iterator[Page]:
    """A page of somebody who has signed in on the form."""
    with watched_page(browser, address, size=size, language=language) as page:
        page.goto("/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".top-tools")).to_be_visible()
        yield page


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, where pictures are kept."""
    if os.environ.get(KEEP) == "1":
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
