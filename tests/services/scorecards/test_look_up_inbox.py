"""The inbox follows from the cards' state: it asks nobody for what the lifecycle would refuse, and forgets nobody."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.months import customer_month, sign_up_to
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Stories, Story, october_open
from tests.support.world import ACCOUNTS, FULL_CUSTOMER, World, bring_to, card_of, fill, move
from workflow.errors import Reason
from workflow.lifecycle import scorecard as lifecycle
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor, State, Trigger
from workflow.services.paging import PageAsked
from workflow.services.plans import plan
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards
from workflow.services.scorecards.look_up_cards import CardFilter
from workflow.services.scorecards.look_up_inbox import (
    WAITS_FOR,
    Inbox,
    Tab,
    count_waiting,
    look_up_inbox,
    waiting_by_unit,
)

EVERYTHING = CardFilter()
RATINGS = {"level": "良好"}
INPUTS = {
    "market": dict.fromkeys(("planning", "customer-management", "complaints", "information-base"), RATINGS),
    "sales": dict.fromkeys(("service", "complaints", "information"), RATINGS),
}


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


def inbox(actor: Actor, tab: Tab = Tab.TODO, narrowed: CardFilter = EVERYTHING, **asked: object) -> Inbox:
    return look_up_inbox(actor, tab, narrowed, PageAsked(**asked))  # type: ignore[arg-type]


def subjects(found: Inbox) -> list[str]:
    return [row.card.subject for row in found.rows]


def complete(world: World, clock: SettableClock, subject: str) -> Scorecard:
    card = card_of(subject)
    fill(world, clock, card, INPUTS.get(subject, FULL_CUSTOMER))
    return card


def test_a_card_goes_from_one_to_do_list_to_the_next(world: World, clock: SettableClock) -> None:
    way = ["preparer", "reviewer", "approver", "admin"]
    card = complete(world, clock, "customer")
    for username, trigger in zip(way, WAITS_FOR.values(), strict=True):
        for other in way:
            expected = ["customer"] if other == username else []
            assert subjects(inbox(world.actor(other))) == expected, f"{other} while {trigger} is due"
        row = inbox(world.actor(username)).rows[0]
        assert (row.trigger, row.is_mine) == (trigger, True)
        move(world, clock, card, username, trigger)
    assert not any(inbox(world.actor(username)).rows for username in way), "finished work can't stay"


def facts_of(card: Scorecard, actor: Actor) -> lifecycle.CardFacts:
    found = card_queries.find_cards([card.id])[card.id]
    items = card_queries.items_of([card.id])[card.id]
    return cards.facts_with_history(cards.OpenCard(found, items, scorer_of(card.scheme_version_id)), actor)


def some_signed(world: World, clock: SettableClock) -> None:
    """Tell of 客户部 published, 市场部 prepared, 销售部 reviewed, E101 complete, the others drafts."""
    october_open(world, clock)
    bring_to(world, clock, card_of("customer"), "published")
    sign_up_to(world, clock, complete(world, clock, "market"), "prepare")
    sales = complete(world, clock, "sales")
    move(world, clock, sales, "triple", "prepare")
    move(world, clock, sales, "reviewer", "review")
    nothing = {code: {"adjustments": []} for code in ("processing", "quality", "floor", "satisfaction")}
    fill(world, clock, card_of("E101"), nothing)


@pytest.fixture
def mixed(stories: Stories, clock: SettableClock) -> Iterator[World]:
    """The company when some cards are signed."""
    with stories.world_after(some_signed, clock) as world:
        yield world


def test_the_to_do_list_agrees_with_the_lifecycle_for_everybody(mixed: World) -> None:
    for username in ACCOUNTS:
        actor = mixed.actor(username)
        assert set(subjects(inbox(actor))) == movable(actor), username
        assert count_waiting(actor) == len(movable(actor)), username


def movable(actor: Actor) -> set[str]:
    """The subjects whose card the lifecycle lets the actor move on; drafts only when nothing is missing."""
    found = set()
    for card in db.session.scalars(select(Scorecard)):
        trigger = WAITS_FOR.get(State(card.state))
        ready = card.state != State.DRAFT or card.complete
        if trigger and ready and lifecycle.explain(trigger, facts_of(card, actor), actor) is None:
            found.add(card.subject_code)
    return found


def test_nobody_is_asked_to_sign_their_own_card(world: World, clock: SettableClock) -> None:
    """`head` prepares for 客户部 and is the one whom its card appraises."""
    complete(world, clock, "customer")
    assert subjects(inbox(world.actor("head"))) == []


def test_nobody_is_asked_to_sign_twice(world: World, clock: SettableClock) -> None:
    card = complete(world, clock, "customer")
    assert subjects(inbox(world.actor("triple"))) == ["customer"]
    move(world, clock, card, "triple", "prepare")
    assert subjects(inbox(world.actor("triple"))) == []
    assert subjects(inbox(world.actor("reviewer"))) == ["customer"]


def test_of_drafts_those_that_came_back_are_first(world: World, clock: SettableClock) -> None:
    for subject in ("customer", "market"):
        complete(world, clock, subject)
    sales = sign_up_to(world, clock, complete(world, clock, "sales"), "prepare")
    assert subjects(inbox(world.actor("preparer"))) == ["customer", "market"]
    clock.advance(hours=5)
    move(world, clock, sales, "reviewer", "return", reason="数据有误,请核对")
    found = inbox(world.actor("preparer"))
    assert subjects(found) == ["sales", "customer", "market"]
    assert (found.rows[0].by, found.rows[0].since) == ("李强", clock())
    assert (found.rows[1].by, found.rows[1].since) == (None, clock() - timedelta(hours=5))


def test_drafts_still_to_be_filled_in_are_counted_by_unit(world: World, clock: SettableClock) -> None:
    complete(world, clock, "customer")
    found = {
        (each.unit, each.complete): (each.trigger, each.count) for each in waiting_by_unit(world.actor("preparer"))
    }
    assert found == {
        ("customer", True): (Trigger.PREPARE, 1),
        ("market", False): (Trigger.PREPARE, 1),
        ("sales", False): (Trigger.PREPARE, 1),
        ("east", False): (Trigger.PREPARE, 1),
        ("card-team", False): (Trigger.PREPARE, 3),
    }
    assert [each.unit for each in waiting_by_unit(world.actor("market-preparer"))] == ["market"]
    assert waiting_by_unit(world.actor("reviewer")) == ()


def test_a_closing_plan_asks_only_for_what_was_prepared_before(world: World, clock: SettableClock) -> None:
    complete(world, clock, "customer")
    market = sign_up_to(world, clock, complete(world, clock, "market"), "prepare")
    october = db.session.scalars(select(Plan).where(Plan.code == "2026-10")).one()
    plan.move(world.actor("admin"), clock, "2026-10", "close", seen_version=october.version)
    assert subjects(inbox(world.actor("preparer"))) == []
    move(world, clock, market, "reviewer", "return", reason="数据有误,请核对")
    assert subjects(inbox(world.actor("preparer"))) == ["market"]
    assert [each.unit for each in waiting_by_unit(world.actor("preparer"))] == ["market"]


def test_done_is_what_one_has_signed_returned_or_published_the_newest_first(mixed: World, clock: SettableClock) -> None:
    clock.advance(minutes=1)
    move(mixed, clock, card_of("market"), "reviewer", "return", reason="数据有误,请核对")
    found = inbox(mixed.actor("reviewer"), Tab.DONE)
    assert subjects(found) == ["market", "sales", "customer"]
    assert [(row.trigger, row.is_mine) for row in found.rows] == [
        (Trigger.PREPARE, False),
        (Trigger.APPROVE, False),
        (None, False),
    ]
    assert subjects(inbox(mixed.actor("admin"), Tab.DONE)) == ["customer"]
    assert subjects(inbox(mixed.actor("reviewer-2"), Tab.DONE)) == []


def test_a_card_handled_twice_is_done_once(mixed: World, clock: SettableClock) -> None:
    market = card_of("market")
    move(mixed, clock, market, "reviewer", "return", reason="数据有误,请核对")
    sign_up_to(mixed, clock, market, "review")
    assert subjects(inbox(mixed.actor("reviewer"), Tab.DONE)) == ["market", "sales", "customer"]


def test_prepared_is_where_ones_signature_stands(mixed: World, clock: SettableClock) -> None:
    assert subjects(inbox(mixed.actor("preparer"), Tab.PREPARED)) == ["market", "customer"]
    assert subjects(inbox(mixed.actor("triple"), Tab.PREPARED)) == ["sales"]
    move(mixed, clock, card_of("market"), "reviewer", "return", reason="数据有误,请核对")
    assert subjects(inbox(mixed.actor("preparer"), Tab.PREPARED)) == ["customer"]


def test_the_counts_tell_how_many_cards_stand_under_each_tab(mixed: World) -> None:
    actor = mixed.actor("preparer")
    counts = inbox(actor).counts
    assert (counts.todo, counts.done, counts.prepared, counts.copied) == (1, 2, 2, 0)
    for tab in Tab:
        assert inbox(actor, tab).total == len(inbox(actor, tab).rows), tab


NARROWED = (
    (CardFilter(plan="2026-10"), ["customer", "market", "sales"]),
    (CardFilter(plan="2026-11"), []),
    (CardFilter(period="2026-09"), []),
    (CardFilter(unit="market"), ["market"]),
    (CardFilter(text="销售"), ["sales"]),
    (CardFilter(text="2026-10-0001"), ["customer"]),
)


def test_each_tab_is_narrowed_alike(world: World, clock: SettableClock) -> None:
    preparer = world.actor("preparer")
    for subject in ("customer", "market", "sales"):
        complete(world, clock, subject)
    for narrowed, expected in NARROWED:
        found = inbox(preparer, Tab.TODO, narrowed)
        assert (subjects(found), found.counts.todo, found.counts.waiting) == (expected, len(expected), 3), narrowed
    for subject in ("customer", "market", "sales"):
        sign_up_to(world, clock, card_of(subject), "prepare")
    for narrowed, expected in NARROWED:
        assert sorted(subjects(inbox(preparer, Tab.DONE, narrowed))) == expected, narrowed
        assert sorted(subjects(inbox(preparer, Tab.PREPARED, narrowed))) == expected, narrowed


def pages(actor: Actor, tab: Tab) -> Iterable[Inbox]:
    after: str | None = None
    while True:
        found = inbox(actor, tab, per_page=2, after=after)
        yield found
        after = found.after
        if after is None:
            return


def test_a_tab_is_read_page_by_page(world: World, clock: SettableClock) -> None:
    for subject in ("customer", "market", "sales"):
        clock.advance(seconds=1)
        sign_up_to(world, clock, complete(world, clock, subject), "prepare")
    for username, tab in (("reviewer", Tab.TODO), ("preparer", Tab.DONE), ("preparer", Tab.PREPARED)):
        actor = world.actor(username)
        read = list(pages(actor, tab))
        assert [len(each.rows) for each in read] == [2, 1]
        assert [subject for each in read for subject in subjects(each)] == subjects(inbox(actor, tab))
        assert {each.total for each in read} == {3}


def test_an_impossible_place_is_refused(world: World) -> None:
    for after in ("!", "WzFd", "bm8", "WzEsInByZXBhcmVkIiwxLDFd"):
        with refused(Reason.INVALID_INPUT, "after"):
            inbox(world.actor("reviewer"), Tab.DONE, after=after)


def test_whose_scope_is_one_unit_is_asked_for_nothing_else(mixed: World, clock: SettableClock) -> None:
    move(mixed, clock, card_of("market"), "reviewer", "return", reason="数据有误,请核对")
    assert subjects(inbox(mixed.actor("market-preparer"))) == ["market"]
    for username in ("nobody", "employee", "hr", "auditor", "operator", "recorder"):
        for tab in Tab:
            assert subjects(inbox(mixed.actor(username), tab)) == []


def test_what_one_handled_is_gone_with_the_grant(mixed: World) -> None:
    reviewer = mixed.actor("reviewer")
    without = Actor(reviewer.account_id, reviewer.username, reviewer.name)
    assert subjects(inbox(without, Tab.DONE)) == []


def test_a_row_tells_the_total_of_the_month_before(world: World, clock: SettableClock) -> None:
    customer_month(world, clock, "2026-09")
    sign_up_to(world, clock, complete(world, clock, "customer"), "prepare")
    row = inbox(world.actor("reviewer")).rows[0]
    assert (str(row.previous_total), str(row.change)) == ("69.00", "0.00")
    assert row.card.total == row.previous_total


def test_many_rows_take_as_many_statements_as_one(world: World, clock: SettableClock) -> None:
    tabs = (
        (world.actor("reviewer"), Tab.TODO),
        (world.actor("preparer"), Tab.DONE),
        (world.actor("preparer"), Tab.PREPARED),
    )
    sign_up_to(world, clock, complete(world, clock, "customer"), "prepare")
    assert [statements_of(*each, rows=1) for each in tabs] == [6, 6, 6]
    for period in ("2026-07", "2026-08", "2026-09"):
        customer_month(world, clock, period, "prepare")
    assert [statements_of(*each, rows=4) for each in tabs] == [6, 6, 6]


def statements_of(actor: Actor, tab: Tab, *, rows: int) -> int:
    """Count the statements of a tab with so many rows, once the schemes are known."""
    inbox(actor, tab)
    with statements() as sent:
        assert len(inbox(actor, tab).rows) == rows
    return len(sent)
