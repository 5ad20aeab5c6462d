"""The payroll of a plan: frozen when it becomes final, corrected by differences, each line worked out by hand.

信用卡组: a bonus of 3,000 × total ÷ 100. 业绩组 (a scheme of the test): the base wage of the level, 2 % of what the
profit exceeds its base by, and the person's own bonus base × the grade's coefficient × the attended share.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.support.agents import (
    cards_of,
    fill_month,
    hire,
    hired,
    make_final,
    move_plan,
    newest,
    publish_month,
    revise,
    whole_month,
)
from tests.support.months import open_month, sign_up_to
from tests.support.proposals import propose
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import World, approve_scheme, card_of, fill
from workflow.errors import Reason
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.payroll import PayrollBatch, PayrollLine
from workflow.models.personal import ERASED
from workflow.models.record import Record
from workflow.policy import SYSTEM
from workflow.scoring.periods import Period
from workflow.services.erasing.erase import erase_person
from workflow.services.following import follow_up
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.paging import PageAsked
from workflow.services.paying import look_up_payroll, maintain_pay, pay
from workflow.services.paying.maintain_pay import NewBonusBase
from workflow.services.people import give_level
from workflow.services.people.give_level import NewLevel
from workflow.services.plans import maintain_calendar
from workflow.services.plans.maintain_calendar import DayKind
from workflow.services.plans.plan import PlanContents

PERIOD = "2026-05"
JANUARY = date(2026, 1, 1)
PROFIT = {
    "code": "profit",
    "title": "利润",
    "rule": {"kind": "attainment", "full": 100, "min": 0, "max": 100, "parts": ["interest"]},
}
SALES: dict[str, Any] = {
    "code": "sales",
    "title": "业绩组考核分值表",
    "frequency": "month",
    "subject": "person",
    "sections": [{"code": "a", "title": "业绩", "items": [PROFIT]}],
    "grades": [{"name": "优秀", "from": 90}, {"name": "合格", "from": 0}],
    "pay": {
        "base": {"高级": 8000, "中级": 6000},
        "benefit": {"item": "profit", "of": "increment", "rate": "0.02"},
        "bonus": {"base": "person", "by": "grade", "coefficients": {"优秀": "1.2", "合格": 1}, "attendance": True},
    },
}


@pytest.fixture(scope="module")
def story() -> Story:
    return hired(3)


@pytest.fixture
def levels(world: World, clock: SettableClock) -> None:
    """E101 is 高级, E102 is 中级 and becomes 高级 in June, E103 has none."""
    for person, level, since in (
        ("E101", "高级", JANUARY),
        ("E102", "中级", JANUARY),
        ("E102", "高级", date(2026, 6, 1)),
    ):
        new = NewLevel(person, level, "decision", since, reason="按人事决定")
        give_level.give_level(world.actor("hr"), clock, new)


def sales_month(world: World, clock: SettableClock) -> None:
    """Make a month of the sales scheme final: E101 reaches 150 of 120, E102 and E103 96 of 120."""
    publish_sales(world, clock)
    make_final(world, clock, PERIOD)


def publish_sales(world: World, clock: SettableClock) -> None:
    approve_scheme(world, clock, SALES)
    open_month(world, clock, PERIOD, [PlanContents("sales", ("card-team",))])
    for code, actual in {"E101": "150", "E102": "96", "E103": "96"}.items():
        card = card_of(code, PERIOD)
        amounts = {"base": ["100"], "growth": ["20"], "actual": [actual]}
        fill(world, clock, card, {"profit": {"parts": {"interest": amounts}}})
        sign_up_to(world, clock, card, "approve")
    for trigger in ("close", "publish"):
        move_plan(world, clock, PERIOD, trigger)


def base_of(world: World, clock: SettableClock, person: str, amount: str, since: date = JANUARY) -> None:
    maintain_pay.set_bonus_base(world.actor("hr"), clock, NewBonusBase(person, amount, since, "入职核定"))


def attended(world: World, clock: SettableClock, person: str, days: str) -> None:
    """Tell how many of the 21 working days of May somebody was there."""
    rows = [Measured("attendance-days", person, PERIOD, days, "考勤系统")]
    measure.record_measurements(world.actor("preparer"), clock, rows)


def batches(period: str = PERIOD) -> list[dict[str, PayrollLine]]:
    """The plan's batches in order, their lines by person."""
    query = (
        select(PayrollBatch.number, PayrollLine)
        .join(PayrollLine, PayrollLine.payroll_batch_id == PayrollBatch.id)
        .where(PayrollLine.card_number.startswith(period))
        .order_by(PayrollBatch.number)
    )
    found: dict[int, dict[str, PayrollLine]] = {}
    for number, line in db.session.execute(query):
        found.setdefault(number, {})[line.person_code] = line
    assert list(found) == list(range(1, len(found) + 1))
    return list(found.values())


