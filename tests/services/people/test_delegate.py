"""A delegate acts with the holder's grant for some days, under their own name, and in nobody's own matter."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story, october_open
from tests.support.world import FULL_CUSTOMER, World, bring_to, card_of, fill, move
from workflow.errors import Reason, Refusal
from workflow.lifecycle import scorecard
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.delegations import Delegation
from workflow.models.record import Record
from workflow.models.scorecards import Signature
from workflow.policy import SYSTEM, Action, Actor, Grant, Party, Role, State
from workflow.services.accounts.give_grants import NewGrant, give_grant
from workflow.services.accounts.identify import Proof, grants_on
from workflow.services.paging import PageAsked
from workflow.services.people.delegate import NewDelegation, delegate
from workflow.services.people.delegate import move as move_delegation
from workflow.services.people.look_up_delegations import (
    DelegationsWanted,
    delegable_grants,
    list_delegations,
    possible_delegates,
)
from workflow.services.scorecards import cards, sign
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.look_up_cards import CardFilter
from workflow.services.scorecards.look_up_inbox import Tab, look_up_inbox, waiting_by_unit
from workflow.services.scorecards.sign import CardVersion
from workflow.services.unit_of_work import unit_of_work

DAY = timedelta(days=1)
EVERYTHING = DelegationsWanted()
FIRST = PageAsked(50)


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


def grant_of(world: World, username: str, role: str | None = None) -> int:
    query = select(RoleGrant.id).where(RoleGrant.account_id == world.accounts[username])
    return db.session.scalars(query.where(RoleGrant.role == role) if role else query).one()


def hand_on(
    world: World, clock: SettableClock, holder: str, to: str, *, by: str | None = None, days: int = 3, reason: str = ""
) -> Delegation:
    """Let `holder` be acted for from today on."""
    today = clock().date()
    new = NewDelegation(grant_of(world, holder), to, today, today + days * DAY, reason)
    return delegate(world.actor(by or holder), clock, new)


def acting(world: World, username: str, day: date) -> Actor:
    """The account with what it holds on a day, as signing in finds it."""
    plain = world.actor(username)
    grants = grants_on(plain.account_id, plain.person_id, day)
    return Actor(plain.account_id, username, plain.name, plain.person_id, grants, unit_path=plain.unit_path)


def prepared(world: World, clock: SettableClock, subject: str = "customer") -> int:
    card = card_of(subject)
    fill(world, clock, card, FULL_CUSTOMER)
    move(world, clock, card, "preparer", "prepare")
    return card.id


def review(actor: Actor, clock: SettableClock, card_id: int) -> None:
    version = card_of("customer").version
    sign.move(actor, clock, card_id, Asked("review", Proof("password")), seen_version=version)


def test_the_signature_and_the_record_name_for_whom_it_was_given(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "approver-2")
    card_id = prepared(world, clock)
    standing_in = acting(world, "approver-2", clock().date())
    row = look_up_inbox(standing_in, Tab.TODO, CardFilter(), FIRST).rows[0]
    assert (row.card.subject, row.on_behalf_of) == ("customer", "李强")
    assert [each.on_behalf_of for each in waiting_by_unit(standing_in)] == ["李强"]
    review(standing_in, clock, card_id)
    signature = db.session.scalars(select(Signature).where(Signature.meaning == "review")).one()
    assert (signature.name, signature.role, signature.on_behalf_of) == ("赵磊", "reviewer", "李强")
    record = db.session.scalars(select(Record).where(Record.event == "scorecard.review")).one()
    assert (record.actor_id, record.role) == (world.accounts["approver-2"], "reviewer")
    assert record.on_behalf_of == world.accounts["reviewer"]


def test_a_delegate_counts_as_themselves_among_the_three(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "approver", "reviewer")
    card_id = prepared(world, clock)
    both = acting(world, "reviewer", clock().date())
    review(both, clock, card_id)
    with refused(Reason.SAME_SIGNER):
        sign.move(both, clock, card_id, Asked("approve", Proof("password")), seen_version=card_of("customer").version)
    assert look_up_inbox(both, Tab.TODO, CardFilter(), FIRST).rows == ()


def test_an_own_grant_is_used_before_a_delegated_one(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "reviewer-2")
    card_id = prepared(world, clock)
    review(acting(world, "reviewer-2", clock().date()), clock, card_id)
    assert db.session.scalars(select(Signature.on_behalf_of).where(Signature.meaning == "review")).one() is None


def test_nobody_signs_for_the_appraised_person(world: World, clock: SettableClock) -> None:
    """刘洋 is appraised by the card of 客户部 and prepares it for others: a delegate of 刘洋 can't sign it for them."""
    today = clock().date()
    new = NewDelegation(grant_of(world, "head", "preparer"), "nobody", today, today)
    delegate(world.actor("head"), clock, new)
    card = card_of("customer")
    fill(world, clock, card, FULL_CUSTOMER)
    standing_in = acting(world, "nobody", today)
    assert look_up_inbox(standing_in, Tab.TODO, CardFilter(), FIRST).rows == ()
    with refused(Reason.HOLDERS_CARD):
        sign.move(standing_in, clock, card.id, Asked("prepare", Proof("password")), seen_version=card.version)


