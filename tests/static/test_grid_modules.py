"""What is typed and pasted into the team grid is read as people mean it, in a real browser."""

from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from config import ROOT
from tests.support.watched_page import watched_page

pytestmark = pytest.mark.browser

LEVELS = [
    {"name": "优秀", "points": "5.00", "needsReason": True},
    {"name": "良好", "points": "3.00", "needsReason": False},
    {"name": "一般", "points": "1.00", "needsReason": False},
    {"name": "差", "points": "0.00", "needsReason": True},
]
RATING: dict[str, Any] = {"kind": "rating", "unit": "", "levels": LEVELS}
RATE: dict[str, Any] = {"kind": "baseline", "unit": "%", "levels": []}
POINTS: dict[str, Any] = {"kind": "points", "unit": "", "levels": [], "least": "0", "most": "10"}
LEDGER: dict[str, Any] = {"kind": "adjustments", "unit": "", "levels": []}


class Quiet(SimpleHTTPRequestHandler):
    """Serves the scripts and says nothing."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def scripts() -> Iterator[str]:
    """The address that serves the scripts."""

    def handler(*args: Any) -> Quiet:
        return Quiet(*args, directory=str(ROOT / "static"))

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def modules(browser: Browser, scripts: str) -> Iterator[Page]:
    """A page on which the grid's modules can be imported."""
    with watched_page(browser, scripts) as page:
        page.goto("/img/mark.svg")
        yield page


def call(page: Page, module: str, function: str, *arguments: Any) -> Any:
    """Call a function of a module in the browser."""
    script = "async ([module, name, args]) => (await import(`/js/${module}.js`))[name](...args)"
    return page.evaluate(script, [module, function, list(arguments)])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.9", "1.9"),
        ("１．９", "1.9"),
        ("1.9%", "1.9"),
        ("1.9 ％", "1.9"),
        ("1,234.5", "1234.5"),
        ("－2", "-2"),
        ("2。5", "2.5"),
    ],
)
def test_numbers_are_read_in_the_ways_people_write_them(modules: Page, typed: str, meant: str) -> None:
    assert call(modules, "grid_rules", "read", RATE, typed) == {"ok": True, "text": meant}


@pytest.mark.parametrize("typed", ["abc", "1.2.3", "1e400", "NaN", "--1", "0x10"])
def test_what_is_no_number_is_refused_and_never_cut(modules: Page, typed: str) -> None:
    assert call(modules, "grid_rules", "read", RATE, typed)["ok"] is False


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("良好", "良好"), ("良", "良好"), ("l", "良好"), ("3", "良好"), ("5", "优秀"), ("0", "差"), ("c", "差")],
)
def test_a_level_can_be_typed_by_name_by_points_and_by_first_letter(modules: Page, typed: str, meant: str) -> None:
    assert call(modules, "grid_rules", "read", RATING, typed) == {"ok": True, "text": meant}


def test_an_unknown_level_is_refused(modules: Page) -> None:
    assert call(modules, "grid_rules", "read", RATING, "很好")["ok"] is False


def test_points_outside_their_range_are_refused(modules: Page) -> None:
    assert call(modules, "grid_rules", "read", POINTS, "10.5")["ok"] is False
    assert call(modules, "grid_rules", "read", POINTS, "10")["ok"] is True


def test_reasons_are_asked_for_where_the_scheme_does(modules: Page) -> None:
    asked = [call(modules, "grid_rules", "needsReason", RATING, each["name"]) for each in LEVELS]
    assert asked == [True, False, False, True]
    assert call(modules, "grid_rules", "needsReason", POINTS, "9.5") is True
    assert call(modules, "grid_rules", "needsReason", POINTS, "10") is False


@pytest.mark.parametrize(
    ("column", "edit", "sent"),
    [
        (RATING, {"text": "优秀", "reason": "有报告"}, {"level": "优秀", "reason": "有报告"}),
        (RATE, {"text": "1.9", "reason": ""}, {"value": "1.9"}),
        (
            RATE,
            {"text": "1.9", "reason": "无历史", "baseline": "2"},
            {"value": "1.9", "baseline": "2", "reason": "无历史"},
        ),
        (POINTS, {"text": "10", "reason": ""}, {"points": "10"}),
        (LEDGER, {"text": "无", "reason": ""}, {"adjustments": []}),
        (RATE, {"text": "", "reason": ""}, None),
    ],
)
def test_a_cell_becomes_the_input_of_its_rule(
    modules: Page, column: dict[str, Any], edit: dict[str, str], sent: dict[str, Any] | None
) -> None:
    assert call(modules, "grid_rules", "inputOf", column, edit) == sent


@pytest.mark.parametrize(
    ("clipboard", "cells"),
    [
        ("1\t2\n3\t4\n", [["1", "2"], ["3", "4"]]),
        ("1\t2\r\n3\t", [["1", "2"], ["3", ""]]),
        ('"a\tb"\t"says ""so"""', [["a\tb", 'says "so"']]),
        ('"two\nlines"\tx', [["two\nlines", "x"]]),
    ],
)
def test_a_spreadsheet_s_clipboard_is_read_whole(modules: Page, clipboard: str, cells: list[list[str]]) -> None:
    assert call(modules, "grid_paste", "parse", clipboard) == cells
