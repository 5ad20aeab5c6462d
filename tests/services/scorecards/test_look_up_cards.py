"""Reading cards: lists within the reader's scope, by keyset; one card in full, in a fixed number of statements."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.company_fixtures import Company, company_after
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stocked import FULL_MARKET, adjust
from tests.support.stories import Stories
from tests.support.world import World, bring_to, card_of, fill, move, open_plan
from workflow.errors import Reason
from workflow.models.database import db
from workflow.policy import Action, Grant, Role, decide_card
from workflow.services.paging import PageAsked
from workflow.services.scorecards import cards, look_up_cards
from workflow.services.scorecards.look_up_cards import SORTS, CardDetail, CardFilter

EVERYTHING = CardFilter(all_revisions=True)
SUBJECTS = ["customer", "market", "sales", "east", "E101", "E102", "E103"]


def listed(company: Company, username: str, narrowed: CardFilter = EVERYTHING) -> list[str]:
    found = look_up_cards.list_cards(company.actor(username), narrowed, PageAsked(), "id")
    return [row.subject for row in found.rows]


def detail(company: Company, subject: str, username: str) -> CardDetail:
    return look_up_cards.card_detail(company.actor(username), company.card(subject).id)


def a_busy_month(world: World, clock: SettableClock) -> None:
    """Bring 客户部 to its publication, 市场部 to its review, and E101 to a complete draft; leave the others untouched."""
    open_plan(world, clock)
    bring_to(world, clock, card_of("customer"), "published")
    fill(world, clock, card_of("market"), FULL_MARKET)
    move(world, clock, card_of("market"), "preparer", "prepare")
    adjust(world, clock, card_of("E101"))


@pytest.fixture
def busy(stories: Stories) -> Iterator[Company]:
    with company_after(a_busy_month, stories) as company:
        yield company


# Lists


@pytest.mark.parametrize(
    ("username", "subjects"),
    [
        ("preparer", SUBJECTS),
        ("admin", SUBJECTS),
        ("auditor", SUBJECTS),
        ("market-preparer", ["market"]),
        ("reviewer", ["customer", "market"]),
        ("approver", ["customer"]),
        ("hr", ["customer"]),
        ("head", ["customer"]),
        ("recorder", ["E101", "E102", "E103", "east"]),
        ("operator", []),
        ("nobody", []),
        ("employee", []),
    ],
)
def test_a_list_holds_what_its_reader_may_see(busy: Company, username: str, subjects: list[str]) -> None:
    assert sorted(listed(busy, username)) == sorted(subjects)


@pytest.mark.parametrize(
    "username", ["preparer", "reviewer", "approver", "recorder", "hr", "head", "employee", "nobody"]
)
def test_a_list_and_the_verdict_on_each_card_agree(busy: Company, username: str) -> None:
    actor = busy.actor(username)
    opened = cards.open_many([busy.card(subject).id for subject in SUBJECTS])
    seen = {
        each.card.subject_code
        for each in opened.values()
        if decide_card(actor, Action.CARD_SEE, cards.facts_with_history(each, actor)) is None
    }
    assert set(listed(busy, username)) == seen


@pytest.mark.parametrize(
    ("narrowed", "subjects"),
    [
        ({"state": "draft"}, ["sales", "east", "E101", "E102", "E103"]),
        ({"unit": "card-team"}, ["E101", "E102", "E103"]),
        ({"subject": "E102"}, ["E102"]),
        ({"scheme": "csr-card"}, ["E101", "E102", "E103"]),
        ({"plan": "2026-10"}, SUBJECTS),
        ({"plan": "2026-11"}, []),
        ({"period": "2026-10", "state": "published"}, ["customer"]),
        ({"text": "部"}, ["customer", "market", "sales"]),
        ({"text": "E101"}, ["E101"]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"prepared_by_me": True}, ["customer", "market"]),
        ({"still_open": True}, ["market", "sales", "east", "E101", "E102", "E103"]),
        ({"mine": True}, []),
    ],
)
def test_a_list_is_narrowed(busy: Company, narrowed: dict[str, object], subjects: list[str]) -> None:
    wanted = replace(EVERYTHING, **narrowed)  # type: ignore[arg-type]
    assert sorted(listed(busy, "preparer", wanted)) == sorted(subjects)


def test_ones_own_are_those_in_which_one_is_appraised(busy: Company) -> None:
    assert listed(busy, "head", CardFilter(mine=True)) == ["customer"]


def test_a_superseded_card_is_listed_only_among_all_revisions(busy: Company) -> None:
    old = busy.card("customer")
    fresh = busy.move(old, "admin", "revise", reason="录入有误")
    for username, trigger in (
        ("preparer", "prepare"),
        ("reviewer", "review"),
        ("approver", "approve"),
        ("admin", "publish"),
    ):
        busy.move(fresh, username, trigger)
    only = {"subject": "customer"}
    assert listed(busy, "preparer", CardFilter(**only)) == ["customer"]  # type: ignore[arg-type]
    assert listed(busy, "preparer", CardFilter(**only, all_revisions=True)) == ["customer", "customer"]  # type: ignore[arg-type]


@pytest.mark.parametrize("sort", SORTS)
def test_page_by_page_a_list_gives_every_card_once_and_in_order(busy: Company, sort: str) -> None:
    actor = busy.actor("preparer")
    whole = look_up_cards.list_cards(actor, EVERYTHING, PageAsked(), sort)
    rows, after = [], None
    while True:
        part = look_up_cards.list_cards(actor, EVERYTHING, PageAsked(per_page=2, after=after), sort)
        rows += part.rows
        assert part.total == whole.total == len(SUBJECTS)
        if part.after is None:
            break
        after = part.after
    assert [row.id for row in rows] == [row.id for row in whole.rows]
    keys = {"id": "id", "number": "number", "subject": "subject", "total": "total"}
    values = [getattr(row, keys[sort.removeprefix("-")]) for row in rows]
    ordered = sorted(values, key=lambda value: (value is not None, value), reverse=sort.startswith("-"))
    assert values == ordered


@pytest.mark.parametrize(
    "after", ["x", "WzFd", "W251bGwsMV0", "WyJhIiwxXQ", "WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMF0"]
)
def test_a_place_that_is_none_is_refused(company: Company, after: str) -> None:
    with refused(Reason.INVALID_INPUT, "after"):
        look_up_cards.list_cards(company.actor("preparer"), EVERYTHING, PageAsked(after=after), "-total")


def test_an_unknown_order_is_refused(company: Company) -> None:
    with refused(Reason.INVALID_INPUT, "sort"):
        look_up_cards.list_cards(company.actor("preparer"), EVERYTHING, PageAsked(), "password")


def sent_for(company: Company, username: str, narrowed: CardFilter) -> int:
    db.session.rollback()
    with statements() as sent:
        listed(company, username, narrowed)
    return len(sent)


def test_a_list_takes_as_many_statements_for_many_cards_as_for_one(busy: Company) -> None:
    one, many = CardFilter(subject="customer"), EVERYTHING
    assert sent_for(busy, "preparer", one) == sent_for(busy, "preparer", many) <= 8


# One card


def test_a_card_is_read_in_at_most_ten_statements(busy: Company) -> None:
    for subject in ("customer", "E101"):
        card_id, actor = busy.card(subject).id, busy.actor("preparer")
        db.session.rollback()
        with statements() as sent:
            look_up_cards.card_detail(actor, card_id)
        assert len(sent) <= 10


def test_a_card_is_read_with_its_sections_items_and_signatures(busy: Company) -> None:
    found = detail(busy, "customer", "auditor")
    assert [each.item.code for each in found.items] == list(found.scheme.items)
    assert found.sections == {"qualitative": "24.00", "quantitative": "45.00"}
    assert [(each.meaning, each.name, each.voided) for each in found.signatures] == [
        ("prepare", "陈静", False),
        ("review", "李强", False),
        ("approve", "王敏", False),
    ]
    assert (found.editable, found.published_at) == (False, busy.clock())


def test_what_is_offered_and_why_the_rest_is_not(busy: Company) -> None:
    reviewer, preparer = detail(busy, "market", "reviewer"), detail(busy, "market", "preparer")
    assert (reviewer.allowed, preparer.allowed) == (("review", "return"), ("withdraw",))
    assert preparer.denied["review"].reason is Reason.NO_GRANT
    assert preparer.denied["prepare"].reason is Reason.WRONG_STATE


def test_a_draft_can_be_edited_by_its_preparer_alone_and_only_while_its_plan_takes_entries(busy: Company) -> None:
    assert detail(busy, "sales", "preparer").editable
    assert not detail(busy, "sales", "admin").editable
    assert not detail(busy, "market", "preparer").editable


def test_adjustments_are_shown_with_their_numbers_and_what_was_voided(busy: Company) -> None:
    quality = next(each for each in detail(busy, "E101", "preparer").items if each.item.code == "quality")
    shown = [(each["n"], each["points"], each["by"], each["voided"]) for each in (quality.input or {})["adjustments"]]
    assert shown == [(1, "-2", "陈静", False), (2, "-1", "陈静", True)]


def test_a_recorder_sees_the_items_given_to_them_and_no_total(busy: Company) -> None:
    found = detail(busy, "E101", "recorder")
    assert codes(found) == ["quality"]
    assert (found.sections, found.summary.total, found.summary.provisional_total) == ({}, None, None)
    rows = look_up_cards.list_cards(busy.actor("recorder"), EVERYTHING, PageAsked()).rows
    assert {row.total for row in rows} == {None}


def codes(found: CardDetail) -> list[str]:
    return [each.item.code for each in found.items]


def test_whom_a_card_is_not_shown_it_is_not_there(busy: Company) -> None:
    for subject, username in (
        ("market", "approver"),
        ("sales", "reviewer"),
        ("market", "employee"),
        ("E101", "employee"),
    ):
        with refused(Reason.NOT_SEEN):
            detail(busy, subject, username)
    with refused(Reason.NOT_SEEN):
        look_up_cards.card_detail(busy.actor("preparer"), 1)


def test_the_form_is_for_those_who_see_the_whole_card(busy: Company) -> None:
    opened = cards.open_many([busy.card(subject).id for subject in ("E101", "customer")])
    draft, published = opened[busy.card("E101").id], opened[busy.card("customer").id]
    assert look_up_cards.may_see_form(busy.actor("recorder"), draft) is not None
    assert look_up_cards.may_see_form(busy.actor("preparer"), draft) is None
    assert look_up_cards.may_see_form(busy.actor("head"), published) is None


def test_units_whose_paths_begin_alike_are_not_mixed_up(company: Company) -> None:
    """A path ends with its stroke: /12/ does not hold /123/."""
    path = company.world.path("market").rstrip("/")[:-1] + "/"
    actor = replace(company.actor("preparer"), grants=(Grant(Role.PREPARER, path),))
    assert look_up_cards.list_cards(actor, EVERYTHING, PageAsked()).rows == ()


def test_who_prepares_in_one_unit_and_records_in_another_sees_totals_only_in_the_first(busy: Company) -> None:
    items = frozenset({"quality"})
    grants = (Grant(Role.PREPARER, busy.world.path("market")), Grant(Role.RECORDER, "/", items))
    actor = replace(busy.actor("nobody"), grants=grants)
    found = {row.subject: row.total for row in look_up_cards.list_cards(actor, EVERYTHING, PageAsked()).rows}
    assert found.pop("market") is not None
    assert found == dict.fromkeys(("E101", "E102", "E103"))
    by_total = look_up_cards.list_cards(actor, EVERYTHING, PageAsked(), "total").rows
    assert [row.subject for row in by_total] == ["E101", "E102", "E103", "market"]
