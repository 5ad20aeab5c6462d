"""A standing or a level is voided by HR with a reason, never changed, and by nobody for themselves."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.personnel import EntryFacts, State, decide, offered
from workflow.policy import Actor, Grant, Role

UNIT = "/1/4/"
SEES = {Role.PREPARER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR, Role.HEAD, Role.AUDITOR}


def actor(role: Role | None, path: str = UNIT, person_id: int | None = 11) -> Actor:
    grants = () if role is None else (Grant(role, path, frozenset({"quality"})),)
    return Actor(1, "somebody", "某人", person_id, grants)


def answer(
    who: Actor, state: str = State.VALID, reason: str = "录入有误", *, person: int = 20, trigger: str = "void"
) -> str:
    decided = decide(trigger, EntryFacts(state, 1, UNIT, person), MoveRequest(who, 1, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("role", [*Role, None])
def test_only_hr_voids(role: Role | None) -> None:
    if role is Role.HR:
        assert answer(actor(role), reason="录入日期有误") == State.VOID
        assert offered(EntryFacts(State.VALID, 1, UNIT, 20), actor(role)) == ("void",)
        assert answer(actor(role), State.VOID, "录入日期有误") == Reason.WRONG_STATE
    else:
        for state in State:
            assert answer(actor(role), state) == (Reason.NO_GRANT if role in SEES else Reason.NOT_SEEN)
        assert offered(EntryFacts(State.VALID, 1, UNIT, 20), actor(role)) == ()


def test_nobody_voids_their_own() -> None:
    assert answer(actor(Role.HR), person=11) == Reason.OWN_ACTION
    assert answer(actor(None), person=11) == Reason.NO_GRANT


def test_once_with_a_reason_and_not_again() -> None:
    assert answer(actor(Role.HR), reason="误录") == Reason.REASON_TOO_SHORT
    assert answer(actor(Role.HR), State.VOID, "录入日期有误") == Reason.WRONG_STATE
    assert answer(actor(Role.HR), reason="录入日期有误", trigger="change") == Reason.UNKNOWN_TRIGGER


def test_another_unit_s_does_not_exist() -> None:
    assert answer(actor(Role.HR, "/1/5/")) == Reason.NOT_SEEN
