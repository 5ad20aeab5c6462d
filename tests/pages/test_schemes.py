"""考核方案: what a version changed, and a back-test from its page."""

from copy import deepcopy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.agents import fill_month, hire, publish_month
from tests.support.reader import signed_in
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stories import Story
from tests.support.watched_page import DESKTOP, PHONE, check_it_fits
from tests.support.world import World
from workflow.scoring.loading import dump_scheme
from workflow.services.schemes import maintain_schemes

ADDRESS = "/manage/schemes/csr-card/2"


def changed(world: World, clock: SettableClock) -> None:
    """Publish September, and load a second version of the agents' scheme, which takes additions of at most 5."""
    data = deepcopy(scheme_of("csr-card").to_data())
    data["sections"][0]["items"][0]["rule"]["bonus_max"] = "5"
    hire(world, 4)
    fill_month(world, clock, "2026-09", {"E101": 110, "E102": 108, "E103": 104})
    publish_month(world, clock, "2026-09")
    maintain_schemes.load_version(world.actor("admin"), clock, data)


@pytest.fixture(scope="module")
def story() -> Story:
    return changed


def test_a_version_shows_what_it_changed_and_is_tried_on_a_month(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "admin") as page:
        page.goto(ADDRESS)
        difference = page.locator("#difference")
        expect(difference.get_by_role("row")).to_have_count(2)
        expect(difference).to_contain_text("rule.bonus_max")
        expect(page.locator("main")).to_contain_text("业务服务室经理谈话(talk-manager):当期末 3 名")

        page.get_by_role("link", name="回溯试算").click()
        page.get_by_label("2026-09 月度考核").check()
        page.get_by_role("button", name="试算").click()
        rows = page.locator("#results table").first.locator("tbody tr")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("吴霞")
        expect(rows.first).to_contain_text("105")
        expect(page.locator("#results")).to_contain_text("会提出")


def test_who_only_reads_schemes_is_offered_no_test(browser: Browser, live_server: str) -> None:
    with signed_in(browser, live_server, "reviewer") as page:
        page.goto(ADDRESS)
        expect(page.locator("#difference")).to_be_visible()
        expect(page.get_by_role("link", name="回溯试算")).to_have_count(0)


def test_a_faulty_file_is_refused_by_its_places_and_a_right_one_signed_into_force(
    browser: Browser, live_server: str, tmp_path: Path
) -> None:
    scheme = tmp_path / "floor.yaml"
    data = {**scheme_of("marketing-department").to_data(), "code": "floor", "title": "现场管理考核"}
    scheme.write_text(dump_scheme({**data, "frequency": "fortnight"}), encoding="utf-8")
    with signed_in(browser, live_server, "admin") as page:
        load(page, scheme)
        faults = page.get_by_role("alert", name="floor.yaml 未载入")
        expect(faults.get_by_role("row").nth(1)).to_contain_text("frequency")
        scheme.write_text(dump_scheme(data), encoding="utf-8")
        load(page, scheme)
        page.wait_for_url("**/manage/schemes/floor/1", wait_until="load")
        expect(page.get_by_role("heading", level=1)).to_contain_text("现场管理考核")
        page.get_by_role("button", name="签署编制").click()
        page.get_by_label("自哪一期起生效").fill("2026-10")
        page.get_by_role("dialog").get_by_role("button", name="签署编制").click()
        expect(page.locator("main")).to_contain_text("已编制(待审核)")
        address = page.url.removeprefix(live_server)
    for username, move in (("reviewer", "审核通过"), ("approver", "批准")):
        with signed_in(browser, live_server, username) as page:
            page.goto("/")
            page.get_by_role("link", name="现场管理考核").click()
            page.wait_for_url(f"**{address}", wait_until="load")
            page.get_by_role("button", name=move).click()
            page.get_by_role("dialog").get_by_role("button", name=move).click()
            expect(page.get_by_role("button", name=move)).to_have_count(0)
    with signed_in(browser, live_server, "auditor") as page:
        page.goto(address)
        expect(page.get_by_role("region", name="签署").get_by_role("listitem")).to_have_count(3)
        expect(page.locator("main")).to_contain_text("2026-10")


def load(page: Page, scheme: Path) -> None:
    page.goto("/manage/schemes")
    page.get_by_role("button", name="载入方案文件").click()
    page.get_by_label("文件", exact=True).set_input_files(scheme)
    page.get_by_role("button", name="检查并载入").click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_pages_fit(browser: Browser, live_server: str, size: tuple[int, int]) -> None:
    with signed_in(browser, live_server, "admin", size=size) as page:
        for address in (ADDRESS, f"{ADDRESS}/backtest?plan=2026-09"):
            page.goto(address)
            check_it_fits(page)
