"""A page in the browser that fails its test when the browser had something to complain about."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

DESKTOP = (1440, 900)
PHONE = (360, 740)
PATIENCE_MS = 20_000
"""How long a step may take on a busy machine before it counts as broken."""


_idle: dict[tuple[Browser, str, str], Page] = {}
"""Windows that wait for their next reader, by browser, site and language: to open one costs as much as six pages."""

NO_SCRIPTS = "/healthz"
"""An answer of every site at which a window can wait: nothing in it goes on."""


@contextmanager
def watched_page(
    browser: Browser, address: str, *, size: tuple[int, int] = DESKTOP, language: str = "zh-CN"
) -> Iterator[Page]:
    """Give a reader a page for the site at `address`; script errors, policy violations and requests elsewhere fail it.

    Nobody is signed in, and nothing is left of whoever used the window before but the sheets and scripts of the site.
    """
    key = (browser, address, language)
    page = _idle.pop(key, None) or _open_window(*key)
    try:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        with _complaints(page.context, address) as complaints:
            yield page
            _clean(page)
        assert not complaints, "\n".join(complaints)
        _idle.setdefault(key, page)
    finally:
        if _idle.get(key) is not page:
            page.context.close()


def _open_window(browser: Browser, address: str, language: str) -> Page:
    context = browser.new_context(
        base_url=address, locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def _clean(page: Page) -> None:
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.goto(NO_SCRIPTS)
    page.evaluate("sessionStorage.clear(); localStorage.clear()")
    page.context.clear_cookies()


@contextmanager
def _complaints(context: BrowserContext, address: str) -> Iterator[list[str]]:
    """What the browser complains about, on any page of the window."""
    found: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            found.append(f"asked for {request.url}")

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_an_answer(message):
            found.append(message.text)

    def catch(error: WebError) -> None:
        found.append(str(error.error))

    context.on("request", look)
    context.on("console", listen)
    context.on("weberror", catch)
    yield found
    context.remove_listener("request", look)
    context.remove_listener("console", listen)
    context.remove_listener("weberror", catch)


def check_it_fits(page: Page) -> None:
    """Nothing of a page that has arrived whole, with its sheets, is wider than the window."""
    page.wait_for_load_state()
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], page.url


def _is_an_answer(message: ConsoleMessage) -> bool:
    """The browser logs each answer of 400 and above as an error; a refusal is an answer like any other."""
    return message.text.startswith("Failed to load resource: the server responded with a status of 4")
