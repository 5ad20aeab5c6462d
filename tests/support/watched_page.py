"""A page in the browser that fails its test when the browser had something to complain about."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

DESKTOP = (1440, 900)
PHONE = (360, 740)
PATIENCE_MS = 20_000
"""How long a step may take on a busy machine before it counts as broken."""


@contextmanager
def watched_page(
    browser: Browser, address: str, *, size: tuple[int, int] = DESKTOP, language: str = "zh-CN"
) -> Iterator[Page]:
    """Open an empty page for the site at `address`; script errors, policy violations and requests elsewhere fail it."""
    complaints: list[str] = []
    context = browser.new_context(
        base_url=address, locale=language, timezone_id="Asia/Shanghai", viewport={"width": size[0], "height": size[1]}
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()

    def refuse(route: Route, request: Request) -> None:
        complaints.append(f"asked for {request.url}")
        route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_an_answer(message):
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", listen)
    context.route(lambda url: not url.startswith((address, "data:", "blob:", "about:")), refuse)
    try:
        yield page
    finally:
        context.close()
    assert not complaints, "\n".join(complaints)


def check_it_fits(page: Page) -> None:
    """Nothing of a page that has arrived whole, with its sheets, is wider than the window."""
    page.wait_for_load_state()
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], page.url


def _is_an_answer(message: ConsoleMessage) -> bool:
    """The browser logs each answer of 400 and above as an error; a refusal is an answer like any other."""
    return message.text.startswith("Failed to load resource: the server responded with a status of 4")
