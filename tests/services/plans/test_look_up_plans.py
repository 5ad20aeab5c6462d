"""Plans are seen by whom their units concern, with counts as far as those units go."""

import pytest

from tests.support.months import AGENTS, CUSTOMER, open_month
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story, october_open
from tests.support.world import World, bring_to, card_of, move
from workflow.errors import Reason
from workflow.policy import State
from workflow.services.paging import PageAsked
from workflow.services.plans import plan
from workflow.services.plans.look_up_plans import PlanSummary, PlansWanted, list_plans, plan_detail
from workflow.services.plans.plan import NewPlan


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


def plans(world: World, username: str, wanted: PlansWanted | None = None) -> list[PlanSummary]:
    return list(list_plans(world.actor(username), wanted or PlansWanted(), PageAsked()).rows)


def codes(world: World, username: str, wanted: PlansWanted | None = None) -> list[str]:
    return [each.code for each in plans(world, username, wanted)]


def test_a_plan_tells_what_is_in_it_and_how_far_its_cards_are(world: World, clock: SettableClock) -> None:
    bring_to(world, clock, card_of("customer"), "reviewed")
    found = plans(world, "admin")[0]
    assert (found.code, found.title, found.period, found.state) == ("2026-10", "2026-10 月度考核", "2026-10", "open")
    first = found.contents[0]
    assert (first.scheme, first.scheme_title, first.scheme_version) == ("customer-department", "客户部考核分值表", 1)
    assert first.units == (("customer", "客户部"),)
    assert list(found.by_state.items()) == [(State.DRAFT, 6), (State.REVIEWED, 1)]
    assert found.cards == 7


def test_void_and_superseded_cards_are_no_current_ones(world: World, clock: SettableClock) -> None:
    card = bring_to(world, clock, card_of("customer"), "published")
    move(world, clock, card, "admin", "revise", reason="流失率口径有误")
    for username, trigger in (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve")):
        move(world, clock, card_of("customer"), username, trigger)
    move(world, clock, card_of("customer"), "admin", "publish")
    move(world, clock, card_of("market"), "admin", "void", reason="单位已撤销")
    found = plans(world, "admin")[0]
    assert found.by_state == {State.DRAFT: 5, State.PUBLISHED: 1, State.SUPERSEDED: 1, State.VOID: 1}
    assert found.cards == 6


def test_cards_are_counted_as_far_as_ones_units_go(world: World) -> None:
    assert plans(world, "market-preparer")[0].by_state == {State.DRAFT: 1}


def test_a_plan_without_a_unit_in_scope_is_not_there(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-09", CUSTOMER)
    assert codes(world, "preparer") == ["2026-10", "2026-09"]
    assert codes(world, "market-preparer") == ["2026-10"]
    assert codes(world, "head") == ["2026-10", "2026-09"]
    with refused(Reason.NOT_SEEN):
        plan_detail(world.actor("market-preparer"), "2026-09")
    for username in ("hr", "recorder", "operator", "nobody", "employee"):
        assert codes(world, username) == [], username
        with refused(Reason.NOT_SEEN):
            plan_detail(world.actor(username), "2026-10")


def test_a_draft_plan_is_seen_by_whom_it_names(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    plan.create(admin, clock, NewPlan("2026-11", "十一月", "2026-11", CUSTOMER))
    plan.create(admin, clock, NewPlan("2026-11-agents", "十一月", "2026-11", AGENTS))
    assert set(codes(world, "admin")) == {"2026-11-agents", "2026-11", "2026-10"}
    assert codes(world, "head") == ["2026-11", "2026-10"]
    assert plans(world, "head")[0].by_state == {}


def test_the_list_is_narrowed_by_state_and_period(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-09", CUSTOMER)
    plan.create(world.actor("admin"), clock, NewPlan("2026-11", "十一月", "2026-11", CUSTOMER))
    assert codes(world, "admin", PlansWanted(states=("open",))) == ["2026-10", "2026-09"]
    assert codes(world, "admin", PlansWanted(period="2026-11")) == ["2026-11"]


def test_one_plan_says_which_moves_are_possible_and_why_others_are_not(world: World) -> None:
    found = plan_detail(world.actor("admin"), "2026-10")
    assert set(found.allowed) == {"close", "cancel"}
    assert {trigger: denied.reason for trigger, denied in found.denied.items()} == dict.fromkeys(
        ("open", "reopen", "publish", "finalize", "archive"), Reason.WRONG_STATE
    )
    assert len(found.blockers) == 7
    reader = plan_detail(world.actor("market-preparer"), "2026-10")
    assert (reader.allowed, reader.blockers) == ((), ())
    assert {denied.reason for denied in reader.denied.values()} == {Reason.NO_GRANT}


def test_the_list_is_read_page_by_page(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-08", CUSTOMER)
    open_month(world, clock, "2026-09", CUSTOMER)
    admin = world.actor("admin")
    first = list_plans(admin, PlansWanted(), PageAsked(2))
    second = list_plans(admin, PlansWanted(), PageAsked(2, first.after))
    assert [each.code for each in (*first.rows, *second.rows)] == ["2026-10", "2026-09", "2026-08"]
    assert (first.total, second.after) == (3, None)


def test_many_plans_take_as_many_statements_as_one(world: World, clock: SettableClock) -> None:
    sent_for = {}
    for username in ("admin", "head"):
        with statements() as sent:
            plans(world, username)
        sent_for[username] = len(sent)
    for period in ("2026-07", "2026-08", "2026-09"):
        open_month(world, clock, period, CUSTOMER)
    for username, few in sent_for.items():
        with statements() as sent:
            assert len(plans(world, username)) == 4
        assert len(sent) == few <= 7
