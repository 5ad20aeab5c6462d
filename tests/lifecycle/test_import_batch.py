"""An import goes one way: checked, applied, undone; by whoever brought the file in, or who may for the company."""

import itertools

import pytest

from workflow.errors import Denied, Reason
from workflow.lifecycle.import_batch import ImportFacts, Kind, State, Trigger, decide, offered
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.policy import Actor, Grant, Role

MINE = 7
WAY = {
    (State.UPLOADED, Trigger.VALIDATE): State.VALIDATED,
    (State.VALIDATED, Trigger.VALIDATE): State.VALIDATED,
    (State.VALIDATED, Trigger.APPLY): State.APPLIED,
    (State.APPLIED, Trigger.UNDO): State.UNDONE,
}

MAKERS = {Kind.PEOPLE: {Role.HR}, Kind.MEASUREMENTS: {Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR}}
READERS: dict[Kind, set[Role]] = {Kind.PEOPLE: set(), Kind.MEASUREMENTS: {Role.AUDITOR}}


def actor(role: Role, path: str = "/", account_id: int = MINE) -> Actor:
    return Actor(account_id, "somebody", "某人", grants=(Grant(role, path, frozenset({"quality"})),))


def answer(facts: ImportFacts, trigger: str, who: Actor, seen: int | None = 3) -> str:
    decided = decide(trigger, facts, MoveRequest(who, seen))
    return decided.target if isinstance(decided, Move) else decided.reason


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", list(Trigger))
def test_each_state_has_its_moves_and_no_others(state: State, trigger: Trigger) -> None:
    facts = ImportFacts(Kind.PEOPLE, state, 3, MINE)
    assert answer(facts, trigger, actor(Role.HR)) == WAY.get((state, trigger), Reason.WRONG_STATE)
    assert (trigger in offered(facts, actor(Role.HR))) is ((state, trigger) in WAY)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("role", Role)
def test_every_state_trigger_and_role(kind: Kind, role: Role) -> None:
    for (state, trigger), own in itertools.product(itertools.product(State, Trigger), (True, False)):
        facts = ImportFacts(kind, state, 3, MINE if own else MINE + 1)
        refused = None if role in MAKERS[kind] else Reason.NO_GRANT if own or role in READERS[kind] else Reason.NOT_SEEN
        expected = refused or WAY.get((state, trigger), Reason.WRONG_STATE)
        assert answer(facts, trigger, actor(role)) == expected, (state, trigger, own)


@pytest.mark.parametrize(
    ("kind", "role", "path", "own", "expected"),
    [
        (Kind.PEOPLE, Role.HR, "/1/", True, State.VALIDATED),
        (Kind.PEOPLE, Role.HR, "/", False, State.VALIDATED),
        (Kind.PEOPLE, Role.HR, "/1/", False, Reason.NOT_SEEN),
        (Kind.PEOPLE, Role.PREPARER, "/", True, Reason.NO_GRANT),
        (Kind.PEOPLE, Role.PREPARER, "/", False, Reason.NOT_SEEN),
        (Kind.MEASUREMENTS, Role.RECORDER, "/1/", True, State.VALIDATED),
        (Kind.MEASUREMENTS, Role.ADMINISTRATOR, "/", False, State.VALIDATED),
        (Kind.MEASUREMENTS, Role.AUDITOR, "/", False, Reason.NO_GRANT),
        (Kind.MEASUREMENTS, Role.HR, "/", False, Reason.NOT_SEEN),
    ],
)
def test_whose_it_is_and_how_far_one_s_role_reaches_decide(
    kind: Kind, role: Role, path: str, own: bool, expected: str
) -> None:
    facts = ImportFacts(kind, State.UPLOADED, 3, MINE if own else MINE + 1)
    assert answer(facts, Trigger.VALIDATE, actor(role, path)) == expected


def test_wrong_rows_stop_it_and_so_does_what_rests_on_it() -> None:
    hr = actor(Role.HR)
    wrong = ImportFacts(Kind.PEOPLE, State.VALIDATED, 3, MINE, wrong_rows=2)
    assert decide(Trigger.APPLY, wrong, MoveRequest(hr, 3)) == Denied(Reason.INVALID_INPUT, {"count": 2})
    used = ImportFacts(Kind.PEOPLE, State.APPLIED, 3, MINE, used_by=("E001",))
    assert answer(used, Trigger.UNDO, hr) == Reason.IMPORT_USED


def test_the_version_that_was_seen_counts() -> None:
    facts = ImportFacts(Kind.PEOPLE, State.UPLOADED, 3, MINE)
    assert answer(facts, Trigger.VALIDATE, actor(Role.HR), None) == Reason.NO_VERSION
    assert answer(facts, Trigger.VALIDATE, actor(Role.HR), 2) == Reason.STALE