def totals(lines: dict[str, PayrollLine]) -> dict[str, str | None]:
    return {code: None if line.total is None else str(line.total) for code, line in lines.items()}


def differences(lines: dict[str, PayrollLine]) -> dict[str, tuple[object, object, object]]:
    return {code: (line.paid_before, line.total, line.difference) for code, line in lines.items()}


def money(amount: str) -> Decimal:
    return Decimal(amount)


def test_a_plan_that_becomes_final_freezes_what_its_cards_pay(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {"E101": 110, "E102": 95, "E103": 100})
    (frozen,) = batches()
    assert totals(frozen) == {"E101": "3300.00", "E102": "2850.00", "E103": "3000.00"}
    line, card = frozen["E102"], newest(PERIOD, "E102")
    assert (line.scorecard_id, line.card_revision, line.points) == (card.id, 0, 95)
    assert (line.base, line.benefit, line.gaps, line.paid_before, line.difference) == (None, None, {}, None, None)
    assert [step["values"]["expression"] for step in line.arithmetic] == ["3000 × 95 ÷ 100"]
    assert len(line.card_digest) == 64


def test_a_plan_without_pay_has_no_payroll(world: World, clock: SettableClock) -> None:
    approve_scheme(world, clock, {**SALES, "pay": None})
    open_month(world, clock, PERIOD, [PlanContents("sales", ("card-team",))])
    for code in ("E101", "E102", "E103"):
        card = card_of(code, PERIOD)
        fill(world, clock, card, {"profit": {"parts": {"interest": {"base": ["1"], "growth": [], "actual": ["1"]}}}})
        sign_up_to(world, clock, card, "approve")
    for trigger in ("close", "publish"):
        move_plan(world, clock, PERIOD, trigger)
    make_final(world, clock, PERIOD)
    assert batches() == []


def test_every_part_of_the_pay_by_hand(world: World, clock: SettableClock, levels: None) -> None:  # noqa: ARG001
    base_of(world, clock, "E101", "2500", JANUARY)
    base_of(world, clock, "E101", "2000", date(2026, 5, 31))  # holds on the last day of May
    base_of(world, clock, "E101", "9000", date(2026, 6, 1))
    base_of(world, clock, "E102", "1500.50")
    attended(world, clock, "E101", "19")
    attended(world, clock, "E102", "22")
    sales_month(world, clock)
    (frozen,) = batches()
    first, second = frozen["E101"], frozen["E102"]
    # 19 ÷ 21 = 0.9048; 8000 + (150 − 100) × 0.02 = 1 + 2000 × 1.2 × 0.9048 = 2171.52
    assert (first.base, first.benefit, first.bonus) == (money("8000"), money("1"), money("2171.52"))
    assert (first.total, first.level, first.grade) == (money("10172.52"), "高级", "优秀")
    assert (first.bonus_base, first.attendance) == (money("2000"), money("0.9048"))
    assert first.arithmetic[0]["values"] == {"how": "attendance", "days": "19", "due": "21", "share": "0.9048"}
    # 96 of 120 give 80 points; 6000 + (96 − 100) × 0.02 = −0.08, and 1500.50 × 1 × 1: a day more than 21 adds nothing
    assert (second.base, second.benefit, second.bonus) == (money("6000"), money("-0.08"), money("1500.5"))
    assert (second.total, second.points, second.grade) == (money("7500.42"), money("80"), "合格")


