"""An action item is proposed, then confirmed and done, or dismissed with a reason; every state and every role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.action_item import ActionFacts, State, Trigger, decide, decide_see, explain, lapse, offered
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, Grant, Role

WAY = {
    (State.PROPOSED, Trigger.CONFIRM): State.CONFIRMED,
    (State.PROPOSED, Trigger.DISMISS): State.DISMISSED,
    (State.CONFIRMED, Trigger.COMPLETE): State.DONE,
}
ASKED = (Trigger.CONFIRM, Trigger.COMPLETE, Trigger.DISMISS)
UNIT = "/1/4/"
TEXT = "当月已谈话"


def actor(role: Role | None, path: str = UNIT, person_id: int | None = 11) -> Actor:
    grants = () if role is None else (Grant(role, path, frozenset({"quality"})),)
    return Actor(1, "somebody", "某人", person_id, grants)


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = TEXT) -> str:
    decided = decide(trigger, ActionFacts(state, 3, UNIT, person_id=20), MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", ASKED)
@pytest.mark.parametrize("role", [Role.HEAD, Role.HR])
def test_each_state_has_its_moves_and_no_others(state: State, trigger: Trigger, role: Role) -> None:
    assert answer(state, trigger, actor(role)) == WAY.get((state, trigger), Reason.WRONG_STATE)
    facts = ActionFacts(state, 3, UNIT, person_id=20)
    assert (trigger in offered(facts, actor(role))) is ((state, trigger) in WAY)
    assert (explain(trigger, facts, actor(role)) is None) is ((state, trigger) in WAY)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("role", [*(set(Role) - {Role.HEAD, Role.HR}), None])
def test_nobody_else_moves_it(state: State, trigger: Trigger, role: Role | None) -> None:
    sees = role in {Role.ADMINISTRATOR, Role.AUDITOR}
    assert answer(state, trigger, actor(role)) == (Reason.NO_GRANT if sees else Reason.NOT_SEEN)
    assert offered(ActionFacts(state, 3, UNIT, person_id=20), actor(role)) == ()


@pytest.mark.parametrize("state", list(State))
def test_only_the_product_lets_a_proposal_lapse(state: State) -> None:
    assert answer(state, Trigger.LAPSE, actor(Role.HR)) == Reason.UNKNOWN_TRIGGER
    decided = lapse(ActionFacts(state, 3, UNIT))
    expected = State.DISMISSED if state is State.PROPOSED else Reason.WRONG_STATE
    assert (decided.target if isinstance(decided, Move) else decided.reason) == expected


def test_whom_it_concerns_sees_it_and_does_not_decide() -> None:
    facts = ActionFacts(State.PROPOSED, 3, UNIT, person_id=11)
    assert decide_see(actor(None), facts) is None
    assert answer_of(facts, actor(None)) == Reason.NO_GRANT
    assert answer_of(facts, actor(Role.HEAD)) == Reason.OWN_ACTION
    assert answer_of(facts, actor(Role.HR, "/")) == Reason.OWN_ACTION


def test_another_unit_s_does_not_exist() -> None:
    assert answer(State.PROPOSED, Trigger.CONFIRM, actor(Role.HEAD, "/1/5/")) == Reason.NOT_SEEN


def test_a_dismissal_and_the_record_of_what_was_done_need_words() -> None:
    for state, trigger in ((State.PROPOSED, Trigger.DISMISS), (State.CONFIRMED, Trigger.COMPLETE)):
        assert answer(state, trigger, actor(Role.HR), reason="  谈过  ") == Reason.REASON_TOO_SHORT
        assert answer(state, trigger, actor(Role.HR), reason="已经谈过话") == WAY[state, trigger]
    assert answer(State.PROPOSED, Trigger.CONFIRM, actor(Role.HR), reason=None) == State.CONFIRMED


def test_the_version_that_was_seen_counts() -> None:
    assert answer(State.PROPOSED, Trigger.CONFIRM, actor(Role.HR), None) == Reason.NO_VERSION
    assert answer(State.PROPOSED, Trigger.CONFIRM, actor(Role.HR), 2) == Reason.STALE


def answer_of(facts: ActionFacts, who: Actor) -> str:
    decided = decide(Trigger.CONFIRM, facts, MoveRequest(who, 3))
    return decided.target if isinstance(decided, Move) else decided.reason
