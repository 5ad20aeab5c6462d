"""考核报告: the distribution and the averages of a plan, each picture with its table, on a desk and on a phone."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.agents import hire, whole_month
from tests.support.api import sign_in
from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World


def two_months(world: World, clock: SettableClock) -> None:
    """Tell of two final months of five agents."""
    hire(world, 5)
    whole_month(world, clock, "2026-08", {"E101": 91, "E102": 96})
    whole_month(world, clock, "2026-09", {"E101": 79, "E102": 90, "E103": 95})


@pytest.fixture(scope="module")
def story() -> Story:
    return two_months


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_report_of_a_plan(browser: Browser, live_server: str, size: tuple[int, int]) -> None:
    with signed_in(browser, live_server, "admin", size=size) as page:
        page.goto("/results/report")
        expect(page.get_by_role("img", name="总分分布")).to_be_visible()
        expect(page.locator("#results")).to_contain_text("92.80")
        page.get_by_text("数据表").click()
        expect(page.get_by_role("table").first).to_contain_text("70–80")
        expect(page.locator("#results tr", has_text="业务处理")).to_contain_text("−4.60")
        check_it_fits(page)
        if size == DESKTOP:
            picture(page, "report")


def test_the_interface_tells_the_same(app: Flask) -> None:
    (scheme,) = sign_in(app, "hr").get("/plans/2026-09/report").get_json()["schemes"]
    assert (scheme["scheme"], scheme["cards"], scheme["average"], scheme["change"]) == ("csr-card", 5, "92.80", "-4.60")
    assert scheme["distribution"] == [
        {"least": 70, "cards": 1},
        {"least": 80, "cards": 0},
        {"least": 90, "cards": 2},
        {"least": 100, "cards": 2},
    ]
    assert sign_in(app, "employee").get("/plans/2026-09/report").status_code == 404
