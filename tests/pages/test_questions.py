"""询问: the reviewer asks beside the card, the preparer finds it on the workbench and answers, the card stays signed."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import PHONE, check_it_fits
from tests.support.world import World, bring_to, card_of, open_plan


def prepared(world: World, clock: SettableClock) -> None:
    """Tell of 客户部's card, which waits for its review."""
    open_plan(world, clock)
    bring_to(world, clock, card_of("customer"), "prepared")


@pytest.fixture(scope="module")
def story() -> Story:
    return prepared


@pytest.fixture
def card(app: Flask) -> str:
    """The address of the card."""
    with app.app_context():
        return f"/cards/2026-10/customer/{card_of('customer').id}"


def test_a_reviewer_asks_and_a_preparer_answers(browser: Browser, live_server: str, card: str) -> None:
    with signed_in(browser, live_server, "reviewer") as page:
        page.goto(card)
        panel = page.get_by_role("region", name="询问")
        panel.get_by_text("向编制人询问").click()
        panel.get_by_label("指标").select_option("churn")
        panel.get_by_label("问题").fill("流失率的数据来自哪份报表?")
        panel.get_by_role("button", name="提出").click()
        expect(panel).to_contain_text("待答复")
        expect(panel.get_by_role("button", name="撤回询问")).to_be_visible()
    with signed_in(browser, live_server, "preparer", size=PHONE) as page:
        page.goto("/")
        page.get_by_role("link", name="个询问待答复").click()
        panel = page.get_by_role("region", name="询问")
        panel.get_by_label("答复").fill("客户系统十月报表第三页")
        check_it_fits(page)
        panel.get_by_role("button", name="答复").click()
        expect(panel).to_contain_text("陈静 答复")
        expect(page.get_by_text("向编制人询问")).to_have_count(0)
    with signed_in(browser, live_server, "reviewer") as page:
        page.goto(card)
        expect(page.get_by_role("region", name="询问")).to_contain_text("客户系统十月报表第三页")
        picture(page, "17-question")
        expect(page.get_by_role("button", name="审核通过")).to_be_visible()