def test_an_order_of_erasure_waits_for_the_pay_and_changes_nothing_of_it(
    world: World,
    clock: SettableClock,
    levels: None,  # noqa: ARG001
) -> None:
    """The benefit wage goes by what was put in, which an order takes: first it is paid, and then what was paid stands."""
    order = "人力〔2026〕12 号"
    publish_sales(world, clock)
    with refused(Reason.CARDS_UNFINISHED):
        erase_person(SYSTEM, clock, "E101", order)
    make_final(world, clock, PERIOD)
    paid = batches()[0]["E101"].base, batches()[0]["E101"].benefit
    erase_person(SYSTEM, clock, "E101", order)
    base_of(world, clock, "E102", "1500")
    maintain_pay.correct(world.actor("hr"), clock, PERIOD)
    frozen, corrected = batches()
    assert (frozen["E101"].person_name, frozen["E101"].base, frozen["E101"].benefit) == (ERASED, *paid)
    assert set(corrected) == {"E102"}


def test_a_holiday_is_no_day_to_attend(world: World, clock: SettableClock, levels: None) -> None:  # noqa: ARG001
    maintain_calendar.add_day(world.actor("hr"), clock, date(2026, 5, 1), DayKind.HOLIDAY, "劳动节")
    base_of(world, clock, "E101", "2000")
    attended(world, clock, "E101", "19")
    sales_month(world, clock)
    (frozen,) = batches()
    assert (frozen["E101"].attendance, frozen["E101"].bonus) == (money("0.95"), money("2280"))  # 19 of 20


def test_what_is_not_known_is_told_and_nothing_is_zero(world: World, clock: SettableClock, levels: None) -> None:  # noqa: ARG001
    base_of(world, clock, "E102", "1500")
    sales_month(world, clock)
    (frozen,) = batches()
    assert {code: line.gaps for code, line in frozen.items()} == {
        "E101": {"bonus": "no_bonus_base"},
        "E102": {"bonus": "no_attendance"},
        "E103": {"base": "no_level", "bonus": "no_bonus_base"},
    }
    assert totals(frozen) == {"E101": None, "E102": None, "E103": None}
    assert frozen["E101"].base == money("8000")


def test_what_is_recorded_late_is_paid_as_a_difference(world: World, clock: SettableClock, levels: None) -> None:  # noqa: ARG001
    base_of(world, clock, "E102", "1500")
    sales_month(world, clock)
    attended(world, clock, "E102", "10.5")
    made = maintain_pay.correct(world.actor("hr"), clock, PERIOD)
    assert made is not None
    _, later = batches()
    # nothing was paid before: 6000 − 0.08 + 1500 × 0.5
    assert differences(later) == {"E102": (None, money("6749.92"), money("6749.92"))}
    assert maintain_pay.correct(world.actor("hr"), clock, PERIOD) is None
    assert len(batches()) == 2


def test_a_revision_pays_the_difference_once(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {"E101": 110, "E102": 95})
    revise(world, clock, PERIOD, "E102", 3)
    frozen, first = batches()
    assert totals(frozen) == {"E101": "3300.00", "E102": "2850.00", "E103": "3000.00"}
    assert differences(first) == {"E102": (money("2850"), money("2940"), money("90"))}
    assert (first["E102"].scorecard_id, first["E102"].card_revision) == (newest(PERIOD, "E102").id, 1)
    revise(world, clock, PERIOD, "E102", -5)
    assert differences(batches()[2]) == {"E102": (money("2940"), money("2790"), money("-150"))}
    assert maintain_pay.correct(world.actor("hr"), clock, PERIOD) is None


def test_a_revision_that_pays_the_same_makes_no_difference(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {"E101": 110})
    revise(world, clock, PERIOD, "E101", 5)  # 115: processing gives at most 15 beyond its 40
    revise(world, clock, PERIOD, "E101", 5)
    assert [set(each) for each in batches()] == [{"E101", "E102", "E103"}, {"E101"}]


def test_a_revision_before_the_plan_is_final_is_part_of_what_is_frozen(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, PERIOD, {})
    publish_month(world, clock, PERIOD)
    revise(world, clock, PERIOD, "E102", 5)
    assert batches() == []
    make_final(world, clock, PERIOD)
    (frozen,) = batches()
    assert (frozen["E102"].total, frozen["E102"].card_revision) == (money("3150"), 1)


def off_post(
    world: World, clock: SettableClock, code: str, period: str = "2026-04", lasts: int | None = 1
) -> ActionItem:
    """Let somebody, on grounds of April, be off post in May without bonus; without `lasts` April's own bonus is stopped."""
    card = newest(period, code)
    said = {"code": "off-post", "title": "待岗", "lasts": lasts, "bonus": "none"}
    item = propose(card, clock, person_id=card.appraised_person_id, **said)
    return follow_up.move(world.actor("hr"), clock, item.id, "confirm", seen_version=1)


