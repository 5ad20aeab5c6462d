"""我的评价: raters are asked by the administrator, rate person by person, and see what was refused; the person sees means alone."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.rating import card_about, give, make_team, open_ratings
from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import PHONE, check_it_fits
from tests.support.world import World, find_world
from workflow.models import card_queries

SHEET = "/ratings/ratings/peer-card/peer"


def all_asked(world: World, clock: SettableClock) -> None:
    """Ask everybody of 信用卡组 to rate the others, and the leader everybody; nobody has yet."""
    make_team(world, clock)
    open_ratings(world, clock)


@pytest.fixture(scope="module")
def story() -> Story:
    return all_asked


def rate(page: Page, name: str, level: str, value: str) -> None:
    line = page.locator("#sheet tr[data-rating]").filter(has_text=name)
    line.locator(".segments label").filter(has_text=level).click()
    line.locator(".num-input").fill(value)


def test_from_the_task_to_what_was_submitted(browser: Browser, live_server: str, app: Flask) -> None:
    with signed_in(browser, live_server, "e102") as page:
        page.goto("/")
        task = page.locator(".task")
        expect(task).to_contain_text("人待您评价")
        expect(task).to_contain_text("2026年11月8日 截止")
        task.click()
        page.locator("#results").get_by_role("link", name="去评价").click()
        page.wait_for_url(f"**{SHEET}")
        page.wait_for_load_state()
        send = page.locator("[data-rate-send]")
        expect(send).to_be_disabled()
        rate(page, "吴霞", "良好", "85")
        rate(page, "韩梅", "优秀", "101")
        line = page.locator("#sheet tr[data-rating]").filter(has_text="韩梅")
        line.locator("[data-comment]").fill("配合顺畅")
        expect(send).to_have_text("提交 2 人的评价")
        send.click()
        expect(line.locator("[data-error-of=courtesy]")).to_contain_text("必须在 0 至 100 之间")
        expect(line.locator("[data-comment]")).to_have_value("配合顺畅")
        expect(page.locator("#sheet tr[data-rating]").filter(has_text="吴霞")).to_contain_text("已提交")
        page.reload()
        expect(line.locator(".num-input")).to_have_value("101")  # what was not taken is still there
        line.locator(".num-input").fill("90")
        send.click()
        expect(line).to_contain_text("已提交")
        expect(send).to_be_disabled()
        picture(page, "ratings")
    with app.app_context():
        assert card_about("E104").version == 1, "the card takes nothing while others are still asked"


def test_a_phone_and_a_late_rater(browser: Browser, live_server: str, app: Flask, clock: SettableClock) -> None:
    clock.advance(days=4)
    with signed_in(browser, live_server, "e100", size=PHONE) as page:
        page.goto("/")
        expect(page.locator(".task.late")).to_contain_text("4")
        page.goto("/ratings")
        check_it_fits(page)
        expect(page.locator("#results")).to_contain_text("已逾期")
        page.goto("/ratings/ratings/peer-card/superior")
        check_it_fits(page)
        expect(page.locator("main")).to_contain_text("仍可提交")
        rate(page, "吴霞", "优秀", "95")
        page.get_by_role("button", name="提交 1 人的评价").click()
        expect(page.locator("#sheet")).to_contain_text("已提交")
    with app.app_context():
        for by in ("E102", "E103", "E104"):
            give(find_world(), clock, by, "E101", "良好", "80")
        card = card_about("E101")
        taken = card_queries.items_of([card.id])[card.id]["courtesy"].input
    assert taken == {"groups": {"superior": {"count": 1, "sum": "95"}, "peer": {"count": 3, "sum": "240"}}}
    with signed_in(browser, live_server, "preparer") as page:
        page.goto(f"/cards/2026-10/card-team/{card.id}")
        item = page.locator("#card tr.item[data-item=courtesy]")
        for text in ("上级 1 人 · 均值 95.00", "同级 3 人 · 均值 80.00"):
            expect(item).to_contain_text(text)


def test_the_administrator_sees_how_far_it_is_replaces_and_waits_no_longer(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/manage/plans/ratings")
        panel = page.locator("#raters")
        expect(panel).to_contain_text("已提交 0 / 16 份")
        panel.get_by_role("link", name="全部评价人").click()
        page.wait_for_url("**/manage/plans/ratings/raters")
        page.wait_for_load_state()
        page.get_by_role("button", name="撤销或更换 韩梅").first.click()
        dialog = page.locator("#revoke-rater")
        dialog.get_by_label("改请何人").press_sequentially("E001")
        expect(dialog.locator("[role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        dialog.get_by_label("原因").fill("本月外派学习")
        dialog.get_by_role("button", name="撤销邀请").click()
        expect(page.locator("#results")).to_contain_text("本月外派学习")
        expect(page.locator("#results tbody").first).to_contain_text("E001")
        page.get_by_role("button", name="恢复").click()
        expect(page.locator("#results")).not_to_contain_text("本月外派学习")
        page.goto("/manage/plans/ratings")
        page.wait_for_load_state()
        page.get_by_role("button", name="不再等候").first.click()
        wait = page.locator("#wait-no-longer")
        wait.get_by_label("原因").fill("已过评价期限")
        wait.get_by_role("button", name="不再等候").click()
        expect(panel).to_contain_text("还没有邀请评价人")
        panel.get_by_role("button", name="指定评价人").click()
        one = page.locator("#ask-one")
        one.get_by_label("被评价人").fill("E101")
        one.get_by_label("评价人", exact=True).fill("E102 周洋")
        one.get_by_role("button", name="邀请").click()
        expect(one).to_contain_text("此人已是评价人")
