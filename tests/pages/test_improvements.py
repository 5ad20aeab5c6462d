"""改进: proposed from the newest card, agreed, carried out, judged; the person reads their own."""

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.agents import fill_month, hire, publish_month, whole_month
from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World
from workflow.services.following import improve
from workflow.services.following.improve import NewImprovement


def judged_soon(world: World, clock: SettableClock) -> None:
    """Tell of an improvement of E101 carried out in September that October shows the effect of."""
    hire(world, 3)
    whole_month(world, clock, "2026-08", {"E101": 90})
    new = NewImprovement("E101", "processing", "差错偏多", "每日复核十笔\n每周复盘", "E001", date(2026, 9, 30))
    plan = improve.propose(world.actor("admin"), clock, new, today=clock().date())
    for trigger in ("agree", "start", "note", "finish"):
        said = "已复核四十笔,差错两笔"
        improve.move(world.actor("hr"), clock, plan.id, trigger, seen_version=plan.version, reason=said)
    fill_month(world, clock, "2026-10", {"E101": 98})
    publish_month(world, clock, "2026-10")


@pytest.fixture(scope="module")
def story() -> Story:
    return judged_soon


def do(page: Page, move: str, **said: str) -> None:
    page.wait_for_load_state()
    page.locator(".page-tools").get_by_role("button", name=move).click()
    for label, text in said.items():
        page.get_by_role("dialog").get_by_label(label).fill(text)
    page.get_by_role("dialog").get_by_role("button", name=move).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_one_is_proposed_and_another_judged(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="改进").click()
        page.get_by_role("link", name="提出改进").click()
        page.get_by_label("工号或单位代码").fill("E102")
        page.get_by_role("button", name="查看指标").click()
        page.get_by_label("指标", exact=True).select_option("quality")
        page.get_by_label("问题").fill("录音抽检扣分较多")
        page.get_by_label("改进措施").fill("每周复听两通录音")
        page.get_by_label("负责人工号").fill("E001")
        page.get_by_label("期限").fill("2026-12-31")
        page.get_by_role("button", name="提出", exact=True).click()
        expect(page.get_by_role("heading", name="改进:")).to_be_visible()
        expect(page.locator(".why-not")).to_contain_text("需要")
    with signed_in(browser, live_server, "hr") as page:
        page.goto("/results/improvements")
        page.get_by_role("link", name="吴霞").click()
        do(page, "评估效果", 评估意见="差错明显减少,措施有效", 下一步="推广到全组")
        expect(page.locator("main")).to_contain_text("有效:指标好转")
        expect(page.locator("main")).to_contain_text("+8")
        picture(page, "improvement")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_person_reads_their_own(browser: Browser, live_server: str, size: tuple[int, int]) -> None:
    with signed_in(browser, live_server, "employee", size=size) as page:
        page.goto("/results/improvements")
        expect(page.locator("#results tbody tr")).to_have_count(1)
        check_it_fits(page)
        page.get_by_role("link", name="吴霞").click()
        expect(page.locator("main")).to_contain_text("已复核四十笔")
        expect(page.get_by_role("button", name="评估效果")).to_have_count(0)
        check_it_fits(page)
