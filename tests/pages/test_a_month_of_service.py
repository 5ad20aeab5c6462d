"""A month of a customer-service team in the browser: everything done by its person on the page that is there for it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.support.at_the_pages import decide, sign_all, sign_one
from tests.support.csr_room import Room
from tests.support.rating import LEADER
from tests.support.reader import sign_in
from tests.support.service_month import (
    BECAUSE,
    DAYS,
    DIRECTIONS,
    FIGURES,
    LEADER_SAYS,
    MONTH,
    PEERS_SAY,
    PREPARED,
    PROBLEMS,
    REPORTED,
    TALKED,
    TEAM,
    USERNAMES,
    WHY,
    Month,
    before_october,
    improve_since_august,
)
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories
from tests.support.world import PEOPLE

PLAN = f"/manage/plans/{MONTH}"
NAMES = {**{code: name for code, (name, _) in PEOPLE.items()}, "E104": "韩梅"}
SIGNED = {"prepare": "签署编制", "review": "审核通过", "approve": "批准", "publish": "发布"}
REVISED = (("preparer", "prepare"), ("reviewer-2", "review"), ("approver", "approve"), ("admin", "publish"))


@dataclass(frozen=True)
class Service:
    """The team at its pages, one after another in the same window; plans are made ready over the interface."""

    page: Page
    month: Month
    signed_in: dict[str, list[Any]] = field(default_factory=dict)

    def on(self, day: str) -> None:
        """Let it be the morning of a day; everybody signs in anew."""
        self.month.room.on(day)
        self.signed_in.clear()

    def reads(self, username: str, address: str = "/") -> Page:
        """The page that somebody has opened."""
        context = self.page.context
        context.clear_cookies()
        if username not in self.signed_in:
            sign_in(context.request, username)
            self.signed_in[username] = list(context.cookies())
        context.add_cookies(self.signed_in[username])
        self.page.goto(address)
        self.page.wait_for_load_state()
        return self.page


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_stories: Stories, clock: SettableClock) -> Iterator[Flask]:
    """The application in which the team works; its August is final."""
    with sqlite_stories.after(before_october, clock) as database:
        yield make_app(database)


@pytest.fixture
def service(browser_page: Page, app: Flask, clock: SettableClock) -> Service:
    """The team with October open; two improvement plans have followed from August."""
    month = Month(Room(app, clock))
    improve_since_august(month)
    month.open(MONTH, "csr-card", calendar={"inputs": "2026-11-01", "review": "2026-11-03"})
    return Service(browser_page, month)


def test_the_month_goes_as_worked_out_by_hand(service: Service) -> None:
    """One test, since each part of it follows from the one before."""
    rate_every_day(service)
    keep_the_ledger(service)
    rate_each_other(service)
    be_late_and_reminded(service)
    sign_with_a_delegate(service)
    expect_places(service, ["1冯涛", "2韩梅", "3吴霞", "4蒋丽"], 1)
    appeal_until_upheld(service)
    expect_places(service, ["1吴霞", "1冯涛", "3韩梅", "4蒋丽"], 2)
    finish_and_pay(service)
    correct_what_was_paid(service)
    expect_places(service, ["1吴霞", "1冯涛", "3韩梅", "4蒋丽"], 3)
    report_on_it(service)
    talk_about_it(service)
    judge_improvements(service)


def rate_every_day(service: Service) -> None:
    """The leader rates the day; its cards are signed as every day."""
    for day, values in DAYS.items():
        service.on(day)
        service.month.open(day, "day-card")
        page = service.reads(USERNAMES[LEADER])
        page.locator(".task", has_text=day).click()
        page.locator("#results tr", has_text=day).get_by_role("link", name="去评价").click()
        page.wait_for_load_state()
        for code, value in zip(TEAM, values, strict=True):
            page.get_by_label(f"上级当日评价:{NAMES[code]}").fill(str(value))
        submit_ratings(page, len(TEAM))
        service.month.sign(day, dict(zip(SIGNED, ("preparer", "reviewer", "approver", "admin"), strict=True)))


def submit_ratings(page: Page, count: int) -> None:
    page.get_by_role("button", name=f"提交 {count} 人的评价").click()
    expect(page.locator("#sheet [data-state]", has_text="已提交")).to_have_count(count)


def record(page: Page, code: str, item: str, points: str, why: str) -> None:
    page.get_by_label("人员").fill(code)
    page.get_by_label("项目", exact=True).first.select_option(label=item)
    page.get_by_label("日期").fill("2026-10-12")
    page.get_by_label("分值").fill(points)
    page.get_by_label("原因").fill(why)
    page.get_by_label("原因").press("Enter")
    expect(page.locator("#results")).to_contain_text(why)
    page.wait_for_load_state()


def keep_the_ledger(service: Service) -> None:
    """Entries as they happen; one is questioned and explained, one questioned and voided."""
    page = service.reads("recorder", "/ledger")
    record(page, "E101", "品质监控", "-4", "未核对客户身份")
    record(page, "E101", "品质监控", "-6", "未按流程回访")
    record(page, "E104", "品质监控", "-2", "用语不规范")
    page = service.reads("preparer", "/ledger")
    record(page, "E103", "业务处理", "-10", "业务差错五笔")
    doubts = {"未核对客户身份": "当天录音请复听", "未按流程回访": "当天我在休假"}
    page = service.reads("employee", "/me/ledger")
    for why, doubt in doubts.items():
        page.get_by_role("link", name=why).click()
        decide(page, "提出疑问", {"疑问": doubt})
        expect(page.locator(".page-tools")).to_contain_text("本人有疑问")
        page.goto("/me/ledger")
    page = service.reads("recorder", "/ledger")
    entry_of(page, "未核对客户身份")
    decide(page, "答复", {"答复": "已复听,第三分钟未核对"})
    page.goto("/ledger")
    entry_of(page, "未按流程回访")
    decide(page, "作废", {"原因": "记错了人"})
    page = service.reads("employee", "/me/ledger")
    expect(page.locator(".deduction.is-void")).to_contain_text("未按流程回访")
    page.get_by_role("link", name="未核对客户身份").click()
    expect(page.locator("main")).to_contain_text("已复听,第三分钟未核对")


def entry_of(page: Page, why: str) -> None:
    page.locator("#results tr", has_text=why).get_by_role("link").first.click()


def rate_each_other(service: Service) -> None:
    """Everybody rates; two of the peers of E103 are away, so nothing is shown of the one, until another is asked."""
    service.on("2026-11-02")
    page = service.reads("admin", f"{PLAN}/raters?subject=E103")
    for name in (NAMES["E102"], NAMES["E104"]):
        page.get_by_role("button", name=f"撤销或更换 {name}").click()
        dialog = page.locator("#revoke-rater")
        dialog.get_by_label("原因").fill("当月外派学习")
        dialog.get_by_role("button", name="撤销邀请").click()
        expect(page.locator("#results tr.is-void", has_text=name)).to_contain_text("当月外派学习")
    give_ratings(service, LEADER, LEADER_SAYS, "superior")
    for code in TEAM:
        give_ratings(service, code, PEERS_SAY)
    page = service.reads("preparer", f"/cards?plan={MONTH}&q=E103")
    page.locator("td.main-cell a").click()
    expect(page.locator("tr.item[data-item=teamwork]")).to_contain_text("评价人数不足")
    page = service.reads("admin", f"{PLAN}/raters?subject=E103")
    page.get_by_role("button", name="指定 蒋丽的评价人").click()
    dialog = page.locator("#ask-one")
    dialog.get_by_label("评价人", exact=True).fill("E001")
    dialog.get_by_label("类别").select_option("peer")
    dialog.get_by_role("button", name="邀请").click()
    expect(page.locator("#results")).to_contain_text("刘洋")
    give_ratings(service, "E001", PEERS_SAY)
    page = service.reads("preparer", f"/cards?plan={MONTH}&q=E103")
    page.locator("td.main-cell a").click()
    expect(page.locator("tr.item[data-item=teamwork]")).to_contain_text("同级 2 人")


def give_ratings(service: Service, by: str, says: Mapping[str, str], group: str = "peer") -> None:
    page = service.reads(USERNAMES[by], f"/ratings/{MONTH}/csr-card/{group}")
    lines = page.locator("#sheet tr[data-rating]")
    for line in lines.all():
        code = next(each for each in says if NAMES[each] == line.get_attribute("data-name"))
        line.locator(".segments label", has_text=says[code]).click()
    submit_ratings(page, lines.count())


def be_late_and_reminded(service: Service) -> None:
    """The recorder is late and reminded, and says that nothing else happened; the preparer says so over the interface."""
    page = service.reads("admin", PLAN)
    late = page.get_by_role("region", name="逾期")
    expect(late).to_contain_text("周婷")
    late.get_by_role("button", name="催办").click()
    expect(late).to_contain_text("今天已催办")
    page = service.reads("recorder")
    expect(page.locator(".task.late")).to_contain_text("绩效管理岗 已于 2026年11月2日 催办")
    page.locator(".task.late").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="其余均无加减分").click()
    expect(page.get_by_role("status").first).to_contain_text("2 张评分表")
    service.month.say_nothing_else_happened("preparer", *PREPARED)


def sign_with_a_delegate(service: Service) -> None:
    """The reviewer is away: a colleague signs for them, and the signature names both."""
    service.on("2026-11-03")
    page = service.reads("reviewer", "/manage/delegates")
    page.get_by_role("button", name="委托代理").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("授权").select_option(label="审核人 · 全公司")
    dialog.get_by_label("代理人").select_option("approver-2")
    dialog.get_by_label("起").fill("2026-11-04")
    dialog.get_by_label("止").fill("2026-11-06")
    dialog.get_by_label("原因").fill("外出培训")
    dialog.get_by_role("button", name="委托").click()
    expect(page.locator("#results")).to_contain_text("外出培训")
    service.on("2026-11-04")
    page = service.reads("preparer")
    assert sign_all(page, SIGNED["prepare"]) == len(TEAM)
    page = service.reads("approver-2")
    expect(page.locator(".task", has_text="待审核")).to_contain_text("代 李强 处理")
    assert sign_all(page, SIGNED["review"]) == len(TEAM)
    page = service.reads("approver")
    assert sign_all(page, SIGNED["approve"]) == len(TEAM)
    page = service.reads("admin", PLAN)
    decide(page, "截止填报")
    decide(page, "发布")
    expect(page.get_by_text("已发布 4")).to_be_visible()
    page = service.reads("employee", "/me")
    expect(page.locator(".score-hero")).to_contain_text("114")
    expect(page.locator(".timeline")).to_contain_text("赵磊(审核人) 代 李强")
    page.get_by_role("navigation", name="考核频次").get_by_role("link", name="每日").click()
    expect(page.locator(".score-hero")).to_contain_text("80.00")
    expect(page.locator(".spark")).to_contain_text("10-13")


def expect_places(service: Service, places: list[str], version: int) -> None:
    page = service.reads("hr", f"/results?plan={MONTH}")
    rows = page.locator("#results tbody tr")
    expect(rows).to_have_count(len(places))
    for row, place in zip(rows.all(), places, strict=True):
        expect(row).to_contain_text(re.compile(rf"{place[0]}\s*{place[1:]}"))
    expect(page.locator("#results")).to_contain_text(f"第 {version} 版")


def appeal_until_upheld(service: Service) -> None:
    """E101 appeals; rejected, escalated, upheld, and the revision published."""
    service.on("2026-11-05")
    page = service.reads("employee", "/me")
    page.get_by_role("button", name="申诉:品质监控").click()
    page.get_by_role("dialog").get_by_role("textbox", name="说明").fill(WHY)
    page.get_by_role("dialog").get_by_role("button", name="提交").click()
    page.wait_for_url("**/objections/*")
    address = page.url
    page = service.reads("approver-2", address)
    expect(page.locator(".why-not")).to_contain_text("您已签署此评分表")
    page = service.reads("reviewer-2", address)
    decide(page, "受理")
    decide(page, "申诉不成立", {"决定与理由": BECAUSE})
    page = service.reads("employee", address)
    decide(page, "提请复议", {"复议理由": "请另行复核录音内容"})
    page = service.reads("admin", address)
    decide(page, "申诉成立", {"决定与理由": "录音中已核对身份"})
    page.locator(".then-and-now .now a").click()
    page.wait_for_url("**/cards/**")
    revision = page.url
    page = service.reads("preparer", revision)
    page.locator("#d-quality > summary").click()
    row = page.locator("#d-quality tr", has_text="未核对客户身份")
    row.locator("summary").click()
    row.get_by_role("textbox").fill("申诉成立,录音中已核对身份")
    row.get_by_role("button").click()
    expect(page.locator("tr.item[data-item=quality] [data-points]")).to_have_text("40")
    for username, trigger in REVISED:
        sign_one(service.reads(username, revision), SIGNED[trigger])
    page = service.reads("employee", address)
    expect(page.locator(".then-and-now .big")).to_have_text(["114", "118"])
    expect(page.get_by_role("button", name="提请复议")).to_have_count(0)


def finish_and_pay(service: Service) -> None:
    """Once the days for appeals are over none is taken, and what is paid is frozen."""
    service.on("2026-11-20")
    page = service.reads("e104", "/me")
    expect(page.locator(".score-hero")).to_contain_text("114")
    expect(page.get_by_role("button", name=re.compile("^申诉"))).to_have_count(0)
    page = service.reads("admin", PLAN)
    decide(page, "定案")
    page = service.reads("hr", f"/results/payroll?plan={MONTH}")
    for name, paid in {"吴霞": "3,540.00", "冯涛": "3,540.00", "蒋丽": "3,120.00", "韩梅": "3,420.00"}.items():
        expect(page.locator("#results tbody tr", has_text=name)).to_contain_text(paid)


def correct_what_was_paid(service: Service) -> None:
    """A correction after that, made as the one of the appeal, is paid as a difference."""
    service.month.room.revise(MONTH, "E103", 6)
    page = service.reads("hr", f"/results/payroll?plan={MONTH}")
    (row,) = page.locator("#results tbody tr").all()
    expect(row).to_contain_text("蒋丽")
    expect(row).to_contain_text("+180.00")


def report_on_it(service: Service) -> None:
    """The administrator writes the month's report; it is signed by three, published, read and printed."""
    page = service.reads("admin", f"/results/report?plan={MONTH}")
    page.get_by_role("button", name="撰写报告").click()
    page.wait_for_url("**/results/reports/*")
    page.wait_for_load_state()
    page.get_by_label("存在问题").fill(PROBLEMS)
    page.get_by_label("改进方向", exact=True).first.fill(DIRECTIONS)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    report = page.url
    for username, trigger in REPORTED:
        page = service.reads(username, report)
        sign_one(page, SIGNED[trigger])
        for figure in FIGURES:
            expect(page.locator("#report")).to_contain_text(figure)
    page = service.reads("employee", report)
    expect(page.locator("#report")).to_contain_text(PROBLEMS)
    expect(page.locator("#report")).not_to_contain_text("蒋丽")
    form = page.request.get(str(page.get_by_role("link", name="打印").get_attribute("href")))
    assert (form.status, form.body()[:4]) == (200, b"%PDF")


