"""考核报告: written and signed on a desk, read as far as the plan discloses on a phone."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.agents import fill_month, hire, publish_month
from tests.support.reader import picture, signed_in
from tests.support.reporting import bring_to, write
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World, find_world

PROBLEM = "月末差错集中"
DIRECTION = "月末加派复核岗"


def two_months(world: World, clock: SettableClock) -> None:
    """Tell of two published months of six agents."""
    hire(world, 6)
    for period, totals in (("2026-08", {"E101": 91, "E102": 96}), ("2026-09", {"E101": 79, "E102": 90})):
        fill_month(world, clock, period, totals)
        publish_month(world, clock, period)


@pytest.fixture(scope="module")
def story() -> Story:
    return two_months


def do(page: Page, move: str) -> None:
    page.wait_for_load_state()
    page.locator(".action-bar").get_by_role("button", name=move).click()
    page.get_by_role("dialog").get_by_role("button", name=move).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_report_is_written_and_signed(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="考核报告").click()
        page.wait_for_url("**/results/report")
        page.wait_for_load_state()
        page.get_by_role("button", name="撰写报告").click()
        page.wait_for_url("**/results/reports/*")
        page.get_by_label("存在问题").fill(PROBLEM)
        page.get_by_label("改进方向", exact=True).first.fill(DIRECTION)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已保存", exact=True)).to_be_visible()
        page.locator("tr", has_text="业务处理").get_by_role("button", name="写说明").click()
        expect(page.get_by_role("dialog").get_by_label("说明对象")).to_have_value("业务处理")
        page.get_by_role("dialog").get_by_label("问题").fill("漏填工单")
        page.get_by_role("dialog").get_by_role("button", name="保存").click()
        expect(page.locator(".remark-row")).to_contain_text("漏填工单")
        expect(page.get_by_label("存在问题")).to_have_value(PROBLEM)
        check_it_fits(page)
        do(page, "签署编制")
        expect(page.get_by_label("存在问题")).to_have_count(0)
    for who, task, move in (("reviewer", "份考核报告待审核", "审核通过"), ("approver", "份考核报告待批准", "批准")):
        with signed_in(browser, live_server, who) as page:
            page.goto("/")
            page.get_by_role("link", name=task).click()
            expect(page.locator("#report")).to_contain_text(PROBLEM)
            do(page, move)
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/")
        page.get_by_role("link", name="份考核报告待发布").click()
        do(page, "发布")
        expect(page.locator(".page-tools")).to_contain_text("已发布")
        expect(page.locator(".timeline li")).to_have_count(5)
        picture(page, "written-report")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_who_is_appraised_reads_it_without_the_scores_of_others(
    browser: Browser, live_server: str, app: Flask, clock: SettableClock, size: tuple[int, int]
) -> None:
    with app.app_context():
        world = find_world()
        bring_to(world, clock, write(world, clock, "2026-09"), "published")
    with signed_in(browser, live_server, "employee", size=size) as page:
        page.goto("/results/report")
        page.get_by_role("link", name="2026-09 月度考核").click()
        expect(page.locator("#report")).to_contain_text("新人复核不足")
        expect(page.locator("#report")).to_contain_text("94.83")
        expect(page.locator("#report")).to_contain_text("吴霞")
        expect(page.locator("#report")).not_to_contain_text("冯涛")
        expect(page.get_by_role("img", name="总分分布")).to_have_count(0)
        check_it_fits(page)
