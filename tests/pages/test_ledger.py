"""加减分台账: a recorder enters with evidence by keyboard, the person sees it and asks, the recorder answers and voids."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.reader import picture, signed_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World, card_of, find_world
from workflow.models import card_queries
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.recorders import ledger
from workflow.services.recorders.ledger import NewEntry

PDF = b"%PDF-1.7 recording"

AGENTS = (PlanContents("csr-card", ("card-team",)),)


def october_is_late(world: World, clock: SettableClock) -> None:
    """Open October of 信用卡组; its quality scores were due two days ago, all other inputs yesterday."""
    admin = world.actor("admin")
    due = {"inputs": "2026-11-04", "inputs:quality": "2026-11-03"}
    made = plan.create(admin, clock, NewPlan("2026-10", "10月考核", "2026-10", AGENTS, calendar=due))
    plan.move(admin, clock, "2026-10", "open", seen_version=made.version)


@pytest.fixture(scope="module")
def story() -> Story:
    return october_is_late


def settled(page: Page) -> None:
    page.wait_for_load_state()  # forms and dialogs work once the scripts are there


def make_move(page: Page, name: str, text: str) -> None:
    """Make a move of the entry that is open."""
    settled(page)
    page.get_by_role("button", name=name).click()
    page.get_by_role("dialog").get_by_role("textbox").fill(text)
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_from_the_first_key_to_the_entry_that_is_void(
    browser: Browser, live_server: str, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "录音说明.pdf"
    file.write_bytes(PDF)
    with signed_in(browser, live_server, "recorder") as page:
        page.goto("/")
        expect(page.locator(".task.late")).to_contain_text("已逾期")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="加减分台账").click()
        settled(page)
        expect(page.locator(".ledger-form")).to_be_visible()
        page.get_by_label("人员").press_sequentially("e10")
        expect(page.locator("#l-subject-found li")).to_have_count(3)
        page.keyboard.press("Enter")
        expect(page.get_by_label("人员")).to_have_value("E101 吴霞")
        page.get_by_label("日期").fill("2026-10-12")
        page.get_by_label("分值").fill("-2")
        page.get_by_label("原因").fill("未核对客户身份要素")
        page.get_by_label("凭证文件").set_input_files(file)
        page.get_by_label("原因").press("Enter")
        row = page.locator("#results tbody tr")
        expect(row).to_contain_text("录音说明.pdf")
        expect(row).to_contain_text("已登记")
        expect(page.get_by_label("日期")).to_have_value("2026-10-12")
        picture(page, "ledger")

    with signed_in(browser, live_server, "employee", size=PHONE) as page:
        page.goto("/me")
        entry = page.locator(".deduction")
        for text in ("未核对客户身份要素", "2026-10-12", "录音说明.pdf"):
            expect(entry).to_contain_text(text)
        with page.expect_download() as fetched:
            entry.get_by_role("link", name="录音说明.pdf").click()
        assert fetched.value.path().read_bytes() == PDF
        entry.get_by_role("link", name="未核对客户身份要素").click()
        page.wait_for_url("**/ledger/*")
        make_move(page, "提出疑问", "当天我在休假")
        expect(page.locator(".page-tools")).to_contain_text("本人有疑问")
        check_it_fits(page)

    with signed_in(browser, live_server, "recorder") as page:
        page.goto("/ledger")
        expect(page.locator("#results")).to_contain_text("疑问:当天我在休假")
        page.locator("#results").get_by_role("link", name="吴霞").click()
        page.wait_for_url("**/ledger/*")
        make_move(page, "作废", "排班表证实当天休假")
        expect(page.locator("main")).to_contain_text("排班表证实当天休假")
        expect(page.locator(".page-tools")).to_contain_text("已作废")
    with app.app_context():
        (adjustment,) = card_queries.adjustments_of([card_of("E101").id])
        assert adjustment.void_reason == "排班表证实当天休假"


def test_what_is_wrong_is_said_and_nothing_is_lost(browser: Browser, live_server: str, tmp_path: Path) -> None:
    file = tmp_path / "单.pdf"
    file.write_bytes(PDF)
    with signed_in(browser, live_server, "recorder") as page:
        page.goto("/ledger")
        settled(page)
        page.get_by_label("人员").fill("E999")
        page.get_by_label("分值").fill("-1")
        page.get_by_label("原因").fill("未使用规范结束语")
        page.get_by_label("凭证文件").set_input_files(file)
        page.get_by_role("button", name="登记").click()
        expect(page.locator("#e-subject")).to_contain_text("E999")
        expect(page.get_by_label("原因")).to_have_value("未使用规范结束语")
        expect(page.locator(".ledger-form")).to_contain_text("单.pdf")
        page.get_by_label("人员").fill("E102")
        page.get_by_role("button", name="登记").click()
        expect(page.locator("#results tbody tr")).to_contain_text("单.pdf")


def test_nothing_happened_to_all_others_is_one_click(browser: Browser, live_server: str, app: Flask) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto("/manage/plans/2026-10")
        owed = page.locator("section", has=page.get_by_role("heading", name="数据提报"))
        expect(owed).to_contain_text("周婷")
        expect(owed).to_contain_text("2026年11月3日 已逾期")
    with signed_in(browser, live_server, "recorder") as page:
        page.goto("/ledger")
        settled(page)
        page.get_by_role("button", name="其余均无加减分").click()
        expect(page.get_by_role("status").first).to_contain_text("3 张评分表")
        expect(page.get_by_role("heading", name="待提报")).to_have_count(0)
    with app.app_context():
        card = card_of("E103")
        assert card_queries.items_of([card.id])[card.id]["quality"].input == {"adjustments": []}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_pages_fit(
    browser: Browser, live_server: str, app: Flask, clock: SettableClock, size: tuple[int, int]
) -> None:
    with app.app_context():
        told = {"on": "2026-10-12", "points": "-2", "reason": "未核对客户身份要素", "evidence": ["QA-1012-318"]}
        new = NewEntry("E101", "quality", told)
        made = ledger.record(find_world().actor("recorder"), clock, new, today=clock().date())
    for username, addresses in {
        "recorder": ("/", "/ledger", f"/ledger/{made.id}"),
        "employee": ("/me", "/me/ledger"),
    }.items():
        with signed_in(browser, live_server, username, size=size) as page:
            for address in addresses:
                page.goto(address)
                expect(page.locator("h1").first).to_be_visible()
                check_it_fits(page)
