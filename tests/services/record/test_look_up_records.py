"""The written record is read as far as one's scope goes: of cards no more than one may see, of grants by the operator."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Stories, Story, october_open
from tests.support.world import ACCOUNTS, World, bring_to, card_of, fill, move
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor
from workflow.services.paging import PageAsked
from workflow.services.record.look_up_records import RecordsWanted, records_of_card, search_records
from workflow.services.record.told_records import RecordRow
from workflow.services.scorecards import appraise, cards
from workflow.services.scorecards.look_up_mine import acknowledge

ALL_AT_ONCE = PageAsked(200)


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


def october_worked_on(world: World, clock: SettableClock) -> None:
    """Tell of 客户部 published and read, 市场部 and E101 in draft, one deduction from E101."""
    october_open(world, clock)
    bring_to(world, clock, card_of("customer"), "published")
    acknowledge(world.actor("head"), clock, card_of("customer").id)
    fill(world, clock, card_of("market"), {"planning": {"level": "良好"}})
    entry = {"on": "2026-10-12", "reason": "录入差错", "points": "-2"}
    agent = card_of("E101")
    appraise.add_adjustment(world.actor("preparer"), clock, agent.id, "quality", entry, seen_version=agent.version)


@pytest.fixture
def stocked(stories: Stories, clock: SettableClock) -> Iterator[World]:
    """The company when October is worked on."""
    with stories.world_after(october_worked_on, clock) as world:
        yield world


def search(reader: Actor, **wanted: object) -> tuple[RecordRow, ...]:
    return search_records(reader, RecordsWanted(**wanted), ALL_AT_ONCE).rows  # type: ignore[arg-type]


def kinds(actor: Actor) -> set[str]:
    return {row.entity_kind for row in search(actor)}


def test_the_records_of_a_card_are_its_history_from_the_first_version_on(stocked: World, clock: SettableClock) -> None:
    card = card_of("customer")
    rows = records_of_card(stocked.actor("auditor"), card.id, ALL_AT_ONCE).rows
    assert [row.version for row in rows] == list(range(1, card.version + 1))
    assert (rows[0].event, rows[-1].event) == ("scorecard.create", "scorecard.publish")
    last = rows[-1]
    assert (last.username, last.name, last.role, last.state) == ("admin", "绩效管理岗", "administrator", "approved")
    assert (last.code, last.title, last.index, last.at) == (card.number, "客户部", None, clock())
    assert {change.field: (change.before, change.after) for change in last.changes}["state"] == (
        "approved",
        "published",
    )


def test_who_may_not_read_a_cards_record_is_refused(stocked: World) -> None:
    card = card_of("customer")
    for username, reason in (
        ("hr", Reason.NO_GRANT),
        ("market-preparer", Reason.NOT_SEEN),
        ("nobody", Reason.NOT_SEEN),
    ):
        with refused(reason):
            records_of_card(stocked.actor(username), card.id, ALL_AT_ONCE)


def test_a_recorder_reads_of_a_card_what_concerns_their_items(stocked: World) -> None:
    rows = records_of_card(stocked.actor("recorder"), card_of("E101").id, ALL_AT_ONCE).rows
    assert [row.event for row in rows] == ["scorecard.create", "scorecard.adjust"]
    fields = {change.field for row in rows for change in row.changes}
    assert all(field.startswith(("items/quality/", "adjustments/quality/")) for field in fields)


def test_a_reviewer_who_returned_a_draft_goes_on_reading_its_record(world: World, clock: SettableClock) -> None:
    card = bring_to(world, clock, card_of("customer"), "prepared")
    move(world, clock, card, "reviewer", "return", reason="流失率有误,请核对")
    rows = records_of_card(world.actor("reviewer"), card.id, ALL_AT_ONCE).rows
    assert rows[-1].reason == "流失率有误,请核对"
    with refused(Reason.NOT_SEEN):
        records_of_card(world.actor("reviewer-2"), card.id, ALL_AT_ONCE)


def test_an_auditor_reads_everything_and_an_operator_who_may_sign_in_as_what(stocked: World) -> None:
    every = set(db.session.scalars(select(Record.entity_kind).distinct()))
    assert kinds(stocked.actor("auditor")) == every >= {"scorecard", "grant", "acknowledgement", "plan", "scheme"}
    assert kinds(stocked.actor("operator")) == {"account", "grant"}


def test_who_signs_reads_what_hangs_on_their_units(stocked: World) -> None:
    assert kinds(stocked.actor("admin")) == {
        *("scorecard", "acknowledgement", "unit", "person", "plan", "scheme", "measurement", "ledger")
    }
    rows = search(stocked.actor("market-preparer"))
    assert {(row.entity_kind, row.code) for row in rows} == {
        ("scorecard", "2026-10-0002"),
        ("unit", "market"),
        ("person", "E002"),
        ("plan", "2026-10"),
    }


def test_who_has_no_such_role_reads_the_record_of_their_own_published_card_at_most(stocked: World) -> None:
    for username in ("hr", "recorder", "nobody", "employee"):
        assert search(stocked.actor(username)) == (), username


def test_no_search_tells_of_a_card_that_one_may_not_read(stocked: World, clock: SettableClock) -> None:
    market = card_of("market")
    fill(stocked, clock, market, {"complaints": {"level": "良好"}})
    for username in ACCOUNTS:
        actor = stocked.actor(username)
        told = {row.entity_id for row in search(actor, entity="scorecard")}
        readable = {card.id for card in db.session.scalars(select(Scorecard)) if may_read(actor, card)}
        if username == "recorder":
            assert not told, "whole records are not for a recorder, who reads those of single cards"
        else:
            assert told == readable, username


def may_read(actor: Actor, card: Scorecard) -> bool:
    try:
        cards.open_card(actor, Action.CARD_RECORD, card.id)
    except Refusal:
        return False
    return True


def test_a_search_is_narrowed_by_entity_actor_event_and_time(stocked: World, clock: SettableClock) -> None:
    auditor, card = stocked.actor("auditor"), card_of("customer")
    assert {row.entity_id for row in search(auditor, entity=f"scorecard:{card.id}")} == {card.id}
    assert {row.entity_kind for row in search(auditor, entity="grant")} == {"grant"}
    assert {row.name for row in search(auditor, actor="reviewer", entity="scorecard")} == {"李强"}
    assert [row.code for row in search(auditor, event="scorecard.publish")] == ["2026-10-0001"]
    assert search(auditor, actor="unknown") == ()
    clock.advance(days=1)
    edited = card_of("market")
    fill(stocked, clock, edited, {"complaints": {"level": "良好"}})
    newer = search(auditor, since=clock() - timedelta(hours=1))
    assert [row.entity_id for row in newer] == [edited.id]
    older = search(auditor, until=clock() - timedelta(hours=1))
    assert len(older) + len(newer) == len(search(auditor))


def test_an_impossible_entity_is_refused(stocked: World) -> None:
    for entity in ("nothing", "scorecard:x", "scorecard:²", "scorecard:" + "9" * 30, ":1"):
        with refused(Reason.INVALID_INPUT, "entity"):
            search(stocked.actor("auditor"), entity=entity)


def test_every_entity_is_called_by_its_name(stocked: World) -> None:
    for row in search(stocked.actor("auditor")):
        assert row.code, row.entity_kind
        assert row.title, row.entity_kind
    granted = search(stocked.actor("operator"), entity="grant")[0]
    assert (granted.code, granted.title) == ("operator", "系统管理员")
    read = search(stocked.actor("auditor"), entity="acknowledgement")[0]
    assert read.card is not None
    assert (read.card.period, read.card.unit, read.card.subject_name) == ("2026-10", "customer", "客户部")


def test_the_record_is_read_page_by_page_either_way(stocked: World) -> None:
    auditor = stocked.actor("auditor")
    forwards, backwards = read_through(auditor, newest_first=False), read_through(auditor, newest_first=True)
    assert forwards == [row.id for row in search(auditor)] == sorted(forwards)
    assert backwards == forwards[::-1]


def read_through(actor: Actor, *, newest_first: bool) -> list[int]:
    wanted, after, read = RecordsWanted(newest_first=newest_first), None, []
    while True:
        found = search_records(actor, wanted, PageAsked(30, after))
        read += [row.id for row in found.rows]
        assert found.total == len(search(actor))
        after = found.after
        if after is None:
            return read


def test_many_records_take_as_many_statements_as_few(stocked: World) -> None:
    for username in ("auditor", "admin", "operator", "market-preparer"):
        actor = stocked.actor(username)
        sent_for = []
        for rows in (1, 50):
            with statements() as sent:
                search_records(actor, RecordsWanted(), PageAsked(rows))
            sent_for.append(len(sent))
        assert sent_for == [3, 3], username
