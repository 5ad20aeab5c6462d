"""An appeal is accepted, decided, escalated once and decided for good; every state, trigger and role."""

from dataclasses import replace
from datetime import date

import pytest

from workflow.errors import Reason
from workflow.lifecycle.appeal import State, Trigger, decide, decide_committee, explain
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, CommitteeMember, Grant, ObjectionFacts, Party, Role, StandingSignature

WAY = {
    (State.SUBMITTED, Trigger.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Trigger.UPHOLD): State.UPHELD,
    (State.ACCEPTED, Trigger.REJECT): State.REJECTED,
    (State.REJECTED, Trigger.ESCALATE): State.ESCALATED,
    (State.ESCALATED, Trigger.UPHOLD): State.UPHELD,
    (State.ESCALATED, Trigger.REJECT): State.REJECTED,
    (State.SUBMITTED, Trigger.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Trigger.WITHDRAW): State.WITHDRAWN,
    (State.ESCALATED, Trigger.WITHDRAW): State.WITHDRAWN,
}
CELLS = [(state, trigger) for state in State for trigger in Trigger]
OWN_MOVES = {Trigger.ESCALATE, Trigger.WITHDRAW}
HANDLING = (Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
UNIT = "/1/4/"
OBJECTOR = Actor(9, "objector", "吴霞", 20)
SIGNER = StandingSignature("review", 2, 12, "李强")
REASON = "经复核录音无误"


def facts(state: str, **changes: object) -> ObjectionFacts:
    escalated = state == State.ESCALATED
    return replace(ObjectionFacts(state, 3, UNIT, 20, (SIGNER,), escalated=escalated), **changes)  # type: ignore[arg-type]


def actor(role: Role | None, path: str = UNIT, number: int = 1) -> Actor:
    grants = () if role is None else (Grant(role, path, frozenset({"quality"})),)
    return Actor(number, f"somebody-{number}", f"某人{number}", 10 + number, grants)


def answer(of: ObjectionFacts, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = REASON) -> str:
    decided = decide(trigger, of, MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", HANDLING)
def test_who_signed_nothing_there_decides(state: State, trigger: Trigger, role: Role) -> None:
    expected: str = WAY.get((state, trigger), Reason.WRONG_STATE)
    if trigger in OWN_MOVES:
        expected = Reason.NOT_OBJECTOR
    elif state is State.ESCALATED and role is not Role.ADMINISTRATOR:
        expected = Reason.NO_GRANT
    assert answer(facts(state), trigger, actor(role)) == expected
    assert (explain(trigger, facts(state), actor(role)) is None) is (expected in set(State))


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", [*(set(Role) - set(HANDLING)), None])
def test_nobody_else_moves_it(state: State, trigger: Trigger, role: Role | None) -> None:
    refused = Reason.NOT_OBJECTOR if trigger in OWN_MOVES else Reason.NO_GRANT
    assert answer(facts(state), trigger, actor(role)) == (refused if role is Role.AUDITOR else Reason.NOT_SEEN)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", HANDLING)
def test_who_signed_the_card_decides_nothing(state: State, trigger: Trigger, role: Role) -> None:
    signer = actor(role, number=2)
    expected = Reason.NOT_OBJECTOR if trigger in OWN_MOVES else Reason.SIGNED_THERE
    if state is State.ESCALATED and role is not Role.ADMINISTRATOR and trigger not in OWN_MOVES:
        expected = Reason.NO_GRANT
    assert answer(facts(state), trigger, signer) == expected


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_who_objects_withdraws_and_escalates_and_decides_nothing(state: State, trigger: Trigger) -> None:
    expected = WAY.get((state, trigger), Reason.WRONG_STATE) if trigger in OWN_MOVES else Reason.NO_GRANT
    assert answer(facts(state), trigger, OBJECTOR) == expected
    if trigger not in OWN_MOVES:
        administrator = OBJECTOR.granted(Grant(Role.ADMINISTRATOR))
        assert answer(facts(state), trigger, administrator) == Reason.OWN_OBJECTION


def test_the_handler_or_an_administrator_decides_what_has_been_accepted() -> None:
    accepted = facts(State.ACCEPTED, handler=Party(1, 11, "某人1"), handled_by=(Party(1, 11, "某人1"),))
    assert answer(accepted, Trigger.REJECT, actor(Role.REVIEWER)) == State.REJECTED
    assert answer(accepted, Trigger.REJECT, actor(Role.REVIEWER, number=3)) == Reason.NOT_HANDLER
    assert answer(accepted, Trigger.REJECT, actor(Role.ADMINISTRATOR, number=3)) == State.REJECTED


def test_once_escalated_another_decides() -> None:
    escalated = facts(State.ESCALATED, handled_by=(Party(1, 11, "某人1"),))
    assert answer(escalated, Trigger.UPHOLD, actor(Role.ADMINISTRATOR)) == Reason.HANDLED_BEFORE
    assert answer(escalated, Trigger.UPHOLD, actor(Role.ADMINISTRATOR, number=3)) == State.UPHELD


def test_it_is_escalated_once_and_in_time() -> None:
    for changes, reason in (
        ({"escalated": True, "escalation_over": True}, Reason.ESCALATED_BEFORE),
        ({"escalation_over": True, "escalate_until": date(2026, 9, 8)}, Reason.ESCALATION_LATE),
    ):
        rejected = facts(State.REJECTED, **changes)
        assert answer(rejected, Trigger.ESCALATE, OBJECTOR) == reason
        why = explain(Trigger.ESCALATE, rejected, OBJECTOR)
        assert why is not None
        assert why.reason == reason


def committee(*votes: str | None) -> ObjectionFacts:
    members = tuple(CommitteeMember(n, 10 + n, f"某人{n}", vote) for n, vote in enumerate(votes, start=3))
    return facts(State.ESCALATED, committee=members)


@pytest.mark.parametrize(
    ("votes", "trigger", "target"),
    [
        ((None, None, None), Trigger.UPHOLD, State.ESCALATED),
        ((None, None, None), Trigger.REJECT, State.ESCALATED),
        ((None, "uphold", None), Trigger.UPHOLD, State.UPHELD),
        ((None, "uphold", None), Trigger.REJECT, State.ESCALATED),
        ((None, "reject", None), Trigger.REJECT, State.REJECTED),
        ((None, "reject", "uphold"), Trigger.UPHOLD, State.UPHELD),
        ((None, "reject", "uphold"), Trigger.REJECT, State.REJECTED),
        (("uphold", None, None), Trigger.UPHOLD, Reason.HAS_VOTED),
    ],
)
def test_two_of_the_three_decide(votes: tuple[str | None, ...], trigger: Trigger, target: str) -> None:
    assert answer(committee(*votes), trigger, actor(None, number=3)) == target


def test_where_there_is_a_committee_it_alone_decides() -> None:
    waiting = committee(None, None, None)
    assert answer(waiting, Trigger.UPHOLD, actor(Role.ADMINISTRATOR)) == Reason.NOT_ON_COMMITTEE
    assert answer(waiting, Trigger.ACCEPT, actor(None, number=3)) == Reason.WRONG_STATE
    assert answer(waiting, Trigger.WITHDRAW, OBJECTOR) == State.WITHDRAWN


@pytest.mark.parametrize("state", list(State))
def test_another_administrator_names_the_committee_of_an_escalated_appeal(state: State) -> None:
    def named(who: Actor, of: ObjectionFacts = facts(state)) -> str | None:  # noqa: B008 — frozen
        denied = decide_committee(of, who)
        return denied.reason if denied else None

    expected = None if state is State.ESCALATED else Reason.WRONG_STATE
    assert named(actor(Role.ADMINISTRATOR)) == expected
    assert named(actor(Role.REVIEWER)) == Reason.NO_GRANT
    assert named(actor(Role.HR)) == Reason.NOT_SEEN
    assert named(OBJECTOR.granted(Grant(Role.ADMINISTRATOR))) == Reason.OWN_OBJECTION
    assert named(actor(Role.ADMINISTRATOR), committee(None, None, None)) == Reason.COMMITTEE_NAMED


def test_another_unit_s_does_not_exist() -> None:
    assert answer(facts(State.SUBMITTED), Trigger.ACCEPT, actor(Role.REVIEWER, "/1/5/")) == Reason.NOT_SEEN


def test_a_decision_needs_words_and_the_version_that_was_seen() -> None:
    administrator = actor(Role.ADMINISTRATOR)
    for state, trigger in ((State.ACCEPTED, Trigger.UPHOLD), (State.ACCEPTED, Trigger.REJECT)):
        assert answer(facts(state), trigger, administrator, reason=" 不成立 ") == Reason.REASON_TOO_SHORT
    assert answer(facts(State.REJECTED), Trigger.ESCALATE, OBJECTOR, reason="不服") == Reason.REASON_TOO_SHORT
    assert answer(facts(State.SUBMITTED), Trigger.ACCEPT, administrator, None, None) == Reason.NO_VERSION
    assert answer(facts(State.SUBMITTED), Trigger.ACCEPT, administrator, 2, None) == Reason.STALE
    assert answer(facts(State.SUBMITTED), "answer", administrator) == Reason.UNKNOWN_TRIGGER
