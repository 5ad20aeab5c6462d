"""A report's table in full: every state × trigger × role; signed by three people, then locked, corrected by a revision."""

from dataclasses import replace

import pytest

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.report import LIFECYCLE, decide, decide_edit, explain, supersede
from workflow.policy import Actor, Grant, Meaning, ReportFacts, Role, StandingSignature, State, Trigger
from workflow.policy.reports import decide_report_see

UNIT = "/1/"
SIGNED = (
    StandingSignature("prepare", 91, None, "周明"),
    StandingSignature("review", 92, None, "李强"),
    StandingSignature("approve", 93, None, "王敏"),
)
STANDING = {State.PREPARED: 1, State.REVIEWED: 2, State.APPROVED: 3, State.PUBLISHED: 3, State.SUPERSEDED: 3}
ARROWS = {
    (Trigger.PREPARE, State.DRAFT): (State.PREPARED, Meaning.PREPARE, 0),
    (Trigger.REVIEW, State.PREPARED): (State.REVIEWED, Meaning.REVIEW, 0),
    (Trigger.APPROVE, State.REVIEWED): (State.APPROVED, Meaning.APPROVE, 0),
    (Trigger.RETURN, State.PREPARED): (State.DRAFT, None, 1),
    (Trigger.RETURN, State.REVIEWED): (State.DRAFT, None, 2),
    (Trigger.WITHDRAW, State.PREPARED): (State.DRAFT, None, 1),
    (Trigger.WITHDRAW, State.REVIEWED): (State.PREPARED, None, 1),
    (Trigger.PUBLISH, State.APPROVED): (State.PUBLISHED, None, 0),
    (Trigger.REVISE, State.APPROVED): (State.APPROVED, None, 0),
    (Trigger.REVISE, State.PUBLISHED): (State.PUBLISHED, None, 0),
    (Trigger.VOID, State.DRAFT): (State.VOID, None, 0),
    (Trigger.VOID, State.PREPARED): (State.VOID, None, 0),
    (Trigger.VOID, State.REVIEWED): (State.VOID, None, 0),
}
"""Trigger and state: where it leads, which signature it gives, how many it takes back."""

LOCKED = {State.APPROVED, State.PUBLISHED, State.SUPERSEDED}
FROM_THE_LOCK = {Trigger.PUBLISH, Trigger.REVISE}
SEES = {
    Role.ADMINISTRATOR: set(State),
    Role.AUDITOR: set(State),
    Role.REVIEWER: set(State) - {State.DRAFT, State.VOID},
    Role.APPROVER: set(State) - {State.DRAFT, State.PREPARED, State.VOID},
}
"""In which states a role sees it without being told of it as one of those whom it is about."""

MAY = {
    Role.ADMINISTRATOR: {Trigger.PREPARE, Trigger.WITHDRAW, Trigger.PUBLISH, Trigger.REVISE, Trigger.VOID},
    Role.REVIEWER: {Trigger.REVIEW, Trigger.WITHDRAW, Trigger.RETURN},
    Role.APPROVER: {Trigger.APPROVE, Trigger.WITHDRAW, Trigger.RETURN},
}
RETURNS = {State.PREPARED: Role.REVIEWER, State.REVIEWED: Role.APPROVER}
TRIGGERS = [trigger for trigger in Trigger if trigger is not Trigger.SUPERSEDE]


def report(state: State, **changes: object) -> ReportFacts:
    facts = ReportFacts(
        state, 2, UNIT, SIGNED[: STANDING.get(state, 0)], published=state in {"published", "superseded"}
    )
    return replace(facts, **changes)


def actor(*roles: Role, account: int = 1, path: str = UNIT) -> Actor:
    return Actor(account, "a", "王芳", grants=tuple(Grant(role, path) for role in roles))


def ask(who: Actor, **changes: object) -> MoveRequest:
    return replace(MoveRequest(who, 2, reason="数据有误需改", proof="password"), **changes)


def reason(answer: Move | Denied | None) -> Reason | None:
    return answer.reason if isinstance(answer, Denied) else None


def expected(trigger: Trigger, state: State, role: Role | None) -> Reason | None:
    """The refusal, in the order in which refusals come: seen, permitted, the state."""
    if role is None or state not in SEES.get(role, set()):
        return Reason.NOT_SEEN
    if trigger not in MAY.get(role, set()):
        return Reason.NO_GRANT
    if trigger is Trigger.RETURN and state in RETURNS and RETURNS[state] is not role:
        return Reason.NO_GRANT
    if trigger is Trigger.WITHDRAW and STANDING.get(state):
        return Reason.NOT_NEWEST_SIGNER
    if (trigger, state) in ARROWS:
        return None
    return Reason.LOCKED if state in LOCKED and trigger not in FROM_THE_LOCK else Reason.WRONG_STATE


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_state_trigger_and_role(trigger: Trigger, state: State, role: Role | None) -> None:
    who = actor(*([role] if role else []))
    answer = decide(trigger, report(state), ask(who))
    assert reason(answer) is expected(trigger, state, role)
    assert reason(explain(trigger, report(state), who)) is expected(trigger, state, role)
    if isinstance(answer, Move):
        target, meaning, voided = ARROWS[trigger, state]
        assert (answer.target, answer.meaning, len(answer.voided)) == (target, meaning, voided)
        assert answer.begins == (State.DRAFT if trigger is Trigger.REVISE else None)


