"""The scheme version's table in full: signed by different people with company scope, then immutable."""

import itertools
from dataclasses import replace

import pytest

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.scheme_version import LIFECYCLE, SchemeFacts, decide, explain, offered
from workflow.policy import Actor, Grant, Meaning, Role, SchemeState, SchemeTrigger, StandingSignature

PREPARED = StandingSignature("prepare", 91, None, "周明")
REVIEWED = StandingSignature("review", 92, None, "李强")
STANDING = {SchemeState.PREPARED: (PREPARED,), SchemeState.REVIEWED: (PREPARED, REVIEWED)}
ARROWS = {
    ("prepare", "draft", None): ("prepared", Meaning.PREPARE, ()),
    ("review", "prepared", None): ("reviewed", Meaning.REVIEW, ()),
    ("approve", "reviewed", None): ("approved", Meaning.APPROVE, ()),
    ("return", "prepared", None): ("draft", None, (PREPARED,)),
    ("return", "reviewed", None): ("draft", None, (PREPARED, REVIEWED)),
    ("return", "reviewed", "prepared"): ("prepared", None, (REVIEWED,)),
    ("retire", "approved", None): ("retired", None, ()),
}
# One letter a trigger, in the order of SchemeTrigger (source: lifecycle.md); the signatures that stand are others'.
READS, UNSEEN = dict.fromkeys(SchemeState, "xxxxx"), dict.fromkeys(SchemeState, "?????")
TABLE: dict[Role, dict[SchemeState, str]] = {
    Role.ADMINISTRATOR: {
        SchemeState.DRAFT: "+xxxw",
        SchemeState.PREPARED: "wxxxw",
        SchemeState.REVIEWED: "wxxxw",
        SchemeState.APPROVED: "wxxx+",
        SchemeState.RETIRED: "wxxxw",
    },
    Role.REVIEWER: {
        SchemeState.DRAFT: "xwxwx",
        SchemeState.PREPARED: "x+x+x",
        SchemeState.REVIEWED: "xwxxx",
        SchemeState.APPROVED: "xwxwx",
        SchemeState.RETIRED: "xwxwx",
    },
    Role.APPROVER: {
        SchemeState.DRAFT: "xxwwx",
        SchemeState.PREPARED: "xxwxx",
        SchemeState.REVIEWED: "xx++x",
        SchemeState.APPROVED: "xxwwx",
        SchemeState.RETIRED: "xxwwx",
    },
    Role.PREPARER: READS,
    Role.AUDITOR: READS,
    **dict.fromkeys((Role.RECORDER, Role.RATER, Role.HEAD, Role.HR, Role.OPERATOR), UNSEEN),
}
OUTCOMES = {"+": None, "?": Reason.NOT_SEEN, "x": Reason.NO_GRANT, "w": Reason.WRONG_STATE}
SIGNERS = (Grant(Role.ADMINISTRATOR), Grant(Role.REVIEWER), Grant(Role.APPROVER))


def scheme(state: SchemeState) -> SchemeFacts:
    return SchemeFacts(state, 2, STANDING.get(state, ()))


def ask(account: int = 1, grants: tuple[Grant, ...] = SIGNERS, **changes: object) -> MoveRequest:
    actor = Actor(account, "a", "王芳", grants=grants)
    return replace(MoveRequest(actor, 2, reason="分值有误需改", proof="password"), **changes)


def reason(answer: Move | Denied | None) -> Reason | None:
    return answer.reason if isinstance(answer, Denied) else None


@pytest.mark.parametrize(("trigger", "state"), list(itertools.product(SchemeTrigger, SchemeState)))
def test_each_arrow_and_no_other(trigger: SchemeTrigger, state: SchemeState) -> None:
    answer = decide(trigger, scheme(state), ask())
    arrow = ARROWS.get((trigger, state, None))
    if arrow is None:
        assert reason(answer) is Reason.WRONG_STATE
    else:
        assert isinstance(answer, Move)
        assert (answer.target, answer.meaning, answer.voided) == arrow
    assert (trigger in offered(scheme(state), ask().actor)) is (arrow is not None)
    assert (explain(trigger, scheme(state), ask().actor) is None) is (arrow is not None)


@pytest.mark.parametrize("role", Role)
def test_every_state_trigger_and_role(role: Role) -> None:
    for state, row in TABLE[role].items():
        for trigger, letter in zip(SchemeTrigger, row, strict=True):
            answer = decide(trigger, scheme(state), ask(grants=(Grant(role),)))
            assert reason(answer) is OUTCOMES[letter], (state, trigger)


def test_the_approver_may_return_to_the_reviewer() -> None:
    answer = LIFECYCLE.decide("return", scheme(SchemeState.REVIEWED), ask(to="prepared"))
    assert isinstance(answer, Move)
    assert (answer.target, answer.voided) == ("prepared", (REVIEWED,))


def test_the_three_signatures_come_from_different_people() -> None:
    assert reason(decide("review", scheme(SchemeState.PREPARED), ask(91))) is Reason.SAME_SIGNER
    assert reason(decide("approve", scheme(SchemeState.REVIEWED), ask(91))) is Reason.SAME_SIGNER
    assert reason(decide("approve", scheme(SchemeState.REVIEWED), ask(92))) is Reason.SAME_SIGNER


def test_signing_needs_company_scope_unchanged_content_and_a_proof() -> None:
    prepared = scheme(SchemeState.PREPARED)
    assert reason(decide("review", prepared, ask(grants=(Grant(Role.REVIEWER, "/1/"),)))) is Reason.NO_GRANT
    assert reason(decide("review", prepared, ask(grants=(Grant(Role.HR),)))) is Reason.NOT_SEEN
    assert reason(decide("review", prepared, ask(content_matches=False))) is Reason.CONTENT_CHANGED
    assert reason(decide("review", prepared, ask(proof=None))) is Reason.PROOF_NEEDED


def test_a_return_needs_five_characters() -> None:
    assert reason(decide("return", scheme(SchemeState.PREPARED), ask(reason="有误"))) is Reason.REASON_TOO_SHORT


def test_an_unknown_trigger_is_told_only_to_whom_schemes_are_shown() -> None:
    assert reason(decide("promote", scheme(SchemeState.DRAFT), ask())) is Reason.UNKNOWN_TRIGGER
    assert reason(decide("promote", scheme(SchemeState.DRAFT), ask(grants=()))) is Reason.NOT_SEEN
