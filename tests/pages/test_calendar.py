"""工作日历: HR enters a holiday on the page, corrects it, and sees it in the year; others only read."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import PHONE, check_it_fits
from tests.support.world import World
from workflow.services.plans.maintain_calendar import DayKind, add_day


def golden_week(world: World, clock: SettableClock) -> None:
    """Tell of two holidays and a worked Saturday of October 2026."""
    for day, kind in ((1, DayKind.HOLIDAY), (2, DayKind.HOLIDAY), (10, DayKind.WORKDAY)):
        add_day(world.actor("hr"), clock, clock().date().replace(month=10, day=day), kind, "国庆节")


@pytest.fixture(scope="module")
def story() -> Story:
    return golden_week


def test_hr_enters_and_corrects_a_holiday(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "hr") as page:
        page.goto("/manage/calendar?year=2026")
        october = page.get_by_role("table", name="10月")
        expect(october.locator(".holiday")).to_have_count(2)
        expect(october.locator(".workday")).to_have_text("10国庆节")
        page.get_by_role("button", name="登记日期").click()
        form = page.locator("dialog[open] form")
        form.get_by_label("日期").fill("2026-10-07")
        form.get_by_label("名称").fill("国庆节")
        form.get_by_role("button", name="登记").click()
        expect(october.locator(".holiday")).to_have_count(3)
        page.get_by_role("button", name="修改 2026-10-07").click()
        form = page.locator("dialog[open] form")
        form.get_by_label("当日").select_option("usual")
        form.get_by_role("button", name="修改").click()
        expect(october.locator(".holiday")).to_have_count(2)
        picture(page, "18-calendar")


def test_others_read_it_on_a_phone(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "preparer", size=PHONE) as page:
        page.goto("/manage/calendar?year=2026")
        expect(page.locator("#results tbody tr")).to_have_count(3)
        expect(page.get_by_role("button", name="登记日期")).to_have_count(0)
        check_it_fits(page)
        picture(page, "18-calendar-phone")
        page.get_by_role("link", name="2027").click()
        expect(page.locator("#results")).to_contain_text("本年还没有登记节假日")
