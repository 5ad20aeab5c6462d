"""A delegation is ended by its holder, its delegate or an administrator of the unit, and by nobody else."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.delegation import DelegationFacts, State, decide, offered
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, DelegatedFacts, Grant, Party, Role

UNIT = "/1/4/"
HOLDER, DELEGATE = Party(1, 11, "李强"), Party(2, None, "孙燕")
SEES = {Role.OPERATOR, Role.AUDITOR}


def somebody(role: Role, path: str = UNIT, holder: Party | None = None) -> Actor:
    return Actor(9, "somebody", "某人", 19, (Grant(role, path, frozenset({"quality"}), holder),))


def answer(actor: Actor, state: str = State.GIVEN, *, trigger: str = "end", role: Role = Role.REVIEWER) -> str:
    facts = DelegationFacts(state, 1, DelegatedFacts(role, UNIT, HOLDER, DELEGATE))
    decided = decide(trigger, facts, MoveRequest(actor, 1))
    assert isinstance(decided, Move) == (offered(facts, actor) == (trigger,))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("actor", [Actor(1, "a", "李强", 11), Actor(7, "b", "李强", 11), Actor(2, "c", "孙燕", 12)])
def test_the_holder_and_the_delegate_end_it_by_whichever_account(actor: Actor) -> None:
    assert answer(actor) == State.ENDED


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("state", "to"), [(State.GIVEN, State.ENDED), (State.ENDED, Reason.WRONG_STATE)])
def test_of_the_others_only_an_administrator_of_the_unit(role: Role, state: State, to: str) -> None:
    expected = Reason.NO_GRANT if role in SEES else Reason.NOT_SEEN
    assert answer(somebody(role), state) == (to if role is Role.ADMINISTRATOR else expected)
    assert answer(somebody(role, "/1/5/"), state) == Reason.NOT_SEEN


def test_an_administrator_acts_here_in_person_and_leaves_what_is_not_the_month_s_work() -> None:
    assert answer(somebody(Role.ADMINISTRATOR, holder=Party(3, 13, "王敏"))) == Reason.NO_GRANT
    assert answer(somebody(Role.ADMINISTRATOR), role=Role.HR) == Reason.ONLY_HOLDER


def test_once() -> None:
    holder = Actor(1, "a", "李强", 11)
    assert answer(holder, State.ENDED) == Reason.WRONG_STATE
    assert answer(holder, trigger="prolong") == Reason.UNKNOWN_TRIGGER
    assert answer(somebody(Role.PREPARER), trigger="prolong") == Reason.NOT_SEEN
