"""An improvement plan is agreed, carried out and judged; every state, every move, every role."""

import pytest

from workflow.errors import Reason
from workflow.lifecycle.improvement import (
    BY_THE_OWNER,
    ImprovementFacts,
    State,
    Trigger,
    decide,
    decide_see,
    explain,
    forbidden,
)
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, Grant, Role

WAY = {
    (State.DRAFT, Trigger.AGREE): State.AGREED,
    (State.AGREED, Trigger.START): State.IN_PROGRESS,
    (State.IN_PROGRESS, Trigger.NOTE): State.IN_PROGRESS,
    (State.IN_PROGRESS, Trigger.FINISH): State.DONE,
    (State.DONE, Trigger.EVALUATE): State.EVALUATED,
}
UNIT = "/1/4/"
TEXT = "差错率已下降"
PERSON, OWNER, STRANGER = 20, 30, 11


def actor(role: Role | None, path: str = UNIT, person_id: int | None = STRANGER) -> Actor:
    grants = () if role is None else (Grant(role, path, frozenset({"quality"})),)
    return Actor(1, "somebody", "某人", person_id, grants)


def facts(state: str, missing: tuple[str, ...] = ()) -> ImprovementFacts:
    return ImprovementFacts(state, 3, UNIT, person_id=PERSON, owner_id=OWNER, missing=missing)


def answer(state: str, trigger: str, who: Actor, seen: int | None = 3, reason: str | None = TEXT) -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, seen, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("role", [Role.HEAD, Role.HR])
def test_each_state_has_its_moves_and_no_others(state: State, trigger: Trigger, role: Role) -> None:
    assert answer(state, trigger, actor(role)) == WAY.get((state, trigger), Reason.WRONG_STATE)
    assert (explain(trigger, facts(state), actor(role)) is None) is ((state, trigger) in WAY)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("role", [*(set(Role) - {Role.HEAD, Role.HR}), None])
def test_nobody_else_moves_it(state: State, trigger: Trigger, role: Role | None) -> None:
    sees = role in {Role.ADMINISTRATOR, Role.AUDITOR}
    assert answer(state, trigger, actor(role)) == (Reason.NO_GRANT if sees else Reason.NOT_SEEN)
    assert explain(trigger, facts(state), actor(role)) is not None


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
def test_who_carries_it_out_tells_its_progress_and_neither_agrees_to_it_nor_judges_it(
    state: State, trigger: Trigger
) -> None:
    expected = WAY.get((state, trigger), Reason.WRONG_STATE) if trigger in BY_THE_OWNER else Reason.NO_GRANT
    assert answer(state, trigger, actor(None, person_id=OWNER)) == expected


@pytest.mark.parametrize("trigger", list(Trigger))
def test_whom_it_is_for_sees_it_and_does_not_move_it(trigger: Trigger) -> None:
    assert decide_see(actor(None, person_id=PERSON), facts(State.DRAFT)) is None
    assert answer(State.DRAFT, trigger, actor(None, person_id=PERSON)) == Reason.NO_GRANT


def test_nobody_agrees_to_a_plan_for_themselves_or_judges_their_own_effect() -> None:
    assert answer(State.DRAFT, Trigger.AGREE, actor(Role.HEAD, person_id=PERSON)) == Reason.OWN_ACTION
    assert answer(State.DRAFT, Trigger.AGREE, actor(Role.HEAD, person_id=OWNER)) == State.AGREED
    for person in (PERSON, OWNER):
        assert answer(State.DONE, Trigger.EVALUATE, actor(Role.HR, "/", person)) == Reason.OWN_ACTION


def test_another_unit_s_does_not_exist() -> None:
    refused = forbidden(Trigger.AGREE, facts(State.DRAFT), actor(Role.HEAD, "/1/5/"))
    assert refused is not None
    assert refused.reason is Reason.NOT_SEEN


def test_an_effect_is_judged_once_both_values_are_there() -> None:
    waiting = facts(State.DONE, missing=("2026-12",))
    decided = decide(Trigger.EVALUATE, waiting, MoveRequest(actor(Role.HR), 3, TEXT))
    assert not isinstance(decided, Move)
    assert (decided.reason, decided.facts["items"]) == (Reason.INCOMPLETE, "2026-12")
    assert explain(Trigger.EVALUATE, waiting, actor(Role.HR)) == decided
    stale = decide(Trigger.EVALUATE, waiting, MoveRequest(actor(Role.HR), 2, TEXT))
    assert not isinstance(stale, Move)
    assert stale.reason is Reason.STALE


def test_progress_end_and_judgement_need_words() -> None:
    for state, trigger in ((State.IN_PROGRESS, Trigger.NOTE), (State.IN_PROGRESS, Trigger.FINISH)):
        assert answer(state, trigger, actor(Role.HR), reason="  好转  ") == Reason.REASON_TOO_SHORT
    assert answer(State.DONE, Trigger.EVALUATE, actor(Role.HR), reason=None) == Reason.REASON_TOO_SHORT
    assert answer(State.DRAFT, Trigger.AGREE, actor(Role.HR), reason=None) == State.AGREED


def test_the_version_that_was_seen_counts() -> None:
    assert answer(State.DRAFT, Trigger.AGREE, actor(Role.HR), None) == Reason.NO_VERSION
    assert answer(State.DRAFT, Trigger.AGREE, actor(Role.HR), 2) == Reason.STALE
