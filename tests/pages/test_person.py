"""人员: HR goes from a confirmed 待岗 to the standing that it leads to, and voids what was wrong; nothing happens by itself."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.support.proposals import propose
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.world import World, card_of, open_plan
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.services.following import follow_up
from workflow.services.people.give_level import NewLevel, give_level


def put_off_post(world: World, clock: SettableClock) -> None:
    """Tell of a confirmed 待岗 of an agent who has a level."""
    open_plan(world, clock)
    card = card_of("E101")
    item = propose(card, clock, code="off-post", title="待岗", lasts=1, person_id=card.appraised_person_id)
    follow_up.move(world.actor("hr"), clock, item.id, "confirm", seen_version=1)
    level = NewLevel("E101", "中级", "decision", date(2026, 1, 1), reason="按人事档案")
    give_level(world.actor("hr"), clock, level)


@pytest.fixture(scope="module")
def story() -> Story:
    return put_off_post


@pytest.fixture
def action(app: Flask) -> int:
    """The 待岗."""
    with app.app_context():
        return db.session.scalars(select(ActionItem.id).where(ActionItem.code == "off-post")).one()


def standings(page: Page) -> list[str]:
    return page.get_by_role("region", name="岗位状态").locator("tbody tr").all_inner_texts()


def test_from_the_action_item_to_the_standing_and_back_out(browser: Browser, live_server: str, action: int) -> None:
    with signed_in(browser, live_server, "hr") as page:
        page.goto(f"/results/actions/{action}")
        page.get_by_role("link", name="登记岗位状态").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("状态")).to_have_value("off-post")
        expect(dialog.locator("[name=starts_on]")).to_have_value("2026-11-01")
        expect(dialog.locator("[name=ends_on]")).to_have_value("2026-11-30")
        assert standings(page) == []
        dialog.get_by_role("button", name="登记", exact=True).click()
        page.wait_for_url("**/manage/people/E101")
        expect(page.get_by_role("region", name="岗位状态").locator("tbody tr")).to_contain_text(
            "2026-11-01 – 2026-11-30"
        )
        expect(page.get_by_role("region", name="等级")).to_contain_text("中级")
        page.goto(f"/results/actions/{action}")
        expect(page.get_by_role("link", name="登记岗位状态")).to_have_count(0)

        page.goto("/manage/people/E101")
        page.wait_for_load_state()
        page.get_by_role("region", name="岗位状态").get_by_role("button", name="作废").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("起始日期有误,另行登记")
        page.get_by_role("dialog").get_by_role("button", name="作废").click()
        expect(page.get_by_role("region", name="岗位状态")).to_contain_text("作废原因:起始日期有误,另行登记")


def test_a_person_reads_their_own_and_enters_nothing(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "employee") as page:
        page.goto("/manage/people/E101")
        expect(page.get_by_role("region", name="等级")).to_contain_text("中级")
        expect(page.get_by_role("button", name="登记岗位状态")).to_have_count(0)
        expect(page.get_by_role("button", name="作废")).to_have_count(0)
