"""A ledger entry is recorded, read or questioned, answered, or voided; every state × trigger × role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.ledger_entry import (
    LedgerFacts,
    State,
    Trigger,
    decide,
    decide_record,
    decide_see,
    drop,
    explain,
)
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, Grant, Role

UNIT = "/1/4/"
PERSON, OTHER = 20, 11
WAY = {
    (State.RECORDED, Trigger.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ANSWERED, Trigger.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.RECORDED, Trigger.QUESTION): State.QUESTIONED,
    (State.ACKNOWLEDGED, Trigger.QUESTION): State.QUESTIONED,
    (State.ANSWERED, Trigger.QUESTION): State.QUESTIONED,
    (State.QUESTIONED, Trigger.ANSWER): State.ANSWERED,
    **{(state, Trigger.VOID): State.VOID for state in State if state is not State.VOID},
}
PERSONS = (Trigger.ACKNOWLEDGE, Trigger.QUESTION)
MAY = {
    Trigger.ANSWER: {Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR},
    Trigger.VOID: {Role.RECORDER, Role.PREPARER},
}
SEES = {Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR, Role.AUDITOR}
EVERYBODY = [*Role, None]


def actor(role: Role | None, path: str = UNIT, person_id: int | None = OTHER, item: str = "quality") -> Actor:
    grants = () if role is None else (Grant(role, path, frozenset({item})),)
    return Actor(1, "somebody", "某人", person_id, grants)


def facts(state: str = State.RECORDED, **changed: object) -> LedgerFacts:
    return LedgerFacts(
        **{"state": state, "version": 3, "unit_path": UNIT, "item": "quality", "person_id": PERSON} | changed
    )  # type: ignore[arg-type]


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = "不是本人") -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("trigger", [Trigger.ANSWER, Trigger.VOID])
@pytest.mark.parametrize("state", list(State))
def test_who_is_responsible_answers_and_voids_where_the_state_allows(
    state: State, trigger: Trigger, role: Role | None
) -> None:
    expected = WAY.get((state, trigger), Reason.WRONG_STATE)
    if role not in MAY[trigger]:
        expected = Reason.NO_GRANT if role in SEES else Reason.NOT_SEEN
    assert answer(state, trigger, actor(role)) == expected
    assert (explain(trigger, facts(state), actor(role)) is None) is (expected in set(State))


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("trigger", PERSONS)
@pytest.mark.parametrize("state", list(State))
def test_only_whom_it_concerns_reads_and_questions(state: State, trigger: Trigger, role: Role | None) -> None:
    assert answer(state, trigger, actor(role)) == (Reason.NOT_YOURS if role in SEES else Reason.NOT_SEEN)
    concerned = actor(role, person_id=PERSON)
    assert answer(state, trigger, concerned) == WAY.get((state, trigger), Reason.WRONG_STATE)


@pytest.mark.parametrize("trigger", [Trigger.ANSWER, Trigger.VOID])
@pytest.mark.parametrize("role", [Role.RECORDER, Role.PREPARER])
def test_nobody_answers_or_voids_what_concerns_themselves(trigger: Trigger, role: Role) -> None:
    assert answer(State.QUESTIONED, trigger, actor(role, person_id=PERSON)) == Reason.OWN_ACTION
    assert answer(State.QUESTIONED, trigger, actor(None, person_id=PERSON)) == Reason.NO_GRANT


@pytest.mark.parametrize("state", list(State))
def test_only_the_product_voids_an_entry_with_the_card_that_counts_it(state: State) -> None:
    assert answer(state, Trigger.DROP, actor(Role.RECORDER)) == Reason.UNKNOWN_TRIGGER
    decided = drop(facts(state))
    expected = Reason.WRONG_STATE if state is State.VOID else State.VOID
    assert (decided.target if isinstance(decided, Move) else decided.reason) == expected


def test_what_a_signed_card_counts_is_not_voided_past_it() -> None:
    counted = facts(counted_on="2026-10-0007")
    request = MoveRequest(actor(Role.RECORDER), 3, "记错了人")
    decided = decide(Trigger.VOID, counted, request)
    assert not isinstance(decided, Move)
    assert (decided.reason, decided.facts) == (Reason.ENTRY_COUNTED, {"card": "2026-10-0007"})
    assert explain(Trigger.VOID, counted, actor(Role.RECORDER)) == decided


def test_a_recorder_has_to_do_with_the_own_items_of_the_own_units_alone() -> None:
    assert decide_see(actor(Role.RECORDER, item="floor"), facts()) is not None
    assert decide_see(actor(Role.RECORDER, "/1/5/"), facts()) is not None
    assert decide_record(actor(Role.RECORDER), "quality", UNIT, PERSON) is None
    for who, reason in (
        (actor(Role.RECORDER, item="floor"), Reason.NO_GRANT),
        (actor(Role.ADMINISTRATOR), Reason.NO_GRANT),
        (actor(Role.RECORDER, person_id=PERSON), Reason.OWN_ACTION),
    ):
        denied = decide_record(who, "quality", UNIT, PERSON)
        assert denied is not None
        assert denied.reason == reason


def test_whom_it_concerns_sees_it_once_it_is_shown() -> None:
    concerned = actor(None, person_id=PERSON)
    assert decide_see(concerned, facts()) is None
    hidden = decide_see(concerned, facts(shown=False))
    assert hidden is not None
    assert hidden.reason == Reason.NOT_SEEN


def test_questions_answers_and_voiding_need_words() -> None:
    concerned = actor(None, person_id=PERSON)
    assert answer(State.RECORDED, Trigger.QUESTION, concerned, reason=" ") == Reason.REASON_TOO_SHORT
    assert answer(State.QUESTIONED, Trigger.ANSWER, actor(Role.RECORDER), reason=None) == Reason.REASON_TOO_SHORT
    assert answer(State.QUESTIONED, Trigger.VOID, actor(Role.RECORDER), reason="") == Reason.REASON_TOO_SHORT
    assert answer(State.RECORDED, Trigger.ACKNOWLEDGE, concerned, reason=None) == State.ACKNOWLEDGED


def test_the_version_that_was_seen_counts() -> None:
    assert answer(State.RECORDED, Trigger.VOID, actor(Role.RECORDER), None) == Reason.NO_VERSION
    assert answer(State.RECORDED, Trigger.VOID, actor(Role.RECORDER), 2) == Reason.STALE
