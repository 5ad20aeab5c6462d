"""Ranks: provisional when a plan is published, a new version after a revision, final when the time for objections is over."""

import pytest
from sqlalchemy import select

from tests.support.agents import (
    fill_month,
    hired,
    move_plan,
    newest,
    publish_month,
    revise,
    whole_month,
)
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.world import World, move
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.rankings import Ranking, RankingEntry
from workflow.models.scorecards import Scorecard

MONTH = "2026-07"
TOTALS = {"E101": 97, "E102": 92, "E103": 92, "E104": 95, "E105": 100, "E106": 90}


@pytest.fixture(scope="module")
def story() -> Story:
    return hired(6)


def versions() -> list[tuple[int, str]]:
    db.session.rollback()
    found = db.session.scalars(select(Ranking).order_by(Ranking.number).execution_options(populate_existing=True))
    return [(each.number, each.state) for each in found]


def ranks(number: int = 1) -> dict[str, int | None]:
    query = (
        select(Scorecard.subject_code, RankingEntry.rank)
        .join(RankingEntry, RankingEntry.scorecard_id == Scorecard.id)
        .join(Ranking, Ranking.id == RankingEntry.ranking_id)
        .where(Ranking.number == number)
    )
    return dict(db.session.execute(query).all())


def test_publishing_a_plan_ranks_its_cards(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS, in_quality={"E103"})
    assert versions() == []
    publish_month(world, clock, MONTH)
    assert versions() == [(1, "provisional")]
    # E102 and E103 have 92 each; E103 lost them in quality, which is compared first.
    assert ranks() == {"E105": 1, "E101": 2, "E104": 3, "E102": 4, "E103": 5, "E106": 6}


def test_who_is_equal_in_everything_shares_a_rank_and_the_next_is_skipped(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, {**TOTALS, "E104": 97})
    publish_month(world, clock, MONTH)
    assert ranks() == {"E105": 1, "E101": 2, "E104": 2, "E102": 4, "E103": 4, "E106": 6}


def test_a_void_card_is_in_no_ranking(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, {"E105": 99}, void={"E101"})
    publish_month(world, clock, MONTH)
    assert ranks() == {"E102": 1, "E103": 1, "E104": 1, "E106": 1, "E105": 5}


def test_a_revision_makes_a_new_version_and_keeps_the_old_one(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    publish_month(world, clock, MONTH)
    revise(world, clock, MONTH, "E105", -20)
    assert versions() == [(1, "provisional"), (2, "provisional")]
    assert ranks(1)["E105"] == 1
    assert ranks(2) == {"E101": 1, "E104": 2, "E102": 3, "E103": 3, "E106": 5, "E105": 6}


def test_final_only_when_the_time_for_objections_is_over(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    publish_month(world, clock, MONTH)  # on Saturday, 1 August: the fifth working day is Friday, 7 August
    clock.advance(days=6)
    with refused(Reason.OBJECTION_TIME):
        move_plan(world, clock, MONTH, "finalize")
    clock.advance(days=1)
    assert move_plan(world, clock, MONTH, "finalize").state == "final"
    assert versions() == [(1, "final")]
    assert move_plan(world, clock, MONTH, "archive").state == "archived"


def test_not_final_while_a_revision_is_open(world: World, clock: SettableClock) -> None:
    fill_month(world, clock, MONTH, TOTALS)
    publish_month(world, clock, MONTH)
    move(world, clock, newest(MONTH, "E101"), "admin", "revise", reason="复核后更正")
    clock.advance(days=10)
    with refused(Reason.CARDS_OPEN):
        move_plan(world, clock, MONTH, "finalize")


def test_a_revision_after_that_makes_a_version_that_is_final_at_once(world: World, clock: SettableClock) -> None:
    whole_month(world, clock, MONTH, TOTALS)
    revise(world, clock, MONTH, "E101", -10)
    assert versions() == [(1, "final"), (2, "final")]
    assert ranks(2)["E101"] == 6
