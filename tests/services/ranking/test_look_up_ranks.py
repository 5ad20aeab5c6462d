"""Ranks are told by role in scope, and to the appraised person as far as the plan discloses."""

import pytest

from tests.support.agents import fill_month, hire, hired, make_final, newest, publish_month, whole_month
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import World
from workflow.errors import Reason
from workflow.policy import Actor, Grant, Role
from workflow.services.paging import PageAsked
from workflow.services.ranking.look_up_ranks import plan_ranking
from workflow.services.scorecards.look_up_cards import CardFilter, card_detail, list_cards
from workflow.services.scorecards.look_up_mine import my_score

MONTH = "2026-07"
TOTALS = {"E101": 97, "E102": 92, "E103": 92, "E104": 95}
SEE_ALL = ("admin", "hr", "auditor", "preparer", "reviewer", "approver")


@pytest.fixture(scope="module")
def story() -> Story:
    return hired(4)


def seen(actor: Actor, period: str = MONTH) -> dict[str, int | None]:
    return {each.subject: each.rank for group in plan_ranking(actor, period).groups for each in group.entries}


def listed(actor: Actor, period: str = MONTH) -> dict[str, int | None]:
    rows = list_cards(actor, CardFilter(plan=period), PageAsked()).rows
    return {each.subject: each.rank for each in rows}


def test_before_publication_nobody_is_told_a_rank(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    assert plan_ranking(world.actor("admin"), MONTH).groups == ()
    assert set(listed(world.actor("admin")).values()) == {None}
    for username in ("hr", "employee", "nobody"):
        with refused(Reason.NOT_SEEN):
            plan_ranking(world.actor(username), MONTH)


def test_by_role_everybody_in_scope_is_seen_provisional_then_final(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    publish_month(world, clock, MONTH)
    for username in SEE_ALL:
        assert seen(world.actor(username)) == {"E101": 1, "E104": 2, "E102": 3, "E103": 3}
        assert listed(world.actor(username)) == seen(world.actor(username))
    group = plan_ranking(world.actor("admin"), MONTH).groups[0]
    assert (group.family, group.within, group.group_title, group.version) == ("csr", "unit", "信用卡组", 1)
    assert (group.state, group.ranked, group.grades) == ("provisional", 4, {"良好": 4})
    make_final(world, clock, MONTH)
    assert plan_ranking(world.actor("admin"), MONTH).groups[0].state == "final"


def test_another_unit_s_ranking_is_not_there(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    publish_month(world, clock, MONTH)
    for username in ("head", "market-preparer", "nobody", "operator", "recorder"):
        with refused(Reason.NOT_SEEN):
            plan_ranking(world.actor(username), MONTH)
    assert seen(world.actor("nobody").granted(Grant(Role.HEAD, world.path("card-team")))) == seen(world.actor("hr"))


@pytest.mark.parametrize(
    ("disclosure", "told"),
    [
        ("none", {}),
        ("own-rank", {"E102": 3}),
        ("top-n", {"E101": 1, "E104": 2, "E102": 3, "E103": 3}),
        ("all", {"E101": 1, "E104": 2, "E102": 3, "E103": 3, "E105": 5}),
    ],
)
def test_a_person_is_told_what_the_plan_discloses(
    world: World, clock: SettableClock, disclosure: str, told: dict[str, int]
) -> None:
    hire(world, 5)
    fill_month(world, clock, MONTH, {**TOTALS, "E105": 80}, disclosure=disclosure)
    publish_month(world, clock, MONTH)
    agent = Actor(1, "agent", "坐席", world.people["E102"].id, unit_path=world.path("card-team"))
    own = told.get("E102")
    assert card_detail(agent, newest(MONTH, "E102").id).summary.rank == own
    score = my_score(agent)
    assert score is not None
    assert score.mine.card.rank == own
    if told:
        assert seen(agent) == told
        assert plan_ranking(agent, MONTH).groups[0].ranked == 5
    else:
        with refused(Reason.NOT_SEEN):
            plan_ranking(agent, MONTH)


def test_the_change_against_the_period_before(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, "2026-06", {"E101": 80, "E104": 90})
    whole_month(world, clock, MONTH, TOTALS)
    entries = {each.subject: each for each in plan_ranking(world.actor("admin"), MONTH).groups[0].entries}
    assert {code: (each.before, each.climbed) for code, each in entries.items()} == {
        "E101": (4, 3),
        "E104": (3, 1),
        "E102": (1, -2),
        "E103": (1, -2),
    }


def test_many_cards_take_as_many_statements_as_few(world: World, clock: SettableClock) -> None:
    sent_for = []
    for period, count in (("2026-06", 4), (MONTH, 12)):
        hire(world, count)
        fill_month(world, clock, period, TOTALS)
        publish_month(world, clock, period)
        with statements() as sent:
            assert len(listed(world.actor("admin"), period)) == count
        with statements() as of_ranking:
            assert len(seen(world.actor("admin"), period)) == count
        sent_for.append((len(sent), len(of_ranking)))
    assert sent_for[0] == sent_for[1]
