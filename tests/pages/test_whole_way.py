"""The whole way of a month on the pages: fill in, sign three times, publish, read, acknowledge, revise."""

from playwright.sync_api import Browser, Page, expect

from tests.support.at_the_pages import sign_all, sign_one
from tests.support.reader import picture, signed_in

PLAN = "2026-10"


def fill_what_is_missing(page: Page) -> None:
    """Say on the grid, by keyboard, that nothing happened in the cells that are still empty."""
    page.goto(f"/grid/{PLAN}/general")
    empty = page.locator("td.missing")
    for _ in range(empty.count()):
        empty.first.click()
        page.keyboard.type("0")
        expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def test_a_month_goes_from_entry_to_a_published_locked_and_read_card(browser: Browser, demo_server: str) -> None:
    with signed_in(browser, demo_server, "preparer") as page:
        page.goto("/")
        picture(page, "01-workbench")
        fill_what_is_missing(page)
        picture(page, "02-team-grid")
        count = sign_all(page, "签署编制")
        assert count > 26

    with signed_in(browser, demo_server, "reviewer") as page:
        page.goto("/inbox")
        picture(page, "03-inbox")
        assert sign_all(page, "审核通过") == count

    with signed_in(browser, demo_server, "approver") as page:
        assert sign_all(page, "批准") == count

    with signed_in(browser, demo_server, "admin") as page:
        assert sign_all(page, "发布") == count
        page.goto(f"/manage/plans/{PLAN}")
        expect(page.get_by_text(f"已发布 {count}")).to_be_visible()
        picture(page, "04-plan")
        page.get_by_role("link", name="客户部", exact=True).first.click()
        expect(page.get_by_text("已锁定,内容不再改变。")).to_be_visible()
        expect(page.locator(".sheet input:not([type=hidden]), .sheet select, .sheet textarea")).to_have_count(0)
        page.locator("details.basis summary").nth(8).click()
        picture(page, "05-published-card")

    with signed_in(browser, demo_server, "employee") as page:
        page.goto("/")
        expect(page.get_by_role("heading", name="我的成绩")).to_be_visible()
        expect(page.locator(".score-hero")).to_contain_text("2026年10月")
        picture(page, "06-my-score")
        page.get_by_role("button", name="标记已阅").click()
        expect(page.locator(".score-hero")).to_contain_text("已阅")


def test_one_card_is_signed_with_a_password_returned_with_a_reason_and_taken_back(
    browser: Browser, demo_server: str
) -> None:
    with signed_in(browser, demo_server, "preparer") as page:
        open_card(page, "市场部")
        sign_one(page, "签署编制")
        expect(page.locator(".sheet-total")).to_contain_text("待审核")

    with signed_in(browser, demo_server, "reviewer") as page:
        open_card(page, "市场部")
        page.get_by_role("button", name="退回").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("原因").fill("请补充客户开发企划的说明")
        dialog.get_by_role("button", name="退回").click()
        expect(page.locator(".timeline")).to_contain_text("请补充客户开发企划的说明")

    with signed_in(browser, demo_server, "preparer") as page:
        open_card(page, "市场部")
        expect(page.locator(".sheet-total")).to_contain_text("草稿")
        page.locator("tr", has_text="客户开发企划情况").locator("label", has_text="良好").click()
        expect(page.locator("[data-save-state]")).to_contain_text("已保存")
        sign_one(page, "签署编制")
        page.get_by_role("button", name="撤回").click()
        page.get_by_role("dialog").get_by_role("button", name="撤回").click()
        expect(page.locator(".sheet-total")).to_contain_text("草稿")


def test_a_revision_stands_beside_the_locked_card_until_it_is_published(browser: Browser, demo_server: str) -> None:
    with signed_in(browser, demo_server, "admin") as page:
        open_card(page, "客户部", plan="2026-09")
        page.get_by_role("button", name="发起更正").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("原因").fill("流失率数据源有误")
        dialog.get_by_role("button", name="发起更正").click()
        expect(page.get_by_role("dialog")).to_have_count(0)

    with signed_in(browser, demo_server, "preparer") as page:
        page.goto("/cards?plan=2026-09&state=draft")
        expect(page.locator("td.main-cell")).to_contain_text("更正 1")
        page.locator("td.main-cell a").click()
        sign_one(page, "签署编制")
    for username, move in (("reviewer", "审核通过"), ("approver", "批准"), ("admin", "发布")):
        with signed_in(browser, demo_server, username) as page:
            page.goto("/cards?plan=2026-09&q=2026-09-0001")
            page.locator("tr", has_text="更正 1").locator("a").first.click()
            sign_one(page, move)
    with signed_in(browser, demo_server, "auditor") as page:
        page.goto("/cards?plan=2026-09&q=2026-09-0001")
        expect(page.locator("td.main-cell")).to_have_count(1)
        page.goto("/record?kind=scorecard")
        expect(page.locator("#results")).to_contain_text("被更正版替代")
        picture(page, "07-record")


def open_card(page: Page, subject: str, plan: str = PLAN) -> None:
    page.goto(f"/cards?plan={plan}&q={subject}")
    page.locator("td.main-cell a").first.click()
    expect(page.locator("#card")).to_be_visible()
    page.wait_for_load_state()
