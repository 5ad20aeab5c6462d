"""Sixteen at once on the same card: one wins, the others are told so, and the history has no gap (source: records.md)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.stocked import FULL_MARKET
from tests.support.world import BY_PASSWORD, fill
from workflow.errors import STATUS, ErrorCode, Refusal
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Actor
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.people.give_standing import NewStanding, give_standing
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.scorecards.asking import Asked

THREADS = 16
ROUNDS = 100
WON = "won"
LEVELS = ("优秀", "良好", "一般", "差")

Attempt = Callable[[int, int], object]


@dataclass
class Race:
    """Sixteen threads with a session of their own each, which start every round together."""

    company: Company
    barrier: threading.Barrier = field(default_factory=lambda: threading.Barrier(THREADS))
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def run(self, attempt: Attempt, version: int) -> list[str]:
        """Let everybody attempt the same at once, with the version that all have seen; gives what each was told."""
        return list(self.pool.map(lambda runner: self._attempt(attempt, runner, version), range(THREADS)))

    def _attempt(self, attempt: Attempt, runner: int, version: int) -> str:
        with self.company.app.app_context():
            self.barrier.wait()
            try:
                attempt(runner, version)
            except Refusal as refusal:
                return refusal.denied.code
            finally:
                db.session.remove()
            return WON


@pytest.fixture
def race(company: Company) -> Iterator[Race]:
    prepared = Race(company)
    yield prepared
    prepared.pool.shutdown()


def assert_one_won(told: list[str], *, lost: set[ErrorCode]) -> None:
    """Exactly one success; everybody else was refused with a 409."""
    assert told.count(WON) == 1, told
    codes = {ErrorCode(each) for each in told if each != WON}
    assert codes <= lost
    assert {STATUS[code] for code in codes} == {409}


def assert_dense(company: Company, card_id: int, changes: int) -> None:
    """The card's versions follow each other, every record the one before it; refusals are records without a version."""
    card = db.session.get_one(Scorecard, card_id, populate_existing=True)
    told = [record for record, _ in company.records(card_id)]
    made = [record for record in told if record.version is not None]
    assert [record.version for record in made] == list(range(1, changes + 1))
    assert [record.previous_hash for record in made] == [None, *(record.hash for record in made[:-1])]
    assert (card.version, card.record_id) == (changes, made[-1].id)
    assert {record.event for record in told if record.version is None} <= {"scorecard.refused"}


def test_one_of_sixteen_saves_an_item(race: Race) -> None:
    company = race.company
    card, preparer = company.card("market"), company.actor("preparer")
    card_id, version = card.id, card.version

    def save(runner: int, seen_version: int) -> None:
        edit = ItemEdit("planning", {"level": LEVELS[(runner + seen_version) % 4]}, note=f"{runner}/{seen_version}")
        appraise.edit_item(preparer, company.clock, card_id, edit, seen_version=seen_version)

    saved = select(ScorecardItem).where(ScorecardItem.scorecard_id == card_id, ScorecardItem.code == "planning")
    for seen in range(version, version + ROUNDS):
        assert_one_won(race.run(save, seen), lost={ErrorCode.STALE})
        db.session.rollback()
        item = db.session.scalars(saved).one()
        runner, _, of_version = item.note.partition("/")
        assert (of_version, item.input) == (str(seen), {"level": LEVELS[(int(runner) + seen) % 4]})
    assert_dense(company, card_id, version + ROUNDS)


def test_one_of_sixteen_makes_a_move(race: Race) -> None:
    """Prepared by one of two, given back by the reviewer, again and again."""
    company = race.company
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    card = company.card("market")
    card_id, version = card.id, card.version
    prepare = mover(company, card_id, Asked("prepare", BY_PASSWORD), "preparer", "triple")
    give_back = mover(company, card_id, Asked("return", BY_PASSWORD, reason="请补充说明"), "reviewer")
    for seen in range(version, version + ROUNDS, 2):
        assert_one_won(race.run(prepare, seen), lost={ErrorCode.STALE, ErrorCode.WRONG_STATE})
        assert_one_won(race.run(give_back, seen + 1), lost={ErrorCode.STALE, ErrorCode.WRONG_STATE})
    assert_dense(company, card_id, version + ROUNDS)


def test_sixteen_tell_a_value_that_nobody_told_before(race: Race) -> None:
    """A value has no version that was seen: each may be taken, one after the other; who came at the same moment is told."""
    company, admin = race.company, race.company.actor("admin")

    def tell(runner: int, month: int) -> None:
        row = Measured("indicator", "market", f"2025-{month:02d}", str(runner))
        measure.record_measurements(admin, company.clock, [row])

    for month in range(1, 13):
        told = race.run(tell, month)
        assert WON in told
        assert {each for each in told if each != WON} <= {ErrorCode.STALE}
        db.session.rollback()
        kept = db.session.scalars(select(Measurement).where(Measurement.period == f"2025-{month:02d}")).one()
        assert kept.version == told.count(WON)


def mover(company: Company, card_id: int, asked: Asked, *usernames: str) -> Attempt:
    """Attempt a move as one of these, in turn."""
    actors: list[Actor] = [company.actor(username) for username in usernames]

    def attempt(runner: int, seen_version: int) -> object:
        actor = actors[runner % len(actors)]
        return sign.move(actor, company.clock, card_id, asked, seen_version=seen_version)

    return attempt


def test_one_of_sixteen_enters_a_standing_for_the_same_days(race: Race) -> None:
    """Nobody else has it: the others are told which days are taken."""
    company, hr = race.company, race.company.actor("hr")

    def enter(runner: int, month: int) -> None:
        days = date(2026, month, 1 + runner), date(2026, month, 20)
        give_standing(hr, company.clock, NewStanding("E101", "leave", *days, "年休假"))

    for month in range(1, 13):
        told = race.run(enter, month)
        assert sorted(told) == [ErrorCode.INVALID] * (THREADS - 1) + [WON]
