"""Whoever runs a plan sees who is late, in whose hands it is, and reminds them at most once a day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import FULL_CUSTOMER, World, card_of, fill, move, open_plan
from workflow.errors import Reason
from workflow.models.accounts import RoleGrant
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.reminders import Reminder
from workflow.policy import SYSTEM
from workflow.services.people.delegate import NewDelegation, delegate
from workflow.services.plans.late_work import LateWork, late_in
from workflow.services.plans.plan import find_plan
from workflow.services.plans.remind import late_work, notices_for, remind
from workflow.services.unit_of_work import unit_of_work
from workflow.services.working_days import USUAL

DAY = timedelta(days=1)


def told(world: World, clock: SettableClock) -> None:
    """客户部 waits for its review, all others are drafts; every day of the calendar was yesterday."""
    open_plan(world, clock)
    card = card_of("customer")
    fill(world, clock, card, FULL_CUSTOMER)
    move(world, clock, card, "preparer", "prepare")
    set_due(clock, dict.fromkeys(("inputs", "prepare", "review", "approve", "disclose"), today(clock) - DAY))


@pytest.fixture(scope="module")
def story() -> Story:
    return told


def today(clock: SettableClock) -> date:
    return USUAL.day_of(clock())


def set_due(clock: SettableClock, due: dict[str, date]) -> None:
    calendar = {step: day.isoformat() for step, day in due.items()}
    with unit_of_work(SYSTEM, clock) as work:
        work.change(find_plan("2026-10"), "test", {"calendar": calendar})


def found(world: World, clock: SettableClock, step: str) -> list[LateWork]:
    return [each for each in late_work(world.actor("admin"), "2026-10", today(clock)) if each.step == step]


def test_each_step_names_the_units_and_who_holds_their_work(world: World, clock: SettableClock) -> None:
    (review,) = found(world, clock, "review")
    assert (review.unit, review.count, review.due) == ("customer", 1, today(clock) - DAY)
    assert {person.username for person in review.people} == {"reviewer", "reviewer-2", "triple"}
    prepare = {
        each.unit: (each.count, {person.username for person in each.people}) for each in found(world, clock, "prepare")
    }
    assert prepare == {
        "card-team": (3, {"preparer", "triple"}),
        "east": (1, {"preparer", "triple"}),
        "market": (1, {"preparer", "triple", "market-preparer"}),
        "sales": (1, {"preparer", "triple"}),
    }
    assert found(world, clock, "approve") == [], "nothing has come that far"


def test_a_late_recorder_is_named_with_what_is_missing(world: World, clock: SettableClock) -> None:
    (owed,) = found(world, clock, "inputs")
    assert ([person.username for person in owed.people], owed.unit) == (["recorder"], None)
    assert owed.count > 0


def test_nothing_is_late_on_its_own_day_or_without_one(world: World, clock: SettableClock) -> None:
    set_due(clock, {"prepare": today(clock)})
    assert late_work(world.actor("admin"), "2026-10", today(clock)) == ()


def test_in_place_of_the_absent_stands_the_delegate(world: World, clock: SettableClock) -> None:
    grant = db.session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == world.accounts["reviewer"])).one()
    day = today(clock)
    delegate(world.actor("admin"), clock, NewDelegation(grant, "approver-2", day, day, "李强住院"))
    (review,) = found(world, clock, "review")
    people = {person.username: person.on_behalf_of for person in review.people}
    assert people == {"approver-2": "李强", "reviewer-2": None, "triple": None}
    remind(world.actor("admin"), clock, "2026-10", "review")
    assert ("2026-10", "review") in notices_for(world.actor("approver-2"), day)
    assert notices_for(world.actor("reviewer"), day) == {}


def test_a_reminder_is_recorded_and_shown_and_sent_once_a_day(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    sent = remind(admin, clock, "2026-10", "review")
    assert {person.username for person in sent.people} == {"reviewer", "reviewer-2", "triple"}
    events = db.session.scalars(select(Record.event).where(Record.entity_kind == "reminder")).all()
    assert events == ["reminder.remind"] * 3
    with refused(Reason.REMINDED_TODAY):
        remind(admin, clock, "2026-10", "review")
    notice = notices_for(world.actor("reviewer"), today(clock))["2026-10", "review"]
    assert (notice.day, notice.by) == (today(clock), "绩效管理岗")
    (review,) = found(world, clock, "review")
    assert {person.reminded_on for person in review.people} == {today(clock)}
    clock.advance(days=1)
    remind(admin, clock, "2026-10", "review")
    assert len(db.session.scalars(select(Reminder)).all()) == 6


def test_what_is_refused(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    with refused(Reason.NOBODY_LATE):
        remind(admin, clock, "2026-10", "approve")
    with refused(Reason.INVALID_INPUT, "step"):
        remind(admin, clock, "2026-10", "lunch")
    with refused(Reason.NO_GRANT):
        remind(world.actor("preparer"), clock, "2026-10", "review")
    with refused(Reason.NOT_SEEN):
        late_work(world.actor("hr"), "2026-10", today(clock))


def test_it_takes_a_fixed_number_of_statements(world: World, clock: SettableClock) -> None:
    plan, day, admin = find_plan("2026-10"), today(clock), world.actor("admin")
    with statements() as few:
        assert len(late_in(plan, day, admin)) > 5
    assert len(few) <= 8, few
