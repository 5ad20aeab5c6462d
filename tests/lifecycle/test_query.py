"""A query is answered by anyone responsible and closed by who asked; every state, trigger and role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.query import State, Trigger, decide, explain
from workflow.policy import Actor, Grant, ObjectionFacts, Role, StandingSignature

WAY = {(State.SUBMITTED, Trigger.ANSWER): State.ANSWERED, (State.ANSWERED, Trigger.CLOSE): State.CLOSED}
ANSWERING = (Role.PREPARER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
CELLS = [(state, trigger) for state in State for trigger in Trigger]
UNIT = "/1/4/"
ASKER = Actor(9, "asker", "吴霞", 20)


def facts(state: str) -> ObjectionFacts:
    return ObjectionFacts(state, 3, UNIT, person_id=20, signers=(StandingSignature("review", 1, 11, "李强"),))


def actor(role: Role | None, path: str = UNIT) -> Actor:
    return Actor(1, "somebody", "李强", 11, () if role is None else (Grant(role, path, frozenset({"quality"})),))


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = "录音在质检室") -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", ANSWERING)
def test_anyone_responsible_answers_who_signed_too(state: State, trigger: Trigger, role: Role) -> None:
    to = WAY.get((state, trigger), Reason.WRONG_STATE)
    assert answer(state, trigger, actor(role)) == (Reason.NOT_OBJECTOR if trigger is Trigger.CLOSE else to)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", [*(set(Role) - set(ANSWERING)), None])
def test_nobody_else_moves_it(state: State, trigger: Trigger, role: Role | None) -> None:
    refused = Reason.NOT_OBJECTOR if trigger is Trigger.CLOSE else Reason.NO_GRANT
    assert answer(state, trigger, actor(role)) == (refused if role is Role.AUDITOR else Reason.NOT_SEEN)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_who_asked_closes_it_and_never_answers(state: State, trigger: Trigger) -> None:
    to = WAY.get((state, trigger), Reason.WRONG_STATE)
    assert answer(state, trigger, ASKER) == (Reason.NO_GRANT if trigger is Trigger.ANSWER else to)
    preparing = ASKER.granted(Grant(Role.PREPARER, UNIT))
    assert answer(state, Trigger.ANSWER, preparing) == Reason.OWN_OBJECTION
    assert (explain(trigger, facts(state), ASKER) is None) is (answer(state, trigger, ASKER) in set(State))


def test_another_unit_s_does_not_exist() -> None:
    assert answer(State.SUBMITTED, Trigger.ANSWER, actor(Role.PREPARER, "/1/5/")) == Reason.NOT_SEEN


def test_an_answer_needs_words_and_the_version_that_was_seen() -> None:
    responsible = actor(Role.PREPARER)
    assert answer(State.SUBMITTED, Trigger.ANSWER, responsible, reason=" 对的 ") == Reason.REASON_TOO_SHORT
    assert answer(State.SUBMITTED, Trigger.ANSWER, responsible, None) == Reason.NO_VERSION
    assert answer(State.SUBMITTED, Trigger.ANSWER, responsible, 2) == Reason.STALE
    assert answer(State.SUBMITTED, "uphold", responsible) == Reason.UNKNOWN_TRIGGER
    assert answer(State.ANSWERED, Trigger.CLOSE, ASKER, reason=None) == State.CLOSED
