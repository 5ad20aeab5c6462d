"""按令删除: an administrator sees what goes and what stays, carries the order out, and every page says so afterwards."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stocked import adjust, approve
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World, card_of, open_plan

ORDER = "人力〔2026〕12 号,张总签发"


def approve_one(world: World, clock: SettableClock) -> None:
    """Tell of an approved card of E101; that of E103 is not approved."""
    open_plan(world, clock)
    adjust(world, clock, card_of("E101"))
    approve(world, clock, card_of("E101"))


@pytest.fixture(scope="module")
def story() -> Story:
    return approve_one


@pytest.fixture
def card(app: Flask) -> str:
    """The address of the approved card."""
    with app.app_context():
        return f"/cards/2026-10/card-team/{card_of('E101').id}"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_order_from_the_person_to_the_pages_that_tell_of_it(
    browser: Browser, live_server: str, card: str, size: tuple[int, int]
) -> None:
    with signed_in(browser, live_server, "admin", size=size) as page:
        page.goto("/manage/people/E101")
        page.get_by_role("link", name="按令删除").click()
        expect(page.get_by_role("region", name="删除什么")).to_contain_text("台账登记")
        expect(page.get_by_role("region", name="保留什么")).to_contain_text("任职时在他人处的签名")
        check_it_fits(page)
        page.get_by_label("依据的命令").fill(ORDER)
        page.get_by_label("我已核对所列各项").check()
        page.get_by_role("button", name="执行删除").click()
        page.wait_for_url("**/manage/people/E101")
        for address in ("/manage/people/E101", card):
            page.goto(address)
            expect(page.get_by_role("status").filter(has_text="号删除令删除")).to_contain_text(f"依据:{ORDER}")
            check_it_fits(page)


def test_what_is_still_worked_on_is_named_instead(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/manage/people/E103/erasure")
        expect(page.get_by_role("alert").filter(has_text="还没有完结")).to_be_visible()
        expect(page.get_by_role("button", name="执行删除")).to_have_count(0)
