"""Queries and appeals through their use cases: who may, until when, once each; upheld opens a revision of the card."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.agents import SIGNERS, enter, make_final, move_plan, newest
from tests.support.months import customer_month
from tests.support.objecting import BECAUSE, MONTH, WHY, act, object_to, publish_card
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.world import ACCOUNTS, World, card_of, move
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.objections import Objection, ObjectionStep
from workflow.models.rankings import Ranking
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, decide_objection_see
from workflow.services.objections import handle_objections
from workflow.services.objections.handle_objections import NewObjection
from workflow.services.objections.look_up_objections import ObjectionsWanted, list_objections, to_handle
from workflow.services.objections.look_up_one_objection import find_objection
from workflow.services.objections.objection_facts import facts_of
from workflow.services.paging import PageAsked
from workflow.services.plans import maintain_calendar
from workflow.services.plans.maintain_calendar import DayKind

COMMITTEE = ["admin", "approver-2", "triple"]


@pytest.fixture(scope="module")
def story() -> Story:
    """The card of 吴霞 was published on Tuesday, 1 September 2026: the fifth working day is Tuesday, 8 September."""
    return publish_card


@pytest.fixture
def card(world: World) -> Scorecard:  # noqa: ARG001 — the company is open
    return card_of("E101", MONTH)


def convene(
    world: World, clock: SettableClock, objection: Objection, members: list[str], username: str = "admin"
) -> Objection:
    return handle_objections.name_committee(
        world.actor(username), clock, objection.id, members, seen_version=objection.version
    )


def rejected(world: World, clock: SettableClock, card: Scorecard, username: str = "reviewer-2") -> Objection:
    objection = object_to(world, clock, card)
    act(world, clock, objection, username, "accept", None)
    return act(world, clock, objection, username, "reject")


def escalated(world: World, clock: SettableClock, card: Scorecard, username: str = "reviewer-2") -> Objection:
    return act(world, clock, rejected(world, clock, card, username), "employee", "escalate", "请另行复核录音内容")


def publish_revision(world: World, clock: SettableClock, points: int = 3) -> None:
    """Give back so many points and bring the revision through its signatures to publication."""
    if points:
        enter(world, clock, MONTH, "E101", points)
    for username, trigger in (*SIGNERS, ("admin", "publish")):
        move(world, clock, newest(MONTH, "E101"), username, trigger)


def test_a_query_is_answered_by_a_signer_and_closed_by_who_asked(
    world: World, clock: SettableClock, card: Scorecard
) -> None:
    clock.advance(days=60)  # at any time
    asked = object_to(world, clock, card, "query")
    assert (asked.state, asked.item, asked.person_id) == ("submitted", "processing", world.people["E101"].id)
    with refused(Reason.NOT_OBJECTOR):
        act(world, clock, asked, "preparer", "close", None)
    act(world, clock, asked, "preparer", "answer", "录音编号 0810-332,请到质检室收听")
    assert act(world, clock, asked, "employee", "close", None).state == "closed"
    steps = db.session.execute(select(ObjectionStep.trigger, ObjectionStep.role, ObjectionStep.text)).all()
    assert [tuple(step) for step in steps] == [
        ("submit", None, WHY),
        ("answer", "preparer", "录音编号 0810-332,请到质检室收听"),
        ("close", None, ""),
    ]


def test_every_move_is_recorded_with_its_reason(world: World, clock: SettableClock, card: Scorecard) -> None:
    rejected(world, clock, card)
    told = select(Record.event, Record.role, Record.state).where(Record.entity_kind == "objection").order_by(Record.id)
    assert [tuple(row) for row in db.session.execute(told)] == [
        ("objection.submit", None, "submitted"),
        ("objection.accept", "reviewer", "submitted"),
        ("objection.reject", "reviewer", "accepted"),
    ]


def test_only_the_appraised_person_objects(world: World, clock: SettableClock, card: Scorecard) -> None:
    for username, reason in {
        "nobody": Reason.NOT_SEEN,
        "market-preparer": Reason.NOT_SEEN,
        "preparer": Reason.NOT_OBJECTOR,
        "admin": Reason.NOT_OBJECTOR,
        "hr": Reason.NOT_OBJECTOR,
    }.items():
        for kind in ("query", "appeal"):
            with refused(reason):
                object_to(world, clock, card, kind, username=username)


def test_of_a_unit_s_card_the_person_responsible(world: World, clock: SettableClock) -> None:
    from_plan = publish_unit_card(world, clock)
    assert object_to(world, clock, from_plan, item=None, username="head").person_id == world.people["E001"].id
    with refused(Reason.NOT_SEEN):
        object_to(world, clock, from_plan, item=None, username="employee")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"kind": "complaint", "text": WHY}, "kind"),
        ({"kind": "query", "text": "  为何?  "}, "text"),
        ({"kind": "appeal", "text": "长" * 2001}, "text"),
        ({"kind": "appeal", "text": WHY, "item": "churn"}, "item"),
    ],
)
def test_what_is_wrong_is_named(
    world: World, clock: SettableClock, card: Scorecard, asked: dict[str, Any], path: str
) -> None:
    with refused(Reason.INVALID_INPUT, path):
        handle_objections.submit(world.actor("employee"), clock, card.id, NewObjection(**asked))


def test_an_appeal_is_made_up_to_the_fifth_working_day(world: World, clock: SettableClock, card: Scorecard) -> None:
    clock.advance(days=7)  # Tuesday, 8 September
    object_to(world, clock, card)
    clock.advance(days=1)
    with refused(Reason.APPEAL_LATE):
        object_to(world, clock, card, item="quality")
    object_to(world, clock, card, "query", item="quality")


def test_holidays_lengthen_the_time_and_worked_weekends_shorten_it(
    world: World, clock: SettableClock, card: Scorecard
) -> None:
    hr = world.actor("hr")
    for day, kind, title in (
        (3, DayKind.HOLIDAY, "纪念日"),
        (4, DayKind.HOLIDAY, "纪念日"),
        (6, DayKind.WORKDAY, "调休"),
    ):
        maintain_calendar.add_day(hr, clock, date(2026, 9, day), kind, title)
    clock.advance(days=8)  # 2, 6, 7, 8 and 9 September are worked
    assert object_to(world, clock, card).due_on == date(2026, 9, 16)
    clock.advance(days=1)
    with refused(Reason.APPEAL_LATE):
        object_to(world, clock, card, item="quality")


def test_once_about_each_item_and_once_about_the_card(world: World, clock: SettableClock, card: Scorecard) -> None:
    first = object_to(world, clock, card)
    object_to(world, clock, card, item="quality")
    object_to(world, clock, card, item=None)
    for item in ("processing", None):
        with refused(Reason.APPEALED_BEFORE):
            object_to(world, clock, card, item=item)
    act(world, clock, first, "employee", "withdraw", None)
    again = object_to(world, clock, card)
    act(world, clock, again, "reviewer-2", "accept", None)
    act(world, clock, again, "reviewer-2", "reject")
    with refused(Reason.APPEALED_BEFORE):  # what was decided is escalated, not made anew
        object_to(world, clock, card)


@pytest.mark.parametrize(
    ("username", "reason"),
    [
        ("preparer", Reason.NOT_SEEN),  # prepares: answers queries
        ("reviewer", Reason.SIGNED_THERE),
        ("approver", Reason.SIGNED_THERE),
        ("auditor", Reason.NO_GRANT),
        ("hr", Reason.NOT_SEEN),
        ("employee", Reason.NO_GRANT),
        ("nobody", Reason.NOT_SEEN),
    ],
)
def test_who_does_not_handle_an_appeal(
    world: World, clock: SettableClock, card: Scorecard, username: str, reason: Reason
) -> None:
    objection = object_to(world, clock, card)
    with refused(reason):
        act(world, clock, objection, username, "accept", None)


def test_nobody_decides_their_own(world: World, clock: SettableClock) -> None:
    objection = object_to(world, clock, publish_unit_card(world, clock), "query", None, "head")
    with refused(Reason.OWN_OBJECTION):  # 刘洋 prepares 客户部 too
        act(world, clock, objection, "head", "answer")


def test_its_handler_decides_or_an_administrator(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = object_to(world, clock, card)
    act(world, clock, objection, "reviewer-2", "accept", None)
    with refused(Reason.NOT_HANDLER):
        act(world, clock, objection, "approver-2", "reject")
    with refused(Reason.REASON_TOO_SHORT):
        act(world, clock, objection, "reviewer-2", "reject", "不成立")
    assert act(world, clock, objection, "admin", "reject").handler_id == world.accounts["admin"]


def test_it_is_escalated_once_and_in_time(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = rejected(world, clock, card)
    assert objection.escalate_until == date(2026, 9, 8)
    clock.advance(days=8)
    with refused(Reason.ESCALATION_LATE):
        act(world, clock, objection, "employee", "escalate")
    clock.advance(days=-1)
    act(world, clock, objection, "employee", "escalate")
    assert (objection.handler_id, objection.due_on) == (None, date(2026, 9, 15))
    with refused(Reason.NO_GRANT):
        act(world, clock, objection, "approver-2", "reject")
    assert act(world, clock, objection, "admin", "reject").state == "rejected"
    with refused(Reason.ESCALATED_BEFORE):
        act(world, clock, objection, "employee", "escalate")


def test_who_dealt_with_it_before_does_not_decide_it_again(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = escalated(world, clock, card, "admin")
    with refused(Reason.HANDLED_BEFORE):
        act(world, clock, objection, "admin", "reject")
    with refused(Reason.HANDLED_BEFORE):
        convene(world, clock, objection, ["reviewer-2", "approver-2", "triple"])


def test_a_committee_decides_by_its_majority(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = escalated(world, clock, card)
    convene(world, clock, objection, COMMITTEE)
    with refused(Reason.COMMITTEE_NAMED):
        convene(world, clock, objection, COMMITTEE)
    with refused(Reason.NOT_ON_COMMITTEE):
        act(world, clock, objection, "reviewer-2", "uphold")
    assert act(world, clock, objection, "admin", "reject").state == "escalated"
    with refused(Reason.HAS_VOTED):
        act(world, clock, objection, "admin", "uphold")
    assert act(world, clock, objection, "triple", "uphold").state == "escalated"
    decided = act(world, clock, objection, "approver-2", "uphold")
    assert (decided.state, decided.revision_id) == ("upheld", card_of("E101", MONTH).id)
    votes = select(Record.event).where(Record.entity_kind == "objection").order_by(Record.id.desc()).limit(3)
    assert list(db.session.scalars(votes)) == ["objection.uphold", "objection.vote", "objection.vote"]


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        (["approver-2", "triple"], ("members",)),
        (["approver-2", "triple", "triple"], ("members",)),
        (["approver-2", "triple", "reviewer"], ("members[2]",)),  # signed
        (["reviewer-2", "triple", "approver-2"], ("members[0]",)),  # rejected it
        (["employee", "hr", "approver-2"], ("members[0]", "members[1]")),
        (["approver-2", "triple", "who"], ("members[2]",)),
    ],
)
def test_who_may_not_be_on_the_committee(
    world: World, clock: SettableClock, card: Scorecard, members: list[str], paths: tuple[str, ...]
) -> None:
    objection = escalated(world, clock, card)
    with refused(Reason.INVALID_INPUT, *paths):
        convene(world, clock, objection, members)


def test_an_upheld_appeal_opens_a_revision_that_is_signed_anew(
    world: World, clock: SettableClock, card: Scorecard
) -> None:
    objection = object_to(world, clock, card)
    act(world, clock, objection, "reviewer-2", "accept", None)
    act(world, clock, objection, "reviewer-2", "uphold")
    fresh = newest(MONTH, "E101")
    assert (objection.revision_id, fresh.revises_id, fresh.state) == (fresh.id, card.id, "draft")
    opened = select(Record.role).where(Record.entity_id == fresh.id, Record.version == 1)
    assert db.session.scalar(opened) == "reviewer"
    publish_revision(world, clock)
    old, new = db.session.get_one(Scorecard, card.id), newest(MONTH, "E101")
    assert (old.state, old.total, new.state, new.total) == ("superseded", 95, "published", 98)
    versions = select(Ranking.number).where(Ranking.plan_id == card.plan_id)
    assert sorted(db.session.scalars(versions)) == [1, 2]


def test_two_upheld_appeals_share_a_revision(world: World, clock: SettableClock, card: Scorecard) -> None:
    revisions = set()
    for item in ("processing", "quality"):
        objection = object_to(world, clock, card, item=item)
        act(world, clock, objection, "admin", "accept", None)
        revisions.add(act(world, clock, objection, "admin", "uphold").revision_id)
    assert revisions == {newest(MONTH, "E101").id}


def test_one_upheld_after_a_revision_is_out_revises_that(world: World, clock: SettableClock, card: Scorecard) -> None:
    late = object_to(world, clock, card, item="quality")
    act(world, clock, late, "admin", "accept", None)
    first = object_to(world, clock, card)
    act(world, clock, first, "admin", "accept", None)
    act(world, clock, first, "admin", "uphold")
    move(world, clock, newest(MONTH, "E101"), "preparer", "prepare")
    with refused(Reason.REVISION_OPEN):  # it is signed already: the signers have not heard of this one
        act(world, clock, late, "admin", "uphold")
    for username, trigger in (*SIGNERS[1:], ("admin", "publish")):
        move(world, clock, newest(MONTH, "E101"), username, trigger)
    act(world, clock, late, "admin", "uphold")
    assert (newest(MONTH, "E101").revision, newest(MONTH, "E101").revises_id) == (2, first.revision_id)


def test_who_signed_an_earlier_revision_does_not_handle_it(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = object_to(world, clock, card)
    act(world, clock, objection, "admin", "accept", None)
    act(world, clock, objection, "admin", "uphold")
    enter(world, clock, MONTH, "E101", 3)
    for username, trigger in (
        ("preparer", "prepare"),
        ("reviewer-2", "review"),
        ("approver-2", "approve"),
        ("admin", "publish"),
    ):
        move(world, clock, newest(MONTH, "E101"), username, trigger)
    about_it = object_to(world, clock, newest(MONTH, "E101"))
    for username in ("reviewer", "reviewer-2"):
        with refused(Reason.SIGNED_THERE):
            act(world, clock, about_it, username, "accept", None)


def test_what_a_revision_has_replaced_is_not_objected_to(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = object_to(world, clock, card)
    act(world, clock, objection, "admin", "accept", None)
    act(world, clock, objection, "admin", "uphold")
    publish_revision(world, clock)
    for kind in ("query", "appeal"):
        with refused(Reason.WRONG_STATE):
            object_to(world, clock, card, kind, "quality")


def test_a_plan_is_not_final_while_anything_is_open(world: World, clock: SettableClock, card: Scorecard) -> None:
    query = object_to(world, clock, card, "query")
    objection = object_to(world, clock, card)
    with refused(Reason.OBJECTION_TIME):
        move_plan(world, clock, MONTH, "finalize")
    clock.advance(days=8)
    with refused(Reason.OBJECTIONS_OPEN):
        move_plan(world, clock, MONTH, "finalize")
    act(world, clock, query, "preparer", "answer")
    act(world, clock, objection, "reviewer-2", "accept", None)
    act(world, clock, objection, "reviewer-2", "reject")
    with refused(Reason.OBJECTIONS_OPEN):  # it can still be escalated
        move_plan(world, clock, MONTH, "finalize")
    act(world, clock, objection, "employee", "escalate", "请另行复核录音内容")
    act(world, clock, objection, "admin", "uphold")
    with refused(Reason.OBJECTIONS_OPEN):  # the revision is not out
        move_plan(world, clock, MONTH, "finalize")
    publish_revision(world, clock)
    with refused(Reason.OBJECTION_TIME):  # of the revision
        move_plan(world, clock, MONTH, "finalize")
    make_final(world, clock, MONTH)


def test_the_refusal_names_whose_and_which(world: World, clock: SettableClock, card: Scorecard) -> None:
    object_to(world, clock, card)
    clock.advance(days=8)
    with pytest.raises(Exception, match="objections_open") as caught:
        move_plan(world, clock, MONTH, "finalize")
    assert f"吴霞 {card.number}" in caught.value.denied.sentence(world.actor("admin").language)  # type: ignore[attr-defined]


def test_the_version_that_was_seen_counts(world: World, clock: SettableClock, card: Scorecard) -> None:
    objection = object_to(world, clock, card)
    for seen, reason in ((None, Reason.NO_VERSION), (7, Reason.STALE)):
        with refused(reason):
            handle_objections.move(
                world.actor("admin"), clock, objection.id, "accept", seen_version=seen, reason=BECAUSE
            )


def publish_unit_card(world: World, clock: SettableClock) -> Scorecard:
    return customer_month(world, clock, "2026-10")


def test_what_waits_for_somebody_is_what_they_can_do(world: World, clock: SettableClock, card: Scorecard) -> None:
    object_to(world, clock, card, "query")
    accepted = object_to(world, clock, card, item="quality")
    act(world, clock, accepted, "reviewer-2", "accept", None)
    object_to(world, clock, card, item="floor")
    again = object_to(world, clock, card)
    act(world, clock, again, "approver-2", "accept", None)
    act(world, clock, again, "approver-2", "reject")
    act(world, clock, again, "employee", "escalate", "请另行复核录音内容")
    compare_lists(world, clock)
    convene(world, clock, again, ["admin", "reviewer-2", "triple"])
    act(world, clock, again, "triple", "reject")
    compare_lists(world, clock)


def compare_lists(world: World, clock: SettableClock) -> None:
    """Nobody's list tells anything else than policy says of one objection at a time."""
    today, everything = clock().date(), db.session.scalars(select(Objection)).all()
    for username in ACCOUNTS:
        actor = world.actor(username)
        seen, waits = set(), set()
        for each in everything:
            seeing = Action.QUERIES_SEE if each.kind == "query" else Action.APPEALS_SEE
            if decide_objection_see(actor, seeing, facts_of(each, today)):
                continue
            seen.add(each.id)
            others = each.state == "accepted" and each.handler_id != actor.account_id
            if set(find_objection(actor, each.id, today).allowed) - {"escalate", "withdraw", "close"} and not others:
                waits.add(each.id)
        listed = list_objections(actor, ObjectionsWanted(), PageAsked())
        todo = list_objections(actor, ObjectionsWanted(to_handle=True), PageAsked())
        assert (username, {row.id for row in listed.rows}) == (username, seen)
        assert (username, {row.id for row in todo.rows}) == (username, waits)
        assert to_handle(actor).count == len(waits)
