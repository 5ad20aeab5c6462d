"""申诉: an employee objects to an item on their page; one is upheld and the revision published, one goes to a committee."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.agents import SIGNERS, enter, newest
from tests.support.objecting import MONTH, WHY, act, object_to, publish_card
from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import find_world, move


@pytest.fixture(scope="module")
def story() -> Story:
    """The card of 吴霞 is published; the fifth working day after that is 8 September 2026."""
    return publish_card


def make_move(page: Page, name: str, text: str = "") -> None:
    """Make a move of the objection that is open."""
    page.wait_for_load_state()  # the buttons open dialogs once the scripts are there
    page.locator(".page-tools").get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    if text:
        dialog.get_by_role("textbox").fill(text)
    dialog.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def open_waiting(page: Page) -> None:
    """Open the only objection that waits for the reader."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="查询与申诉").click()
    page.locator("#results td.main-cell a").click()
    expect(page.get_by_role("heading", name="经过")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_from_the_own_page_to_old_and_new_score(
    app: Flask, browser: Browser, live_server: str, clock: SettableClock, size: tuple[int, int]
) -> None:
    with signed_in(browser, live_server, "employee", size=size) as page:
        page.goto("/me")
        expect(page.locator(".score-hero")).to_contain_text("2026年9月8日前可提出申诉,由绩效管理岗(绩效管理岗)处理。")
        page.wait_for_load_state()
        page.get_by_role("button", name="申诉:业务处理").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("针对")).to_have_value("processing")
        dialog.get_by_role("textbox", name="说明").fill(WHY)
        dialog.get_by_role("button", name="提交").click()
        page.wait_for_url("**/objections/*")
        expect(page.locator(".talk")).to_contain_text(WHY)
        expect(page.locator(".page-tools")).to_contain_text("待处理")
        page.goto("/me")
        expect(page.get_by_role("button", name="申诉:业务处理")).to_have_count(0)
        expect(page.locator(".my-item", has_text="业务处理").locator(".made")).to_contain_text("待处理")

    with signed_in(browser, live_server, "admin", size=size) as page:
        page.goto("/")
        expect(page.locator(".task", has_text="查询或申诉待处理")).to_contain_text("1")
        page.goto("/objections")
        page.locator("#results td.main-cell a").click()
        make_move(page, "受理")
        make_move(page, "申诉成立", "录音中未见差错,扣分应予更正")
        expect(page.locator(".then-and-now")).to_contain_text("更正版:草稿")

    sign_revision(app, clock)
    with signed_in(browser, live_server, "employee", size=size) as page:
        page.goto("/objections")
        page.locator("#results td.main-cell a").click()
        expect(page.locator(".then-and-now .big")).to_have_text(["95", "98"])
        expect(page.locator(".split")).to_contain_text("业务处理")
        check_it_fits(page)
        picture(page, "08-appeal")
        page.locator(".then-and-now .now a").click()
        expect(page.locator(".score-hero")).to_contain_text("98")


def test_rejected_escalated_and_upheld_by_the_committee(
    app: Flask, browser: Browser, live_server: str, clock: SettableClock
) -> None:
    with app.app_context():
        world = find_world()
        objection = object_to(world, clock, newest(MONTH, "E101"))
        act(world, clock, objection, "reviewer-2", "accept", None)
        act(world, clock, objection, "reviewer-2", "reject")

    with signed_in(browser, live_server, "employee") as page:
        page.goto("/objections")
        page.locator("#results td.main-cell a").click()
        expect(page.locator("main")).to_contain_text("您可在2026年9月8日前提请复议一次")
        make_move(page, "提请复议", "请另行复核录音内容")
        expect(page.locator(".page-tools")).to_contain_text("复议中")

    with signed_in(browser, live_server, "admin") as page:
        page.goto("/")
        open_waiting(page)
        page.wait_for_load_state()
        page.get_by_role("button", name="组成委员会").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).not_to_contain_text("李强")  # signed the card
        for name in ("admin", "approver-2", "triple"):
            dialog.locator(f"input[value='{name}']").check()
        dialog.get_by_role("button", name="组成委员会").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("aside")).to_contain_text("已表决 0 / 3")  # the page is as it is now
        make_move(page, "申诉不成立", "原扣分有录音为证")
        expect(page.locator("aside")).to_contain_text("已表决 1 / 3")
        expect(page.locator(".why-not")).to_contain_text("您已表决")

    for username in ("approver-2", "triple"):
        with signed_in(browser, live_server, username) as page:
            page.goto("/")
            open_waiting(page)
            expect(page.locator(".talk")).not_to_contain_text("原扣分有录音为证")
            make_move(page, "申诉成立", "录音中未见差错,应予更正")
    with signed_in(browser, live_server, "employee", language="en") as page:
        page.goto("/objections")
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.locator("#results td.main-cell a").click()
        expect(page.locator(".page-tools")).to_contain_text("Upheld")
        expect(page.locator(".talk")).to_contain_text("Vote: Upheld")
        expect(page.locator(".talk")).to_contain_text("原扣分有录音为证")


def test_who_may_not_handle_it_is_told_why(
    app: Flask, browser: Browser, live_server: str, clock: SettableClock
) -> None:
    with app.app_context():
        object_to(find_world(), clock, newest(MONTH, "E101"))
    with signed_in(browser, live_server, "reviewer", size=PHONE) as page:
        page.goto("/objections?show=all")
        page.locator("#results td.main-cell a").click()
        expect(page.locator(".why-not")).to_contain_text("您已签署此评分表(审核)")
        expect(page.get_by_role("button", name="受理")).to_have_count(0)
        check_it_fits(page)


def sign_revision(app: Flask, clock: SettableClock) -> None:
    """Give back what was deducted and bring the revision through its signatures to publication."""
    with app.app_context():
        world = find_world()
        enter(world, clock, MONTH, "E101", 3)
        for username, trigger in (*SIGNERS, ("admin", "publish")):
            move(world, clock, newest(MONTH, "E101"), username, trigger)
