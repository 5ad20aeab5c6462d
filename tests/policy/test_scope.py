"""A list and a single card give the same answer, and both agree with a plain reading of the table."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.policy import (
    CARD_ROLES,
    Action,
    Actor,
    CardFacts,
    Clause,
    Grant,
    Party,
    Role,
    Scope,
    State,
    card_scope,
    decide_card,
    outermost,
)

PATHS = ["/", "/1/", "/1/4/", "/1/4/9/", "/1/40/", "/2/"]
ITEMS = st.frozensets(st.sampled_from(["quality", "floor", "exam"]))
HOLDERS = st.sampled_from([None, Party(8, 70, "孙燕"), Party(9, None, "王敏")])
GRANTS = st.builds(Grant, st.sampled_from(Role), st.sampled_from(PATHS), ITEMS, HOLDERS)
ACTORS = st.builds(
    Actor,
    account_id=st.just(1),
    username=st.just("a"),
    name=st.just("李强"),
    person_id=st.sampled_from([None, 70, 71]),
    grants=st.lists(GRANTS, max_size=4).map(tuple),
    unit_path=st.sampled_from([None, *PATHS[1:]]),
)
CARDS = st.builds(
    CardFacts,
    state=st.sampled_from(State),
    version=st.just(1),
    unit_path=st.sampled_from(PATHS[1:]),
    appraised_person_id=st.sampled_from([None, 70, 71]),
    published=st.booleans(),
    handled=st.booleans(),
    items=ITEMS,
    member_unit=st.sampled_from([None, *PATHS[1:]]),
)
ONCE_PREPARED = {"prepared", "reviewed", "approved", "published", "superseded"}


def sees_by(grant: Grant, card: CardFacts) -> bool:
    """The row `see cards` of lifecycle.md, read role by role."""
    if not card.unit_path.startswith(grant.unit_path):
        return False
    if grant.role in {"preparer", "administrator", "auditor"}:
        return True
    if grant.role == "reviewer":
        return card.handled or card.state in ONCE_PREPARED
    if grant.role == "approver":
        return card.handled or card.state in ONCE_PREPARED - {"prepared"}
    if grant.role in {"head", "hr"}:
        return card.state == "published"
    return grant.role == "recorder" and card.state == "draft" and bool(grant.items & card.items)


def sees(actor: Actor, card: CardFacts) -> bool:
    disclosed = card.state in {"published", "superseded"} and card.published
    own = actor.person_id is not None and actor.person_id == card.appraised_person_id
    member = bool(actor.unit_path and card.member_unit and actor.unit_path.startswith(card.member_unit))
    return (disclosed and (own or member)) or any(sees_by(grant, card) for grant in actor.grants)


@given(ACTORS, CARDS)
def test_scope_and_verdict_agree_with_the_table(actor: Actor, card: CardFacts) -> None:
    permitted = decide_card(actor, Action.CARD_SEE, card) is None
    assert card_scope(actor, Action.CARD_SEE).covers(card) == permitted == sees(actor, card)


@given(ACTORS, CARDS, st.sampled_from([Action.CARD_RECORD, Action.CARD_FORM]))
def test_reading_actions_agree_with_their_scope(actor: Actor, card: CardFacts, action: Action) -> None:
    assert card_scope(actor, action).covers(card) == (decide_card(actor, action, card) is None)


@given(ACTORS, CARDS, st.sampled_from(list(CARD_ROLES)))
def test_no_scope_reaches_beyond_what_is_seen(actor: Actor, card: CardFacts, action: Action) -> None:
    if card_scope(actor, action).covers(card):
        assert card_scope(actor).covers(card)


def test_no_clause_covers_nothing_and_a_clause_needs_all_its_conditions() -> None:
    card = CardFacts("draft", 1, "/1/4/", 70)
    assert not Scope().covers(card)
    assert Scope((Clause(unit_paths=("/1/",), person_id=70),)).covers(card)
    assert not Scope((Clause(unit_paths=("/1/",), person_id=71),)).covers(card)
    assert not Scope((Clause(unit_paths=("/1/",), handled=True),)).covers(card)


def test_paths_below_another_are_left_out() -> None:
    assert outermost(["/1/4/", "/2/", "/1/", "/1/4/", "/10/"]) == ("/1/", "/10/", "/2/")
    assert outermost(["/1/", "/"]) == ("/",)
    assert outermost([]) == ()