def test_it_acts_on_its_days_alone(world: World, clock: SettableClock) -> None:
    given, today = hand_on(world, clock, "reviewer", "nobody", days=2), clock().date()
    held = {day: acting(world, "nobody", today + day * DAY).grants for day in (-1, 0, 2, 3)}
    expected = (Grant(Role.REVIEWER, holder=Party(world.accounts["reviewer"], None, "李强")),)
    assert held == {-1: (), 0: expected, 2: expected, 3: ()}
    move_delegation(world.actor("nobody"), clock, given.id, "end", seen_version=1)
    assert acting(world, "nobody", today).grants == ()
    with refused(Reason.WRONG_STATE):
        move_delegation(world.actor("reviewer"), clock, given.id, "end", seen_version=2)


def test_it_ends_with_the_grant_and_with_the_holder_s_account(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "nobody")
    today = clock().date()
    holder = db.session.get_one(Account, world.accounts["reviewer"])
    from_now = acting(world, "nobody", today)
    assert from_now.grants
    _write(clock, holder, disabled=True)
    assert acting(world, "nobody", today).grants == ()
    _write(clock, holder, disabled=False)
    _write(clock, db.session.get_one(RoleGrant, grant_of(world, "reviewer")), ends_on=today - DAY)
    assert acting(world, "nobody", today).grants == ()


def _write(clock: SettableClock, entity: Account | RoleGrant, **values: object) -> None:
    with unit_of_work(SYSTEM, clock) as work:
        work.change(entity, "test", values)


def test_there_are_no_chains(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "nobody")
    today = clock().date()
    standing_in = acting(world, "nobody", today)
    assert delegable_grants(standing_in, today) == ()
    with refused(Reason.NOT_SEEN):
        delegate(standing_in, clock, NewDelegation(grant_of(world, "reviewer"), "hr", today, today))


@pytest.mark.parametrize(
    ("holder", "to", "reason"),
    [
        ("auditor", "nobody", Reason.NOT_DELEGABLE),
        ("operator", "nobody", Reason.NOT_DELEGABLE),
        ("reviewer", "reviewer", Reason.OWN_DELEGATE),
        ("reviewer", "auditor", Reason.ROLES_EXCLUDE),
        ("admin", "operator", Reason.ROLES_EXCLUDE),
    ],
)
def test_who_can_t_be_a_delegate(world: World, clock: SettableClock, holder: str, to: str, reason: Reason) -> None:
    with refused(reason):
        hand_on(world, clock, holder, to)


def test_what_is_wrong_is_named(world: World, clock: SettableClock) -> None:
    today, grant = clock().date(), grant_of(world, "reviewer")
    actor = world.actor("reviewer")
    wrong = {
        ("starts_on",): NewDelegation(grant, "nobody", today - DAY, today),
        ("ends_on",): NewDelegation(grant, "nobody", today + DAY, today),
        ("delegate",): NewDelegation(grant, "whoever", today, today),
    }
    for paths, new in wrong.items():
        with refused(Reason.INVALID_INPUT, *paths):
            delegate(actor, clock, new)
    hand_on(world, clock, "reviewer", "nobody")
    with refused(Reason.INVALID_INPUT, "starts_on"):  # it is in somebody's hands then
        delegate(actor, clock, NewDelegation(grant, "hr", today + DAY, today + DAY))
    with refused(Reason.NOT_SEEN):
        delegate(actor, clock, NewDelegation(1, "hr", today, today))


