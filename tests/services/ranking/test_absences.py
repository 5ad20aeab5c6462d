"""Who is not ranked for a standing or for days missed, and how that bears on the ranks and runs of 信用卡组."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.agents import fill_month as fill
from tests.support.agents import hired, newest, publish_month, whole_month
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stories import Story
from tests.support.world import World, approve_scheme
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.rankings import Ranking, RankingEntry
from workflow.models.scorecards import Scorecard
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Absence
from workflow.services.following import follow_up
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.people.give_standing import NewStanding, give_standing
from workflow.services.ranking.absences import ATTENDANCE, absences_of
from workflow.services.ranking.placing import Result, published

MONTH = "2026-07"
TOTALS = {"E101": 97, "E102": 92, "E103": 91, "E104": 95, "E105": 99, "E106": 90}


@pytest.fixture(scope="module")
def story() -> Story:
    return hired(6)


def stand(
    world: World,
    clock: SettableClock,
    person: str,
    kind: str,
    first: str,
    last: str | None = None,
    action: int | None = None,
) -> None:
    ends = date.fromisoformat(last) if last else None
    new = NewStanding(person, kind, date.fromisoformat(first), ends, "人事部通知", action=action)
    give_standing(world.actor("hr"), clock, new)


def lines() -> dict[str, int | str | None]:
    """Give the newest rank of each agent, or why there is none."""
    db.session.rollback()
    query = (
        select(Scorecard.subject_code, RankingEntry.rank, RankingEntry.absence)
        .join(RankingEntry, RankingEntry.scorecard_id == Scorecard.id)
        .join(Ranking, Ranking.id == RankingEntry.ranking_id)
        .order_by(Ranking.number)
    )
    return {code: rank or absence for code, rank, absence in db.session.execute(query)}


def proposed(period: str) -> set[tuple[str, str]]:
    query = select(ActionItem).where(ActionItem.period == period, ActionItem.lapsed.is_(False))
    return {(item.subject_code, item.code) for item in db.session.scalars(query)}


def absences(*, min_days: int | None = None, period: str = MONTH) -> dict[str, Absence]:
    """Say who is absent if the scheme asks for so many days."""
    cards = {card.id: card for code in TOTALS if (card := newest(period, code))}

    def result_of(card: Scorecard) -> Result:
        result = published(card)
        scheme: Scheme = replace(result.scheme, ranking=replace(result.scheme.ranking, min_days=min_days))
        return replace(result, scheme=scheme)

    found = absences_of(Period.parse(period), cards.values(), result_of)
    return {cards[card_id].subject_code: reason for card_id, reason in found.items()}


def test_who_stood_elsewhere_for_most_of_the_month_is_not_ranked_and_the_others_move_up(
    world: World, clock: SettableClock
) -> None:
    fill(world, clock, MONTH, TOTALS)
    stand(world, clock, "E105", "leave", "2026-07-05", "2026-07-21")
    stand(world, clock, "E101", "probation", "2026-05-01")
    stand(world, clock, "E104", "off-post", "2026-06-20", "2026-07-15")  # 15 of 31 days
    publish_month(world, clock, MONTH)
    assert lines() == {"E104": 1, "E102": 2, "E103": 3, "E106": 4, "E101": "probation", "E105": "leave"}


def test_a_return_to_post_puts_somebody_back_into_the_ranks(world: World, clock: SettableClock) -> None:
    fill(world, clock, MONTH, TOTALS)
    stand(world, clock, "E105", "off-post", "2026-06-15", "2026-07-31")
    stand(world, clock, "E105", "on-post", "2026-07-11")
    assert absences() == {}
    assert absences(min_days=15) == {}  # of 23 working days in July eight were off post
    assert absences(min_days=16) == {"E105": "partial"}


def test_days_attended_come_from_the_attendance_record_where_there_is_one(world: World, clock: SettableClock) -> None:
    fill(world, clock, MONTH, TOTALS)
    told = [Measured(ATTENDANCE, code, MONTH, days, "考勤系统") for code, days in (("E101", "14"), ("E102", "15"))]
    measure.record_measurements(world.actor("admin"), clock, told)
    stand(world, clock, "E103", "leave", "2026-07-01", "2026-07-10")  # eight working days: 15 are left
    assert absences() == {}
    assert absences(min_days=15) == {"E101": "partial"}
    assert absences(min_days=16) == {"E101": "partial", "E102": "partial", "E103": "partial"}


@pytest.mark.parametrize(("gap", "goes_on"), [("break", False), ("skip", True)])
def test_a_month_on_leave_breaks_a_run_or_is_passed_over_as_the_scheme_says(
    world: World, clock: SettableClock, gap: str, goes_on: bool
) -> None:
    approve_scheme(world, clock, _with_gap(gap))
    totals = {**TOTALS, "E106": 80}
    whole_month(world, clock, "2026-05", totals)
    stand(world, clock, "E106", "leave", "2026-06-01", "2026-06-30")
    whole_month(world, clock, "2026-06", totals)
    whole_month(world, clock, "2026-07", totals)
    found = {period: {code for who, code in proposed(period) if who == "E106"} for period in ("2026-05", "2026-06")}
    assert found == {"2026-05": {"talk-manager"}, "2026-06": set()}
    assert (("E106", "talk-head") in proposed("2026-07")) is goes_on


def _with_gap(gap: str) -> dict[str, Any]:
    """Give the agents' scheme with what the second month in a row needs said about gaps."""
    data = dict(scheme_of("csr-card").to_data())
    data["consequences"] = [
        {**each, "gap": gap} if each["code"] == "talk-head" else each for each in data["consequences"]
    ]
    return data


def test_a_confirmed_off_post_keeps_away_until_a_standing_says_when(world: World, clock: SettableClock) -> None:
    hr, last = world.actor("hr"), {**TOTALS, "E106": 80}
    for period in ("2026-05", "2026-06", "2026-07"):
        whole_month(world, clock, period, last)
    query = select(ActionItem).where(ActionItem.code == "off-post", ActionItem.subject_code == "E106")
    item = db.session.scalars(query).one()
    fill(world, clock, "2026-08", TOTALS)
    assert absences(period="2026-08") == {}
    follow_up.move(hr, clock, item.id, "confirm", seen_version=item.version)
    assert absences(period="2026-08") == {"E106": "off-post"}
    stand(world, clock, "E106", "off-post", "2026-09-01", "2026-09-30", action=item.id)
    assert absences(period="2026-08") == {}
    fill(world, clock, "2026-09", TOTALS)
    assert absences(period="2026-09") == {"E106": "off-post"}
