"""A signer's question is answered by a preparer or taken back by who asked; every state, trigger and role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.question import State, Trigger, decide, explain
from workflow.policy import Actor, CardFacts, Grant, Party, QuestionFacts, Role, decide_ask
from workflow.policy import State as CardState

WAY = {(State.ASKED, Trigger.ANSWER): State.ANSWERED, (State.ASKED, Trigger.WITHDRAW): State.WITHDRAWN}
CELLS = [(state, trigger) for state in State for trigger in Trigger]
READING = {Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR}
UNIT = "/1/4/"
ASKER = Actor(9, "asker", "李强", 21, (Grant(Role.REVIEWER, UNIT),))
APPRAISED = 20


def card(state: str = CardState.REVIEWED) -> CardFacts:
    return CardFacts(state, 5, UNIT, APPRAISED)


def facts(state: str) -> QuestionFacts:
    return QuestionFacts(state, 3, Party(9, 21, "李强"), card())


def actor(role: Role | None, path: str = UNIT, person_id: int = 11) -> Actor:
    return Actor(1, "somebody", "陈静", person_id, () if role is None else (Grant(role, path, frozenset({"quality"})),))


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, text: str | None = "见凭证二") -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, seen, text))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_a_preparer_answers_and_takes_nothing_back(state: State, trigger: Trigger) -> None:
    to = WAY.get((state, trigger), Reason.WRONG_STATE)
    assert answer(state, trigger, actor(Role.PREPARER)) == (Reason.NOT_ASKER if trigger is Trigger.WITHDRAW else to)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
@pytest.mark.parametrize("role", [*(set(Role) - {Role.PREPARER}), None])
def test_nobody_else_moves_it(state: State, trigger: Trigger, role: Role | None) -> None:
    refused = Reason.NOT_ASKER if trigger is Trigger.WITHDRAW else Reason.NO_GRANT
    assert answer(state, trigger, actor(role)) == (refused if role in READING else Reason.NOT_SEEN)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_who_asked_takes_it_back_and_never_answers(state: State, trigger: Trigger) -> None:
    to = WAY.get((state, trigger), Reason.WRONG_STATE)
    assert answer(state, trigger, ASKER) == (Reason.NO_GRANT if trigger is Trigger.ANSWER else to)
    assert answer(state, Trigger.ANSWER, ASKER.granted(Grant(Role.PREPARER, UNIT))) == Reason.OWN_QUESTION
    assert (explain(trigger, facts(state), ASKER) is None) is (answer(state, trigger, ASKER) in set(State))


def test_whom_the_card_appraises_never_reads_it() -> None:
    assert answer(State.ASKED, Trigger.ANSWER, actor(Role.PREPARER, person_id=APPRAISED)) == Reason.NOT_SEEN


def test_another_unit_s_does_not_exist() -> None:
    assert answer(State.ASKED, Trigger.ANSWER, actor(Role.PREPARER, "/1/5/")) == Reason.NOT_SEEN


def test_an_answer_needs_words_and_the_version_that_was_seen() -> None:
    preparer = actor(Role.PREPARER)
    assert answer(State.ASKED, Trigger.ANSWER, preparer, text=" 有 ") == Reason.REASON_TOO_SHORT
    assert answer(State.ASKED, Trigger.ANSWER, preparer, None) == Reason.NO_VERSION
    assert answer(State.ASKED, Trigger.ANSWER, preparer, 2) == Reason.STALE
    assert answer(State.ASKED, "dance", preparer) == Reason.UNKNOWN_TRIGGER


@pytest.mark.parametrize(
    ("state", "role", "refused"),
    [
        (CardState.PREPARED, Role.REVIEWER, None),
        (CardState.REVIEWED, Role.APPROVER, None),
        (CardState.REVIEWED, Role.REVIEWER, Reason.NO_GRANT),
        (CardState.PREPARED, Role.PREPARER, Reason.NO_GRANT),
        (CardState.PREPARED, Role.ADMINISTRATOR, Reason.NO_GRANT),
        (CardState.PREPARED, Role.APPROVER, Reason.NOT_SEEN),
        (CardState.PREPARED, Role.RECORDER, Reason.NOT_SEEN),
    ],
)
def test_who_could_return_the_card_may_ask(state: str, role: Role, refused: Reason | None) -> None:
    denied = decide_ask(actor(role), CardFacts(state, 5, UNIT, APPRAISED, items=frozenset({"quality"})))
    assert (denied and denied.reason) == refused


def test_nobody_asks_about_their_own_card() -> None:
    denied = decide_ask(actor(Role.REVIEWER, person_id=APPRAISED), card(CardState.PREPARED))
    assert denied is not None
    assert denied.reason == Reason.OWN_CARD
