"""Who comes, goes or moves while a plan is under way: named on the plan, and given a card where one is lacking."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story, october_open
from tests.support.world import World, bring_to, card_of, move
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.organisation import Membership, Person
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.services.plans import plan
from workflow.services.plans.change_subjects import changes_of, join
from workflow.services.plans.copy_plan import copied
from workflow.services.scorecards import sign
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.look_up_inbox import count_waiting
from workflow.services.unit_of_work import Part, unit_of_work


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


def post(world: World, clock: SettableClock, code: str, unit: str, since: date = date(2026, 10, 8)) -> None:
    """Let somebody new belong to a unit."""
    with unit_of_work(SYSTEM, clock) as work:
        person = Person(id=new_id(), code=code, name="新同事", name_key="")
        place = {"unit_id": world.units[unit].id, "post": "客服代表", "starts_on": since, "ends_on": None}
        member = Membership(id=new_id(), person_id=person.id)
        work.create(person, "person.create", parts=[Part(member, f"posts/{member.id}", place, is_new=True)])


def transfer(world: World, clock: SettableClock, code: str, to: str | None) -> None:
    """Let somebody leave their unit in the middle of the period, for another one or for good."""
    person = db.session.get_one(Person, world.people[code].id)
    old = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    parts = [Part(old, f"posts/{old.id}", {"ends_on": date(2026, 10, 15)})]
    if to is not None:
        place = {"unit_id": world.units[to].id, "post": "", "starts_on": date(2026, 10, 16), "ends_on": None}
        parts.append(Part(Membership(id=new_id(), person_id=person.id), "posts/new", place, is_new=True))
    with unit_of_work(SYSTEM, clock) as work:
        work.change(person, "person.transfer", {}, parts=parts)


def changes() -> list[tuple[str, str, str]]:
    found = changes_of(db.session.scalars(select(Plan)).one())
    return [(each.kind, each.subject, each.unit) for each in found]


def test_a_joiner_is_named_and_gets_a_card_with_the_next_number(world: World, clock: SettableClock) -> None:
    assert changes() == []
    post(world, clock, "E104", "card-team")
    assert changes() == [("joined", "E104", "card-team")]
    last = max(db.session.scalars(select(Scorecard.number)))
    join(world.actor("admin"), clock, "2026-10", "E104")
    assert (card_of("E104").number, card_of("E104").state) == (f"2026-10-{int(last[-4:]) + 1:04d}", "draft")
    assert changes() == []


def test_a_leaver_and_a_transfer_are_named_until_their_card_is_void(world: World, clock: SettableClock) -> None:
    transfer(world, clock, "E102", None)
    transfer(world, clock, "E103", "hq")
    assert changes() == [("left", "E102", "card-team"), ("left", "E103", "card-team")]
    for code in ("E102", "E103"):
        card = card_of(code)
        asked = Asked("void", reason="已离开本组")
        sign.move(world.actor("admin"), clock, card.id, asked, seen_version=card.version)
    assert changes() == []


def test_a_voided_card_is_made_anew_under_a_number_of_its_own(world: World, clock: SettableClock) -> None:
    old = card_of("E101")
    sign.move(world.actor("admin"), clock, old.id, Asked("void", reason="建错了"), seen_version=old.version)
    assert changes() == [("joined", "E101", "card-team")]
    join(world.actor("admin"), clock, "2026-10", "E101")
    query = select(Scorecard.number, Scorecard.state).where(Scorecard.subject_code == "E101").order_by(Scorecard.id)
    (first, was), (second, now) = db.session.execute(query).all()
    assert (was, now) == ("void", "draft")
    assert first != second


def test_what_is_refused(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    with refused(Reason.INVALID_INPUT, "subject"):
        join(admin, clock, "2026-10", "E101")  # has a card
    with refused(Reason.INVALID_INPUT, "subject"):
        join(admin, clock, "2026-10", "E999")
    with refused(Reason.NO_GRANT):
        join(world.actor("preparer"), clock, "2026-10", "E101")
    with refused(Reason.NOT_SEEN):
        join(world.actor("hr"), clock, "2026-10", "E101")


def test_who_joined_late_is_still_filled_in_while_the_plan_is_closing(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    found = plan.find_plan("2026-10")
    plan.move(admin, clock, "2026-10", "close", seen_version=found.version)
    post(world, clock, "E104", "card-team")
    join(admin, clock, "2026-10", "E104")
    card = card_of("E104")
    with refused(Reason.INCOMPLETE):
        move(world, clock, card, "preparer", "prepare")
    with refused(Reason.PLAN_CLOSED):
        move(world, clock, card_of("E101"), "preparer", "prepare")


def test_a_cancelled_plan_takes_its_cards_along_and_publishes_none(world: World, clock: SettableClock) -> None:
    bring_to(world, clock, card_of("customer"), "approved")
    admin, found = world.actor("admin"), plan.find_plan("2026-10")
    plan.move(admin, clock, "2026-10", "cancel", seen_version=found.version, reason="改为季度考核")
    states = db.session.execute(select(Scorecard.state, func.count()).group_by(Scorecard.state)).all()
    assert {tuple(row) for row in states} == {("approved", 1), ("void", 6)}
    with refused(Reason.PLAN_CANCELLED):
        move(world, clock, card_of("customer"), "admin", "publish")
    assert count_waiting(admin) == 0
    with refused(Reason.WRONG_STATE):
        join(admin, clock, "2026-10", "E101")


def test_a_copy_has_the_same_contents_and_its_days_moved_along(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    old = plan.find_plan("2026-10")
    with unit_of_work(SYSTEM, clock) as work:
        work.change(old, "test", {"calendar": {"prepare": "2026-10-31", "review": "2026-11-05"}})
    new = copied(admin, "2026-10", code="2026-11", title="十一月", period="2026-11")
    assert new.calendar == {"prepare": "2026-11-30", "review": "2026-12-07"}, "5 December 2026 is a Saturday"
    made = plan.create(admin, clock, new)
    assert ([part["units"] for part in made.contents], made.state) == (
        [part["units"] for part in old.contents],
        "draft",
    )
    with refused(Reason.NOT_SEEN):
        copied(world.actor("hr"), "2026-10", code="x", title="x", period="2026-11")
