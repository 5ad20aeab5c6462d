"""A ranking group holds units for a time; a unit is in one group at a time, and its people compete with the group's."""

from datetime import date

import pytest

from tests.support.agents import SIGNERS, cards_of, hired, move_plan
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import BY_PASSWORD, World
from workflow.errors import Reason
from workflow.models.rankings import RankingGroup
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.ranking import look_up_groups, maintain_groups
from workflow.services.ranking.look_up_ranks import plan_ranking
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import CardEdit, ItemEdit
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.sign import CardVersion

SINCE = date(2026, 1, 1)
BOTH = (PlanContents("csr-card", ("card-team", "market")),)


@pytest.fixture(scope="module")
def story() -> Story:
    return hired(4)


def grouped(world: World, clock: SettableClock, *units: str) -> RankingGroup:
    group = maintain_groups.create_group(world.actor("hr"), clock, "agents", "客服单元")
    for unit in units:
        add(world, clock, group, unit)
    return group


def add(world: World, clock: SettableClock, group: RankingGroup, unit: str, until: date | None = None) -> None:
    maintain_groups.add_unit(
        world.actor("hr"), clock, group.code, unit=unit, starts_on=SINCE, ends_on=until, seen_version=group.version
    )


def published(world: World, clock: SettableClock, period: str) -> list[tuple[str, str, int]]:
    """Publish a month in which nothing happened; gives each ranking's kind, group and how many are ranked."""
    admin = world.actor("admin")
    plan.create(admin, clock, NewPlan(period, period, period, BOTH))
    move_plan(world, clock, period, "open")
    items = ("processing", "quality", "floor", "satisfaction")
    edits = [
        CardEdit(card.id, card.version, ItemEdit(code, {"adjustments": []}))
        for card in cards_of(period)
        for code in items
    ]
    appraise.edit_many(world.actor("preparer"), clock, edits)
    for username, trigger in SIGNERS:
        rows = [CardVersion(card.id, card.version) for card in cards_of(period)]
        sign.move_many(world.actor(username), clock, rows, Asked(trigger, BY_PASSWORD))
    move_plan(world, clock, period, "close")
    move_plan(world, clock, period, "publish")
    return [(each.within, each.group, each.ranked) for each in plan_ranking(admin, period).groups]


def test_the_people_of_its_units_compete_with_each_other(world: World, clock: SettableClock) -> None:
    grouped(world, clock, "card-team", "market")
    assert published(world, clock, "2026-07") == [("group", "agents", 5)]


def test_without_a_group_the_unit_is_one(world: World, clock: SettableClock) -> None:
    assert published(world, clock, "2026-07") == [("unit", "card-team", 4), ("unit", "market", 1)]


def test_what_holds_on_the_last_day_of_the_period_counts(world: World, clock: SettableClock) -> None:
    group = grouped(world, clock, "card-team", "market")
    hr = world.actor("hr")
    maintain_groups.take_out(hr, clock, "agents", unit="market", last_day=date(2026, 7, 30), seen_version=group.version)
    assert published(world, clock, "2026-07") == [("group", "agents", 4), ("unit", "market", 1)]
    units = {each.unit: each.ends_on for each in look_up_groups.find_group(hr, "agents").units}
    assert units == {"card-team": None, "market": date(2026, 7, 30)}


def test_a_unit_is_in_one_group_at_a_time(world: World, clock: SettableClock) -> None:
    grouped(world, clock, "card-team")
    other = maintain_groups.create_group(world.actor("hr"), clock, "others", "其他")
    with refused(Reason.INVALID_INPUT, "unit"):
        add(world, clock, other, "card-team")
    with refused(Reason.INVALID_INPUT, "unit"):
        add(world, clock, other, "nowhere")
    with refused(Reason.INVALID_INPUT, "ends_on"):
        add(world, clock, other, "market", until=date(2025, 12, 31))


def test_a_change_needs_the_version_and_hr_of_the_company(world: World, clock: SettableClock) -> None:
    group = grouped(world, clock)
    with refused(Reason.STALE):
        maintain_groups.add_unit(
            world.actor("hr"), clock, "agents", unit="market", starts_on=SINCE, seen_version=group.version + 1
        )
    with refused(Reason.NO_GRANT):
        maintain_groups.create_group(world.actor("admin"), clock, "more", "更多")
    with refused(Reason.INVALID_INPUT, "code"):
        maintain_groups.create_group(world.actor("hr"), clock, "agents", "重复")
    with refused(Reason.NOT_SEEN):
        look_up_groups.find_group(world.actor("employee"), "agents")
    assert [each.code for each in look_up_groups.list_groups(world.actor("admin"))] == ["agents"]


def test_in_full_a_group_names_its_schemes_and_who_competes(world: World, clock: SettableClock) -> None:
    grouped(world, clock, "card-team", "market")
    published(world, clock, "2026-07")
    (found,) = look_up_groups.groups_in_full(world.actor("hr"), date(2026, 7, 31))
    assert [(each.code, each.family, each.last_period) for each in found.schemes] == [("csr-card", "csr", "2026-07")]
    assert [each.code for each in found.members] == ["E101", "E102", "E103", "E104", "E002"]
    (before,) = look_up_groups.groups_in_full(world.actor("hr"), date(2025, 12, 31))
    assert before.members == ()


def test_members_are_told_only_to_who_may_see_people(world: World, clock: SettableClock) -> None:
    grouped(world, clock, "card-team", "market")
    seen = {
        username: [each.code for each in look_up_groups.groups_in_full(world.actor(username), SINCE)[0].members]
        for username in ("operator", "market-preparer")
    }
    assert seen == {"operator": [], "market-preparer": ["E002"]}


def test_many_groups_take_as_many_statements_as_one(world: World, clock: SettableClock) -> None:
    grouped(world, clock, "card-team")
    counts = []
    for number in range(3):
        with statements() as sent:
            look_up_groups.groups_in_full(world.actor("hr"), SINCE)
        counts.append(len(sent))
        maintain_groups.create_group(world.actor("hr"), clock, f"more-{number}", "更多")
    assert len(set(counts)) == 1