def talk_about_it(service: Service) -> None:
    """The month's last place leads to a talk; its record is read by whom it was held with."""
    page = service.reads("hr", f"/results/actions?plan={MONTH}")
    page.locator("#results tr", has_text="蒋丽").get_by_role("link").click()
    decide(page, "确认")
    held = {"办理记录": TALKED, "地点": "会谈室", "时间": "15:00", "谈话人工号": LEADER}
    decide(page, "办结", held)
    page = service.reads("e103")
    page.get_by_role("link", name="份谈话记录待您阅知").click()
    page.locator("#results td.main-cell a").click()
    talk = page.get_by_role("region", name="谈话记录")
    expect(talk).to_contain_text("组长林岚")
    decide(page, "标记已阅", {"本人意见": "按约定改进"}, on="main")
    expect(talk).to_contain_text("按约定改进")


def judge_improvements(service: Service) -> None:
    """One plan helped, the other did not."""
    said = {"评估意见": "对照八月与十月的得分"}
    page = service.reads("hr")
    for name, verdict in (("吴霞", "有效:指标好转"), ("蒋丽", "无效")):
        page.goto("/results/improvements")
        page.locator("#results").get_by_role("link", name=name).click()
        decide(page, "评估效果", said)
        expect(page.get_by_role("region", name="效果")).to_contain_text(verdict)
