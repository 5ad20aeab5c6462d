"""An interview record is read by the person and otherwise only corrected; every state, every move, every role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.interview import InterviewFacts, State, Trigger, decide, decide_see, explain
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, Grant, Party, Role

WAY = {
    (State.RECORDED, Trigger.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.DECLINED, Trigger.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.CORRECTED, Trigger.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.RECORDED, Trigger.DECLINE): State.DECLINED,
    (State.CORRECTED, Trigger.DECLINE): State.DECLINED,
    **{(state, Trigger.CORRECT): State.CORRECTED for state in State},
}
UNIT = "/1/4/"
PERSON, STRANGER = 20, 11
TEXT = "日期应为十月九日"
WRITERS = {Role.HEAD, Role.HR}


def actor(*roles: Role, path: str = UNIT, person_id: int | None = STRANGER, holder: Party | None = None) -> Actor:
    grants = tuple(Grant(role, path, frozenset({"quality"}), holder) for role in roles)
    return Actor(1, "somebody", "某人", person_id, grants)


def facts(state: str) -> InterviewFacts:
    return InterviewFacts(state, 3, UNIT, PERSON)


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = TEXT) -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("role", [*Role, None])
def test_every_state_trigger_and_role(state: State, trigger: Trigger, role: Role | None) -> None:
    who = actor(*([role] if role else []))
    if role not in {*WRITERS, Role.ADMINISTRATOR, Role.AUDITOR}:
        expected: str = Reason.NOT_SEEN
    elif trigger is Trigger.ACKNOWLEDGE:
        expected = Reason.NOT_YOURS
    else:
        expected = WAY.get((state, trigger), Reason.WRONG_STATE) if role in WRITERS else Reason.NO_GRANT
    assert answer(state, trigger, who) == expected
    assert (explain(trigger, facts(state), who) is None) is (expected in set(State))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
def test_the_person_marks_it_as_read_and_changes_nothing_in_it(state: State, trigger: Trigger) -> None:
    own = {Trigger.ACKNOWLEDGE: WAY.get((state, trigger), Reason.WRONG_STATE)}
    assert answer(state, trigger, actor(person_id=PERSON), reason=TEXT) == own.get(trigger, Reason.NO_GRANT)
    as_head = {Trigger.ACKNOWLEDGE: own[Trigger.ACKNOWLEDGE]}
    assert answer(state, trigger, actor(Role.HEAD, person_id=PERSON)) == as_head.get(trigger, Reason.OWN_ACTION)


def test_nobody_writes_in_it_for_the_person_with_whom_was_spoken() -> None:
    delegate = actor(Role.HEAD, holder=Party(2, PERSON, "吴霞"))
    assert answer(State.RECORDED, Trigger.CORRECT, delegate) == Reason.NO_GRANT


def test_another_unit_s_does_not_exist() -> None:
    denied = decide_see(actor(Role.HEAD, path="/1/5/"), facts(State.RECORDED))
    assert denied is not None
    assert denied.reason is Reason.NOT_SEEN


def test_words_are_needed_but_for_reading_and_the_version_that_was_seen_counts() -> None:
    hr = actor(Role.HR)
    for trigger in (Trigger.DECLINE, Trigger.CORRECT):
        assert answer(State.RECORDED, trigger, hr, reason="  拒签  ") == Reason.REASON_TOO_SHORT
    assert answer(State.RECORDED, Trigger.ACKNOWLEDGE, actor(person_id=PERSON), reason=None) == State.ACKNOWLEDGED
    assert answer(State.RECORDED, Trigger.CORRECT, hr, seen=None) == Reason.NO_VERSION
    assert answer(State.RECORDED, Trigger.CORRECT, hr, seen=2) == Reason.STALE