def test_a_role_that_excludes_a_delegated_one_is_not_given(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "nobody")
    new = NewGrant("nobody", Role.AUDITOR, clock().date())
    with refused(Reason.ROLES_EXCLUDE):
        give_grant(world.actor("operator"), clock, new)


def test_an_administrator_hands_on_the_work_of_the_absent_with_a_reason(world: World, clock: SettableClock) -> None:
    with refused(Reason.INVALID_INPUT, "reason"):
        hand_on(world, clock, "reviewer", "reviewer-2", by="admin")
    given = hand_on(world, clock, "reviewer", "reviewer-2", by="admin", reason="李强住院")
    assert (given.given_by, given.reason) == (world.accounts["admin"], "李强住院")
    record = db.session.scalars(select(Record).where(Record.entity_id == given.id)).one()
    assert (record.event, record.role) == ("delegation.delegate", "administrator")
    seen = list_delegations(world.actor("reviewer"), EVERYTHING, clock().date(), FIRST).rows
    assert [(row.holder_name, row.delegate_name, row.given_by_name) for row in seen] == [("李强", "孙燕", "绩效管理岗")]


@pytest.mark.parametrize(("holder", "to"), [("hr", "nobody"), ("reviewer", "admin")])
def test_what_an_administrator_can_t_hand_on(world: World, clock: SettableClock, holder: str, to: str) -> None:
    """Another's own business, and another's signature to oneself."""
    with refused(Reason.ONLY_HOLDER if holder == "hr" else Reason.SELF_DELEGATE):
        hand_on(world, clock, holder, to, by="admin", reason="缺席")


def test_others_see_nothing_of_it(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "approver-2")
    seeing = {"reviewer", "approver-2", "admin", "auditor", "operator"}
    for username in ("preparer", "hr", "head", "employee", *seeing):
        found = list_delegations(world.actor(username), EVERYTHING, clock().date(), FIRST).rows
        assert bool(found) == (username in seeing), username


def test_who_can_be_chosen_is_named(world: World, clock: SettableClock) -> None:
    names = dict(possible_delegates(world.actor("reviewer"), clock().date()))
    assert "approver" in names
    assert not {"reviewer", "nobody", "employee", "auditor", "operator"} & set(names)


def test_the_to_do_list_agrees_with_the_lifecycle_for_delegates(world: World, clock: SettableClock) -> None:
    """Whatever is listed can be signed, and whatever can be signed is listed."""
    today = clock().date()
    for holder, to in (("reviewer", "head"), ("approver", "reviewer"), ("preparer", "employee"), ("admin", "hr")):
        hand_on(world, clock, holder, to)
    bring_to(world, clock, card_of("customer"), "reviewed")
    for username in ("head", "reviewer", "employee", "hr", "admin"):
        actor = acting(world, username, today)
        listed = {row.card.id for row in look_up_inbox(actor, Tab.TODO, CardFilter(), FIRST).rows}
        assert listed == signable(actor), username


def signable(actor: Actor) -> set[int]:
    waits = {State.PREPARED: "review", State.REVIEWED: "approve", State.APPROVED: "publish"}
    found = set()
    for subject in ("customer", "market", "sales", "east", "E101", "E102", "E103"):
        card = card_of(subject)
        trigger = waits.get(State(card.state))
        if trigger is None and card.complete:
            trigger = "prepare"
        if trigger is not None and trigger in moves_of(actor, card.id):
            found.add(card.id)
    return found


def moves_of(actor: Actor, card_id: int) -> tuple[str, ...]:
    try:
        opened = cards.open_card(actor, Action.CARD_SEE, card_id)
    except Refusal:
        return ()
    return scorecard.offered(cards.facts_with_history(opened, actor), actor)


def test_a_batch_is_signed_for_the_holder_too(world: World, clock: SettableClock) -> None:
    hand_on(world, clock, "reviewer", "approver-2")
    card_id = prepared(world, clock)
    actor = acting(world, "approver-2", clock().date())
    rows = [CardVersion(card_id, card_of("customer").version)]
    sign.move_many(actor, clock, rows, Asked("review", Proof("password")))
    assert db.session.scalars(select(Signature.on_behalf_of).where(Signature.meaning == "review")).one() == "李强"