def test_a_confirmed_consequence_stops_the_bonus_of_its_months(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, "2026-04", {})
    stopping = off_post(world, clock, "E103")
    for period in (PERIOD, "2026-06"):
        whole_month(world, clock, period, {})
    (may,), (june,) = batches(), batches("2026-06")
    assert (may["E103"].bonus, may["E103"].total, may["E103"].stopped_by) == (0, 0, stopping.id)
    assert totals(june) == {"E101": "3000.00", "E102": "3000.00", "E103": "3000.00"}


def test_a_consequence_confirmed_late_takes_the_bonus_back_once(world: World, clock: SettableClock) -> None:
    for period in ("2026-04", PERIOD):
        whole_month(world, clock, period, {})
    off_post(world, clock, "E103")
    assert len(batches("2026-04")) == 1
    _, later = batches()
    assert differences(later) == {"E103": (money("3000"), money("0"), money("-3000"))}
    assert maintain_pay.correct(world.actor("hr"), clock, PERIOD) is None


@pytest.mark.parametrize("table", ["payroll_batch", "payroll_line", "bonus_base"])
def test_nothing_frozen_ever_changes(world: World, clock: SettableClock, table: str) -> None:
    base_of(world, clock, "E101", "2500")
    whole_month(world, clock, PERIOD, {})
    record = db.session.scalar(select(Record.id).order_by(Record.id.desc()).limit(1))
    for change in (f"record_id = {record}", "id = id + 1"):
        with pytest.raises(DBAPIError, match=r"kaogong|permission denied"):
            db.session.execute(text(f"UPDATE {table} SET {change}"))
        db.session.rollback()


def test_no_line_joins_a_frozen_batch(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {})
    with pytest.raises(DBAPIError, match="kaogong"):
        db.session.execute(
            text(
                "INSERT INTO payroll_line SELECT * FROM payroll_line WHERE FALSE"
                " UNION ALL SELECT * FROM payroll_line LIMIT 1"
            )
        )
    db.session.rollback()


def test_each_batch_is_one_record_of_who_made_it(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {})
    revise(world, clock, PERIOD, "E102", 3)
    off_post(world, clock, "E103", PERIOD, lasts=None)
    told = select(Record.event, Record.role).where(Record.entity_kind == "payroll").order_by(Record.id)
    assert db.session.execute(told).all() == [
        ("payroll.freeze", "administrator"),
        ("payroll.correct", "administrator"),
        ("payroll.correct", "hr"),
    ]


def test_a_bonus_base_is_set_by_hr_with_an_amount_and_a_reason(world: World, clock: SettableClock) -> None:
    new = NewBonusBase("E999", "12.345", JANUARY, " ")
    with refused(Reason.INVALID_INPUT, "person", "reason", "amount"):
        maintain_pay.set_bonus_base(world.actor("hr"), clock, new)
    for username in ("admin", "auditor", "preparer", "head"):
        with refused(Reason.NO_GRANT):
            maintain_pay.set_bonus_base(world.actor(username), clock, new)


def test_only_hr_asks_for_differences_and_the_plan_is_not_told_to_others(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, PERIOD, {})
    for username, reason in {"admin": Reason.NO_GRANT, "auditor": Reason.NO_GRANT, "preparer": Reason.NOT_SEEN}.items():
        with refused(reason):
            maintain_pay.correct(world.actor(username), clock, PERIOD)


def test_many_lines_take_as_many_statements_as_few(world: World, clock: SettableClock) -> None:
    counts = []
    for period, agents in (("2026-04", 3), (PERIOD, 7)):
        hire(world, agents)
        whole_month(world, clock, period, {})
        hr = world.actor("hr")
        with statements() as read:
            assert look_up_payroll.list_lines(hr, period, None, PageAsked()).total == agents
            look_up_payroll.plan_payroll(hr, period)
            look_up_payroll.paid_plans(hr)
            look_up_payroll.all_lines(hr, period)
        with statements() as worked_out:
            pay.pays_of(Period.parse(period), cards_of(period))
        counts.append((len(read), len(worked_out)))
    assert counts[0] == counts[1]
