"""工作台: what waits for the reader, how the plans under way stand, one's own newest score."""

from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.support.months import AGENTS, CUSTOMER, open_month, sign_up_to
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import PHONE, check_it_fits
from tests.support.world import World, card_of, fill, open_plan
from workflow.policy import Role
from workflow.services.accounts.give_grants import NewGrant, give_grant
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan

LATER = 6
NOTHING_HAPPENED = {code: {"adjustments": []} for code in ("quality", "processing", "floor", "satisfaction")}


def months(world: World, clock: SettableClock) -> None:
    """Tell of the score in September of one who records too, of an open October, and of plans for later, more than a page."""
    open_month(world, clock, "2026-09", AGENTS)
    card = card_of("E101", "2026-09")
    fill(world, clock, card, NOTHING_HAPPENED)
    sign_up_to(world, clock, card, "publish")
    recorder = NewGrant("employee", Role.RECORDER, clock().date(), unit="market", items=("quality",))
    give_grant(world.actor("operator"), clock, recorder)
    open_plan(world, clock)
    for number in range(LATER):
        period = f"{date(2027, 1 + number, 1):%Y-%m}"
        plan.create(world.actor("admin"), clock, NewPlan(period, period, period, CUSTOMER))


@pytest.fixture(scope="module")
def story() -> Story:
    return months


def test_plans_under_way_are_shown_however_many_are_laid_for_later(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/")
        progress = page.get_by_role("region", name="计划进度")
        expect(progress.get_by_text("填报中")).to_have_count(2)
        progress.get_by_role("link", name="2026-10").click()
        expect(page).to_have_url(f"{live_server}/manage/plans/2026-10")


def test_a_new_score_waits_until_it_is_marked_read(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "employee", size=PHONE) as page:
        page.goto("/")
        check_it_fits(page)
        page.get_by_role("link", name="份新成绩待阅").click()
        page.get_by_role("button", name="已阅").click()
        expect(page.get_by_text("已阅").first).to_be_visible()
        page.goto("/")
        expect(page.get_by_text("份新成绩待阅")).to_have_count(0)
