"""A shift leader's card follows the members' cards while it is a draft; then it stands, and is flagged."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.support.hotline import AGENTS, LEADER, OWN_WORK, approve_agent, employ_leader, team_month
from tests.support.months import open_month, sign_up_to
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stories import Story
from tests.support.world import World, approve_scheme, card_of, fill, move
from workflow.errors import Refusal
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard
from workflow.services.plans.plan import PlanContents
from workflow.services.scorecards import appraise, risks
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.scorecards.risks import Risk, RiskKind

TEAM_ITEMS = ("team-total", "team-ab", "team-de")
SIGNED = ("36.00", "18.67", "10.00")


def told(world: World, clock: SettableClock) -> None:
    employ_leader(world, clock)


@pytest.fixture(scope="module")
def story() -> Story:
    return told


@pytest.fixture
def leader(world: World, clock: SettableClock) -> Scorecard:
    return team_month(world, clock)


@pytest.fixture
def counted(world: World, clock: SettableClock, leader: Scorecard) -> Scorecard:
    """The shift leader's draft once all three agents are approved."""
    approve_all(world, clock)
    return card_of(leader.subject_code)


def approve_all(world: World, clock: SettableClock, codes: Sequence[str] = AGENTS) -> None:
    for code in codes:
        approve_agent(world, clock, code)


def team_points(card: Scorecard) -> list[str | None]:
    items = card_queries.items_of([card.id])[card.id]
    points = [items[code].points for code in TEAM_ITEMS]
    return [None if each is None else f"{each:.2f}" for each in points]


def reasons(card: Scorecard) -> dict[str, str]:
    return dict(card_of(card.subject_code).missing)


def correct(world: World, clock: SettableClock, code: str) -> None:
    """Revise an agent's card: 95 % handled in place of 90 %, so 95 points in place of 90."""
    move(world, clock, card_of(code), "admin", "revise", reason="接单数据有误")
    revision = card_of(code)
    fill(world, clock, revision, {"handling": {"value": "95"}})
    sign_up_to(world, clock, revision, "approve")


def test_the_team_items_are_open_until_every_member_is_approved(
    world: World, clock: SettableClock, leader: Scorecard
) -> None:
    assert reasons(leader) == dict.fromkeys(TEAM_ITEMS, "members_open")
    approve_all(world, clock, AGENTS[:2])
    assert reasons(leader) == dict.fromkeys(TEAM_ITEMS, "members_open")
    assert card_of(LEADER).provisional_total == Decimal("30.00")


def test_the_means_of_the_members_come_in_with_the_last_approval(counted: Scorecard) -> None:
    assert team_points(counted) == list(SIGNED)
    assert counted.total == Decimal("94.67")


def test_the_derived_change_is_in_the_record_of_the_card(world: World, counted: Scorecard) -> None:
    query = db.select(Record).where(Record.entity_id == counted.id).order_by(Record.id.desc())
    newest = db.session.scalars(query.limit(1)).one()
    assert newest.event == "scorecard.derive"
    assert newest.actor_id == world.accounts["approver"]


def test_the_basis_tells_sum_count_and_mean_but_no_member(counted: Scorecard) -> None:
    basis = card_queries.items_of([counted.id])[counted.id]["team-total"].basis
    values = next(step["values"] for step in basis if step["step"] == "members")
    assert values == {"how": "total", "total": "270.00", "count": 3, "mean": "90"}


def test_a_draft_follows_a_correction(world: World, clock: SettableClock, counted: Scorecard) -> None:
    move(world, clock, card_of("E102"), "admin", "revise", reason="接单数据有误")
    assert team_points(card_of(LEADER)) == [None, None, None]
    revision = card_of("E102")
    fill(world, clock, revision, {"handling": {"value": "95"}})
    sign_up_to(world, clock, revision, "approve")
    assert team_points(card_of(LEADER)) == ["36.67", "19.33", "10.00"]
    assert card_of(LEADER).total == Decimal("96.00")
    assert counted.id == card_of(LEADER).id


