"""结果: a ranking as it is read, and an action item from its evidence to the record of the talk."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.agents import hire, whole_month
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World

TOTALS = {"E101": 91, "E102": 92, "E103": 95, "E104": 97}


def two_months(world: World, clock: SettableClock) -> None:
    """Tell of two final months of 信用卡组, five agents, the same three at the end of both."""
    hire(world, 5)
    whole_month(world, clock, "2026-08", {**TOTALS, "E104": 100})
    whole_month(world, clock, "2026-09", TOTALS)


@pytest.fixture(scope="module")
def story() -> Story:
    return two_months


def test_the_ranking_of_a_plan_and_what_follows_from_it(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "hr") as page:
        page.goto("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="排名").click()
        expect(page.get_by_role("heading", name="信用卡组")).to_be_visible()
        expect(page.locator("#results")).to_contain_text("已定案")
        rows = page.locator("#results tbody tr")
        expect(rows).to_have_count(5)
        expect(rows.nth(1)).to_contain_text("降 1")
        expect(rows.last).to_contain_text("吴霞")

        page.get_by_role("navigation", name="主导航").get_by_role("link", name="奖惩事项").click()
        page.wait_for_url("**/results/actions")
        page.wait_for_load_state()  # the filters work once the scripts are there
        page.get_by_label("考核计划").select_option("2026-09")
        expect(page.locator("#results tbody tr")).to_have_count(3)
        page.locator("#results tr", has_text="吴霞").get_by_role("link", name="部门负责人谈话").click()
        expect(page.get_by_role("table")).to_contain_text("2026年8月")
        for move, text in (("确认", ""), ("办结", "10月8日谈话,本人说明了原因")):
            page.wait_for_load_state()
            page.get_by_role("button", name=move).first.click()
            dialog = page.get_by_role("dialog")
            if text:
                dialog.get_by_label("办理记录").fill(text)
                dialog.get_by_label("约定事项").fill("十一月底前复听两通录音")
                dialog.get_by_label("地点").fill("业务服务室会谈室")
                dialog.get_by_label("在场人员").fill("班组长")
            dialog.get_by_role("button", name=move).click()
            expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("10月8日谈话,本人说明了原因")
        expect(page.locator("main")).to_contain_text("十一月底前复听两通录音")
        expect(page.locator(".page-tools")).to_contain_text("已办结")
        expect(page.get_by_role("region", name="谈话记录")).to_contain_text("待本人阅知")
    with signed_in(browser, live_server, "employee", size=PHONE) as page:
        page.goto("/")
        page.get_by_role("link", name="份谈话记录待您阅知").click()
        expect(page.locator("#side-nav a.here")).to_contain_text("奖惩事项")
        page.locator("#results td.main-cell a").click()
        page.wait_for_load_state()
        check_it_fits(page)
        page.get_by_role("button", name="标记已阅").click()
        page.get_by_role("dialog").get_by_label("本人意见").fill("情况属实")
        page.get_by_role("dialog").get_by_role("button", name="标记已阅").click()
        expect(page.get_by_role("region", name="谈话记录")).to_contain_text("情况属实")
        expect(page.get_by_role("region", name="谈话记录")).to_contain_text("业务服务室会谈室")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_and_offer_only_what_can_be_done(
    browser: Browser, live_server: str, size: tuple[int, int]
) -> None:
    with signed_in(browser, live_server, "admin", size=size) as page:
        for address in ("/results", "/results/actions"):
            page.goto(address)
            check_it_fits(page)
        page.locator("#results td.main-cell a").first.click()
        expect(page.locator(".why-not")).to_contain_text("需要")
        expect(page.get_by_role("button", name="确认")).to_have_count(0)
        check_it_fits(page)


def test_an_agent_reads_the_own_rank_and_no_other(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "employee") as page:
        page.goto("/me")
        expect(page.locator(".score-hero")).to_contain_text("名次:5")
        page.goto("/results?plan=2026-09")
        expect(page.locator("#results tbody tr")).to_have_count(1)
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="奖惩事项").click()
        page.locator("#results td.main-cell a").first.click()
        expect(page.locator("h1")).to_contain_text("谈话")
        expect(page.get_by_role("button", name="确认")).to_have_count(0)
        form = page.request.get(str(page.get_by_role("link", name="打印记录表").get_attribute("href")))
        assert (form.status, form.headers["content-type"]) == (200, "application/pdf")


def test_units_are_put_into_a_ranking_group(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "hr") as page:
        page.goto("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="考核单元").click()
        expect(page.locator("#results")).to_contain_text("还没有考核单元")
        page.wait_for_load_state()
        page.get_by_role("button", name="新增考核单元").click()
        page.get_by_role("dialog").get_by_label("编号").fill("rooms")
        page.get_by_role("dialog").get_by_label("名称").fill("客服考核单元")
        page.get_by_role("dialog").get_by_role("button", name="新增").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.wait_for_load_state()
        page.get_by_role("button", name="列入单位").click()
        page.get_by_role("dialog").get_by_label("单位").select_option("card-team")
        page.get_by_role("dialog").get_by_role("button", name="保存").click()
        expect(page.locator("#results tbody tr")).to_contain_text("信用卡组")
        expect(page.locator("#results details summary")).to_have_text("5 人")
