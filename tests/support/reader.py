"""Somebody at the pages: signs in, looks, and keeps pictures of what they see."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import APIRequestContext, Browser, Page

from tests.support.watched_page import DESKTOP, watched_page
from workflow.services.demo.found import PASSWORD

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
KEEP = "KEEP_SCREENSHOTS"
"""The variable under which `make screenshots` asks for the pictures to be kept."""


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@contextmanager
def signed_in(
    browser: Browser, address: str, username: str, *, size: tuple[int, int] = DESKTOP, language: str = "zh-CN"
) -> Iterator[Page]:
    """An empty page of somebody who has signed in, as the form does it."""
    with watched_page(browser, address, size=size, language=language) as page:
        sign_in(page.context.request, username)
        yield page


def sign_in(http: APIRequestContext, username: str) -> None:
    """Sign somebody in, as the form does it."""
    token = TOKEN.search(http.get("/login").text())
    assert token is not None
    told = {"csrf_token": token[1], "username": username, "password": PASSWORD}
    answer = http.post("/login", form=told, max_redirects=0)
    assert answer.status == HTTPStatus.FOUND, answer.text()


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, where pictures are kept."""
    if os.environ.get(KEEP) == "1":
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