def test_a_revision_that_is_given_up_leaves_what_stood(world: World, clock: SettableClock, counted: Scorecard) -> None:
    move(world, clock, card_of("E102"), "admin", "revise", reason="接单数据有误")
    move(world, clock, card_of("E102"), "admin", "void", reason="核实后数据无误")
    assert team_points(card_of(counted.subject_code)) == list(SIGNED)


def test_a_void_card_counts_for_nothing(world: World, clock: SettableClock, leader: Scorecard) -> None:
    approve_all(world, clock, AGENTS[:2])
    move(world, clock, card_of("E103"), "admin", "void", reason="当月已调离班组")
    assert team_points(card_of(leader.subject_code)) == ["38.00", "18.00", "10.00"]


def test_a_prepared_card_stands_and_is_flagged(world: World, clock: SettableClock, counted: Scorecard) -> None:
    move(world, clock, counted, "preparer", "prepare")
    correct(world, clock, "E102")
    prepared = card_of(LEADER)
    assert prepared.version == counted.version
    assert team_points(prepared) == list(SIGNED)
    found = risks.risks_of(world.actor("reviewer"), [prepared.id])[prepared.id]
    assert Risk(RiskKind.SOURCE_CHANGED, "team-total", Decimal("36.67"), "团队成员绩效成绩均分") in found
    assert {risk.item for risk in found if risk.kind is RiskKind.SOURCE_CHANGED} == {"team-total", "team-ab"}


def test_a_prepared_card_whose_members_stand_is_not_flagged(
    world: World, clock: SettableClock, counted: Scorecard
) -> None:
    move(world, clock, counted, "preparer", "prepare")
    found = risks.risks_of(world.actor("reviewer"), [counted.id])[counted.id]
    assert [risk for risk in found if risk.kind is RiskKind.SOURCE_CHANGED] == []


def test_a_returned_card_follows_again(world: World, clock: SettableClock, counted: Scorecard) -> None:
    move(world, clock, counted, "preparer", "prepare")
    correct(world, clock, "E102")
    move(world, clock, card_of(LEADER), "reviewer", "return", reason="组员成绩已更正")
    assert team_points(card_of(LEADER)) == ["36.67", "19.33", "10.00"]


def test_nobody_fills_a_team_item_in(world: World, clock: SettableClock, leader: Scorecard) -> None:
    edit = ItemEdit("team-total", {"members": [{"total": "100"}]})
    with pytest.raises(Refusal) as refused:
        appraise.edit_item(world.actor("preparer"), clock, leader.id, edit, seen_version=leader.version)
    assert [error.path for error in refused.value.errors] == ["input"]
    assert set(OWN_WORK).isdisjoint(TEAM_ITEMS)


def publish_day(world: World, clock: SettableClock, day: str, content: str) -> Scorecard:
    """Publish one day's card of an agent: 75 points, and those for content."""
    open_month(world, clock, day, [PlanContents("customer-service-day", ("card-team",))])
    card = card_of("E101", day)
    values = {"content": content, "efficiency": "25", "attitude": "25", "ability": "25"}
    by_superior = {code: {"ratings": [{"group": "superior", "value": value}]} for code, value in values.items()}
    fill(world, clock, card, by_superior)
    return sign_up_to(world, clock, card, "publish")


def daily(card: Scorecard) -> str | None:
    points = card_queries.items_of([card.id])[card.id]["daily"].points
    return None if points is None else f"{points:.2f}"


def test_a_month_follows_the_days_that_are_published(world: World, clock: SettableClock) -> None:
    for code in ("customer-service-day", "customer-service-department"):
        approve_scheme(world, clock, scheme_of(code).to_data())
    open_month(world, clock, "2026-10", [PlanContents("customer-service-department", ("card-team",))])
    month = card_of("E101")
    assert dict(month.missing)["daily"] == "no_input"
    publish_day(world, clock, "2026-10-05", "25")
    assert daily(month) == "15.00"
    publish_day(world, clock, "2026-10-06", "5")
    assert daily(month) == "13.50"
    publish_day(world, clock, "2026-11-02", "5")
    assert daily(month) == "13.50"