@pytest.mark.parametrize("state", list(State))
def test_whom_it_is_about_sees_it_once_published_and_moves_nothing(state: State) -> None:
    shown = {State.PUBLISHED, State.SUPERSEDED}
    seen = decide_report_see(actor(), report(state, told=True))
    assert reason(seen) is (None if state in shown else Reason.NOT_SEEN)
    for trigger in TRIGGERS:
        refused = Reason.NO_GRANT if state in shown else Reason.NOT_SEEN
        assert reason(decide(trigger, report(state, told=True), ask(actor()))) is refused
    replaced_unseen = report(State.SUPERSEDED, told=True, published=False)
    assert reason(decide_report_see(actor(), replaced_unseen)) is Reason.NOT_SEEN


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_who_signed_or_returned_it_goes_on_seeing_it(role: Role) -> None:
    assert decide_report_see(actor(role), report(State.DRAFT, handled=True)) is None
    assert reason(decide_report_see(actor(role, path="/1/4/"), report(State.DRAFT, handled=True))) is Reason.NOT_SEEN


def test_the_newest_signer_alone_withdraws() -> None:
    for state, account, role in (
        (State.PREPARED, 91, Role.ADMINISTRATOR),
        (State.REVIEWED, 92, Role.REVIEWER),
    ):
        answer = decide(Trigger.WITHDRAW, report(state), ask(actor(role, account=account)))
        assert isinstance(answer, Move)
    late = decide(Trigger.WITHDRAW, report(State.APPROVED), ask(actor(Role.APPROVER, account=93)))
    assert reason(late) is Reason.LOCKED


def test_the_approver_may_return_to_the_reviewer() -> None:
    answer = decide(Trigger.RETURN, report(State.REVIEWED), ask(actor(Role.APPROVER), to="prepared"))
    assert isinstance(answer, Move)
    assert (answer.target, answer.voided) == (State.PREPARED, SIGNED[1:2])


def test_the_three_signatures_come_from_different_people() -> None:
    everything = (Role.ADMINISTRATOR, Role.REVIEWER, Role.APPROVER)
    for trigger, state, account in ((Trigger.REVIEW, State.PREPARED, 91), (Trigger.APPROVE, State.REVIEWED, 91)):
        assert reason(decide(trigger, report(state), ask(actor(*everything, account=account)))) is Reason.SAME_SIGNER
    other = decide(Trigger.APPROVE, report(State.REVIEWED), ask(actor(*everything, account=92)))
    assert reason(other) is Reason.SAME_SIGNER


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"seen_version": None}, Reason.NO_VERSION),
        ({"seen_version": 1}, Reason.STALE),
        ({"proof": None}, Reason.PROOF_NEEDED),
        ({"proof_wrong": True}, Reason.PROOF_WRONG),
        ({"content_matches": False}, Reason.CONTENT_CHANGED),
    ],
)
def test_signing_needs_the_version_the_same_content_and_a_proof(changes: dict[str, object], why: Reason) -> None:
    assert reason(decide(Trigger.REVIEW, report(State.PREPARED), ask(actor(Role.REVIEWER), **changes))) is why


def test_it_is_not_prepared_without_words() -> None:
    answer = decide(Trigger.PREPARE, report(State.DRAFT, missing=("directions",)), ask(actor(Role.ADMINISTRATOR)))
    assert isinstance(answer, Denied)
    assert (answer.reason, answer.facts["count"]) == (Reason.INCOMPLETE, 1)


def test_what_takes_something_back_needs_its_reason() -> None:
    for trigger, state, role in (
        (Trigger.RETURN, State.PREPARED, Role.REVIEWER),
        (Trigger.REVISE, State.PUBLISHED, Role.ADMINISTRATOR),
        (Trigger.VOID, State.DRAFT, Role.ADMINISTRATOR),
    ):
        assert reason(decide(trigger, report(state), ask(actor(role), reason=" "))) is Reason.REASON_TOO_SHORT


@pytest.mark.parametrize("state", list(State))
def test_only_a_draft_is_changed_and_only_by_who_writes_it(state: State) -> None:
    writes = reason(decide_edit(report(state), actor(Role.ADMINISTRATOR), 2))
    locked = Reason.LOCKED if state in LOCKED else Reason.WRONG_STATE
    assert writes is (None if state is State.DRAFT else locked)
    assert reason(decide_edit(report(state), actor(Role.AUDITOR), 2)) is Reason.NO_GRANT
    assert reason(decide_edit(report(state), actor(Role.HR), 2)) is Reason.NOT_SEEN
    assert reason(decide_edit(report(state), actor(Role.ADMINISTRATOR, path="/1/4/"), 2)) is Reason.NOT_SEEN
    assert reason(decide_edit(report(state), actor(Role.ADMINISTRATOR), None)) is Reason.NO_VERSION
    assert reason(decide_edit(report(State.DRAFT), actor(Role.ADMINISTRATOR), 1)) is Reason.STALE


@pytest.mark.parametrize("state", list(State))
def test_the_product_alone_supersedes(state: State) -> None:
    assert isinstance(supersede(report(state)), Move) is (state in {State.APPROVED, State.PUBLISHED})
    assert reason(LIFECYCLE.decide(Trigger.SUPERSEDE, report(state), ask(actor(*Role)))) is Reason.UNKNOWN_TRIGGER
