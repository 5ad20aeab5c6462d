"""Improvement plans 改进: one that helped and one that didn't, by the points of published cards or by measurements."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.agents import fill_month, hire, publish_month, revise, whole_month
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import World
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.improvements import Improvement
from workflow.services.following import improve, look_up_improvements
from workflow.services.following.effects import Verdict, effect_of
from workflow.services.following.improve import NewImprovement
from workflow.services.following.look_up_improvements import ImprovementsWanted, Whose
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.paging import PageAsked

AUGUST = {"E101": 90, "E102": 94}
OCTOBER = {"E101": 98, "E102": 92}
TODAY = date(2026, 9, 11)
ALL = PageAsked(200)


def told(world: World, clock: SettableClock) -> None:
    """The company on 11 September 2026: August of three agents is final."""
    hire(world, 3)
    whole_month(world, clock, "2026-08", AUGUST)


@pytest.fixture(scope="module")
def story() -> Story:
    return told


def propose(world: World, clock: SettableClock, subject: str = "E101", **changed: Any) -> Improvement:
    said = {"item": "processing", "problem": "业务处理差错偏多", "measures": "每日复核十笔,每周复盘", "owner": "E001"}
    new = NewImprovement(**{"subject": subject, "due_on": date(2026, 9, 30), **said, **changed})
    return improve.propose(world.actor("admin"), clock, new, today=clock().date())


def move(
    world: World, clock: SettableClock, plan: Improvement, trigger: str, reason: str | None = None, **more: Any
) -> Improvement:
    seen = fresh(plan).version
    who = world.actor(more.pop("who", "hr"))
    return improve.move(who, clock, plan.id, trigger, seen_version=seen, reason=reason, **more)


def fresh(plan: Improvement) -> Improvement:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Improvement, plan.id)
    assert found is not None
    return found


def carry_out(world: World, clock: SettableClock, plan: Improvement) -> None:
    """Agree to it, carry it out and finish it, all in September."""
    move(world, clock, plan, "agree")
    move(world, clock, plan, "start", who="head")
    move(world, clock, plan, "note", "已复核四十笔,差错两笔", who="head")
    clock.advance(days=9)
    move(world, clock, plan, "finish", "措施全部落实,差错逐笔讲解", who="head")


def october(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, "2026-10", OCTOBER)
    publish_month(world, clock, "2026-10")


def test_one_helped_and_one_did_not(world: World, clock: SettableClock) -> None:
    helped, did_not = propose(world, clock, "E101"), propose(world, clock, "E102")
    for plan in (helped, did_not):
        carry_out(world, clock, plan)
        with refused(Reason.INCOMPLETE):
            move(world, clock, plan, "evaluate", "十月的评分尚未发布")
    october(world, clock)
    move(world, clock, helped, "evaluate", "差错明显减少,措施有效", next_step="推广到全组")
    move(world, clock, did_not, "evaluate", "差错没有减少,措施没有落到实处")

    first, second = fresh(helped), fresh(did_not)
    assert (first.before_period, first.after_period) == ("2026-08", "2026-10")
    assert (first.after_value or 0) - (first.before_value or 0) == Decimal(8)
    assert (second.after_value or 0) - (second.before_value or 0) == Decimal(-2)
    assert (effect_of(first).verdict, effect_of(second).verdict) == (Verdict.BETTER, Verdict.WORSE)
    assert (first.state, first.judgement, first.next_step) == ("evaluated", "差错明显减少,措施有效", "推广到全组")
    assert (second.judgement, second.next_step) == ("差错没有减少,措施没有落到实处", None)


def test_what_was_judged_stays_whatever_is_corrected_later(world: World, clock: SettableClock) -> None:
    plan = propose(world, clock)
    carry_out(world, clock, plan)
    october(world, clock)
    move(world, clock, plan, "evaluate", "差错明显减少,措施有效")
    judged = effect_of(fresh(plan))
    revise(world, clock, "2026-10", "E101", -9)
    assert effect_of(fresh(plan)) == judged
    with refused(Reason.WRONG_STATE):
        move(world, clock, plan, "evaluate", "再评估一次看看")


def test_an_indicator_that_is_better_when_lower(world: World, clock: SettableClock) -> None:
    plan = propose(world, clock, measured_by="measurement", better="lower")
    carry_out(world, clock, plan)
    measured = [
        Measured("processing", "E101", period, value, "质检系统")
        for period, value in (("2026-08", "3.5"), ("2026-09", "9"), ("2026-10", "1.25"))
    ]
    measure.record_measurements(world.actor("admin"), clock, measured)
    move(world, clock, plan, "evaluate", "差错率下降过半")
    effect = effect_of(fresh(plan))
    assert (effect.change, effect.verdict) == (Decimal("-2.25"), Verdict.BETTER)


def test_progress_is_told_in_order_and_open_plans_become_late(world: World, clock: SettableClock) -> None:
    plan = propose(world, clock)
    move(world, clock, plan, "agree")
    move(world, clock, plan, "start", who="head")
    for text in ("第一周:复核十笔", "第二周:复核二十笔"):
        move(world, clock, plan, "note", text, who="head")
    found = look_up_improvements.find_improvement(world.actor("hr"), plan.id, date(2026, 9, 30))
    assert [(each.text, each.by) for each in found.notes] == [
        ("第一周:复核十笔", "刘洋"),
        ("第二周:复核二十笔", "刘洋"),
    ]
    assert found.improvement.late is False
    assert found.allowed == ("note", "finish")
    late = ImprovementsWanted(late=True)
    assert look_up_improvements.list_improvements(world.actor("hr"), late, ALL, date(2026, 9, 30)).rows == ()
    after = date(2026, 10, 1)
    assert look_up_improvements.list_improvements(world.actor("hr"), late, ALL, after).rows[0].late is True
    assert look_up_improvements.count_late(world.actor("head"), after) == 1
    move(world, clock, plan, "finish", "措施全部落实,差错讲解", who="head")
    assert look_up_improvements.count_late(world.actor("head"), after) == 0


def test_whom_it_concerns_and_who_carries_it_out_see_it_and_nobody_without_a_role(
    world: World, clock: SettableClock
) -> None:
    plan = propose(world, clock)
    for username, whose in (("employee", Whose.OWN), ("head", Whose.MINE), ("hr", None), ("auditor", None)):
        wanted = ImprovementsWanted(whose=whose)
        rows = look_up_improvements.list_improvements(world.actor(username), wanted, ALL, TODAY).rows
        assert [row.id for row in rows] == [plan.id], username
    for username in ("preparer", "reviewer", "operator", "nobody"):
        assert (
            look_up_improvements.list_improvements(world.actor(username), ImprovementsWanted(), ALL, TODAY).rows == ()
        )
        with refused(Reason.NOT_SEEN):
            look_up_improvements.find_improvement(world.actor(username), plan.id, TODAY)


def test_a_list_takes_the_same_statements_whatever_its_length(world: World, clock: SettableClock) -> None:
    def count() -> int:
        with statements() as sent:
            look_up_improvements.list_improvements(world.actor("hr"), ImprovementsWanted(), ALL, TODAY)
        return len(sent)

    propose(world, clock)
    few = count()
    for _ in range(5):
        propose(world, clock, "E102")
    assert count() == few


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"subject": "E999"}, "subject"),
        ({"item": "nothing"}, "item"),
        ({"scheme": "sales-department"}, "item"),
        ({"owner": "E999"}, "owner"),
        ({"due_on": date(2026, 9, 10)}, "due_on"),
        ({"problem": "  "}, "problem"),
        ({"measures": ""}, "measures"),
        ({"better": "lower"}, "better"),
    ],
)
def test_what_is_wrong_is_named(world: World, clock: SettableClock, changed: dict[str, Any], path: str) -> None:
    with refused(Reason.INVALID_INPUT, path):
        propose(world, clock, **changed)


def test_only_an_administrator_proposes(world: World, clock: SettableClock) -> None:
    new = NewImprovement("E101", "processing", "差错偏多", "每日复核", "E001", date(2026, 9, 30))
    with refused(Reason.NO_GRANT):
        improve.propose(world.actor("hr"), clock, new, today=TODAY)


def test_a_next_step_belongs_to_the_judgement(world: World, clock: SettableClock) -> None:
    plan = propose(world, clock)
    with refused(Reason.INVALID_INPUT, "next_step"):
        move(world, clock, plan, "agree", next_step="推广到全组")
