"""The policy's scope as WHERE: the database finds exactly the cards of which policy says yes."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.stocked import approve, stock
from tests.support.world import ACCOUNTS, World, card_of, move
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, CardFacts, Grant, Role, card_scope, decide_card
from workflow.services.scorecards import cards

READING = (Action.CARD_SEE, Action.CARD_RECORD, Action.CARD_FORM)


@pytest.fixture(scope="module")
def company(module_database: Database) -> Iterator[World]:
    """Cards in every state; E102's is superseded and was never published."""
    clock = SettableClock()
    with opened(module_database):
        world = stock(clock)
        move(world, clock, card_of("E103"), "admin", "void", reason="重复建表")
        revision = move(world, clock, card_of("E102"), "admin", "revise", reason="录入有误")
        approve(world, clock, revision)
        move(world, clock, revision, "admin", "publish")
        yield world


def actors(world: World) -> st.SearchStrategy[Actor]:
    paths = st.sampled_from(["/", *(unit.path for unit in world.units.values())])
    items = st.frozensets(st.sampled_from(["quality", "floor", "churn"]))
    account = st.sampled_from([world.accounts[username] for username in ACCOUNTS])
    person = st.sampled_from([None, *(person.id for person in world.people.values())])
    grants = st.lists(st.builds(Grant, st.sampled_from(Role), paths, items), max_size=3).map(tuple)
    return st.builds(
        Actor,
        account,
        st.just("a"),
        st.just("某人"),
        person,
        grants,
        unit_path=st.none() | paths.filter(lambda p: p != "/"),
    )


def facts_by_card(actor: Actor) -> dict[int, CardFacts]:
    found = cards.open_many(db.session.scalars(select(Scorecard.id)).all())
    return {card_id: cards.facts_with_history(each, actor) for card_id, each in found.items()}


@settings(max_examples=60)
@given(data=st.data(), action=st.sampled_from(READING))
def test_a_list_and_the_verdict_on_each_card_agree(company: World, data: Any, action: Action) -> None:
    actor = data.draw(actors(company))
    scope, facts = card_scope(actor, action), facts_by_card(actor)
    query = select(Scorecard.id).where(card_queries.within(scope, actor.account_id))
    listed = set(db.session.scalars(query))
    assert listed == {card_id for card_id, each in facts.items() if scope.covers(each)}
    assert listed == {card_id for card_id, each in facts.items() if decide_card(actor, action, each) is None}


def test_the_cases_are_worth_it(company: World) -> None:  # noqa: ARG001
    """Otherwise the agreement above would be one on nothing."""
    states = {(card.state, card.published_at is not None) for card in db.session.scalars(select(Scorecard))}
    assert states >= {
        ("draft", False), ("approved", False), ("published", True), ("superseded", False), ("void", False),
    }  # fmt: skip
