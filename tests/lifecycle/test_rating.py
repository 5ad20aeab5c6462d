"""The life of a rating: state × trigger × role."""

import pytest

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.rating import LIFECYCLE, RatingFacts, State, Trigger, decide, decide_see, forbidden
from workflow.policy import Actor, Grant, Role

UNIT = "/1/4/"
RATER, APPRAISED = 7, 8
WAY = {
    (State.OPEN, Trigger.RATE): State.GIVEN,
    (State.GIVEN, Trigger.RATE): State.GIVEN,
    (State.OPEN, Trigger.REVOKE): State.REVOKED,
    (State.GIVEN, Trigger.REVOKE): State.REVOKED,
    (State.REVOKED, Trigger.RESTORE): State.OPEN,
}
EVERYBODY = [None, *Role]


def facts(state: State = State.OPEN, hindrance: Denied | None = None) -> RatingFacts:
    return RatingFacts(state, 3, UNIT, RATER, APPRAISED, hindrance)


def actor(role: Role | None, person_id: int | None = None, unit: str = "/") -> Actor:
    return Actor(1, "somebody", "某人", person_id, (Grant(role, unit),) if role else ())


def answer(state: State, trigger: str, who: Actor, version: int | None = 3, reason: str | None = "本月外派学习") -> str:
    decided = decide(trigger, facts(state), MoveRequest(who, version, reason))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("state", list(State))
def test_who_is_asked_rates_and_the_administrator_says_who_is_asked(
    state: State, trigger: Trigger, role: Role | None
) -> None:
    manages = role is Role.ADMINISTRATOR
    way = WAY.get((state, trigger), Reason.WRONG_STATE)
    if trigger is Trigger.RATE:
        assert answer(state, trigger, actor(role)) == (Reason.NOT_YOURS if manages else Reason.NOT_SEEN)
        assert answer(state, trigger, actor(role, RATER)) == way
    else:
        assert answer(state, trigger, actor(role)) == (way if manages else Reason.NOT_SEEN)
        assert answer(state, trigger, actor(role, RATER)) == (way if manages else Reason.NO_GRANT)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("state", list(State))
def test_whom_it_is_about_never_sees_it_whatever_their_role(state: State, trigger: Trigger, role: Role | None) -> None:
    appraised = actor(role, APPRAISED)
    assert answer(state, trigger, appraised) == Reason.NOT_SEEN
    assert decide_see(appraised, facts(state)) == Denied(Reason.NOT_SEEN)


def test_an_administrator_of_other_units_sees_nothing() -> None:
    assert forbidden(Trigger.REVOKE, actor(Role.ADMINISTRATOR, unit="/1/5/"), facts()) == Denied(Reason.NOT_SEEN)
    assert forbidden(Trigger.REVOKE, actor(Role.ADMINISTRATOR, unit=UNIT), facts()) is None


@pytest.mark.parametrize(("state", "trigger"), list(WAY))
def test_nothing_moves_once_the_card_is_prepared(state: State, trigger: Trigger) -> None:
    who = actor(Role.ADMINISTRATOR, RATER)
    hindrance = Denied(Reason.PLAN_CLOSED)
    assert decide(trigger, facts(state, hindrance), MoveRequest(who, 3, "本月外派学习")) == hindrance


def test_revoking_needs_words_and_every_move_the_version_that_was_seen() -> None:
    admin = actor(Role.ADMINISTRATOR)
    assert answer(State.OPEN, Trigger.REVOKE, admin, reason="外派") == Reason.REASON_TOO_SHORT
    assert answer(State.REVOKED, Trigger.RESTORE, admin, reason=None) == State.OPEN
    assert answer(State.OPEN, Trigger.RATE, actor(None, RATER), version=None) == Reason.NO_VERSION
    assert answer(State.OPEN, Trigger.RATE, actor(None, RATER), version=2) == Reason.STALE
    assert answer(State.OPEN, "dance", admin) == Reason.UNKNOWN_TRIGGER


def test_every_state_is_left_or_entered_by_the_table() -> None:
    assert {edge.source for edge in LIFECYCLE.edges} == set(State)
