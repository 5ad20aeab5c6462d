"""The scorecard's table in full, the order of its refusals, and what each move carries."""

import itertools
from dataclasses import replace

import pytest

from workflow.errors import Denied, ErrorCode, Reason
from workflow.lifecycle.scorecard import (
    EDITABLE,
    LIFECYCLE,
    LOCKED,
    Meaning,
    Move,
    MoveRequest,
    State,
    Trigger,
    decide,
    decide_acknowledgement,
    decide_edit,
    explain,
    offered,
    supersede,
)
from workflow.policy import Actor, CardFacts, Grant, Role, StandingSignature
from workflow.wording import Language

REASON = "数据有误需更正"
PREPARED = StandingSignature("prepare", 91, 191, "王芳")
REVIEWED = StandingSignature("review", 92, 192, "李强")


def who(*roles: Role, account: int = 1) -> Actor:
    return Actor(account, "a", "周明", account + 100, tuple(Grant(role) for role in roles))


# More than an account may hold, so that only the lifecycle refuses.
ANYBODY = who(Role.PREPARER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
WANG = who(Role.PREPARER, account=91)
LI = who(Role.REVIEWER, account=92)


def card(state: State, *signatures: StandingSignature, missing: tuple[str, ...] = ()) -> CardFacts:
    return CardFacts(state, 7, "/1/4/", 70, signatures, missing=missing)


def ask(actor: Actor = ANYBODY, **changes: object) -> MoveRequest:
    return replace(MoveRequest(actor, 7, reason=REASON, proof="password"), **changes)


def code(answer: Move | Denied | None) -> ErrorCode | None:
    return answer.code if isinstance(answer, Denied) else None


def reason(answer: Move | Denied | None) -> Reason | None:
    return answer.reason if isinstance(answer, Denied) else None


# Every arrow of the table in lifecycle.md: (trigger, from, `to` asked for) → (state afterwards, signature given, voided).
ARROWS = {
    ("prepare", "draft", None): ("prepared", Meaning.PREPARE, ()),
    ("withdraw", "prepared", None): ("draft", None, (PREPARED,)),
    ("withdraw", "reviewed", None): ("prepared", None, (REVIEWED,)),
    ("review", "prepared", None): ("reviewed", Meaning.REVIEW, ()),
    ("approve", "reviewed", None): ("approved", Meaning.APPROVE, ()),
    ("return", "prepared", None): ("draft", None, (PREPARED,)),
    ("return", "prepared", "draft"): ("draft", None, (PREPARED,)),
    ("return", "reviewed", None): ("draft", None, (PREPARED, REVIEWED)),
    ("return", "reviewed", "draft"): ("draft", None, (PREPARED, REVIEWED)),
    ("return", "reviewed", "prepared"): ("prepared", None, (REVIEWED,)),
    ("publish", "approved", None): ("published", None, ()),
    ("revise", "approved", None): ("approved", None, ()),
    ("revise", "published", None): ("published", None, ()),
    ("void", "draft", None): ("void", None, ()),
    ("void", "prepared", None): ("void", None, ()),
    ("void", "reviewed", None): ("void", None, ()),
}
STANDING = {State.PREPARED: (PREPARED,), State.REVIEWED: (PREPARED, REVIEWED)}


@pytest.mark.parametrize(
    ("trigger", "state", "to"),
    [
        (trigger, state, to)
        for trigger, state in itertools.product(Trigger, State)
        for to in (None, "draft", "prepared")
    ],
)
def test_each_arrow_and_no_other(trigger: str, state: State, to: str | None) -> None:
    answer = LIFECYCLE.decide(trigger, card(state, *STANDING.get(state, ())), ask(to=to))
    arrow = ARROWS.get((trigger, state, to))
    if to is not None and trigger != "return" and isinstance(answer, Move):
        assert answer.target == to  # naming the only target there is changes nothing
        arrow = ARROWS[trigger, state, None]
    if arrow is None:
        assert isinstance(answer, Denied)
        return
    assert isinstance(answer, Move)
    assert (answer.trigger, answer.source) == (trigger, state)
    assert (answer.target, answer.meaning, answer.voided) == arrow
    assert answer.begins == ("draft" if trigger == "revise" else None)


@pytest.mark.parametrize("state", State)
def test_the_system_supersedes_what_was_approved(state: State) -> None:
    answer = supersede(card(state))
    if state in {"approved", "published"}:
        assert answer == Move("supersede", state, "superseded")
    else:
        assert code(answer) is ErrorCode.WRONG_STATE


def test_which_states_are_locked_and_which_take_inputs() -> None:
    assert {"approved", "published", "superseded"} == LOCKED
    assert {"draft"} == EDITABLE


@pytest.mark.parametrize("state", LOCKED)
@pytest.mark.parametrize("trigger", ["prepare", "withdraw", "review", "approve", "return", "void"])
def test_from_approval_on_every_other_move_is_locked(state: State, trigger: str) -> None:
    assert code(LIFECYCLE.decide(trigger, card(state), ask())) is ErrorCode.LOCKED


def test_refusals_come_in_the_fixed_order() -> None:
    """Everything is wrong at first; mending one thing after the other brings the next refusal."""
    facts = card(State.APPROVED, missing=("quality",))
    request = MoveRequest(who(Role.AUDITOR), None)
    assert reason(decide("prepare", replace(facts, unit_path="/2/"), replace(request, actor=who()))) is Reason.NOT_SEEN
    assert reason(decide("prepare", facts, request)) is Reason.NO_GRANT
    request = replace(request, actor=ANYBODY)
    assert reason(decide("prepare", facts, request)) is Reason.NO_VERSION
    assert reason(decide("promote", facts, request)) is Reason.NO_VERSION
    request = replace(request, seen_version=6, to="approved")
    assert reason(decide("promote", facts, request)) is Reason.UNKNOWN_TRIGGER
    assert reason(decide("void", facts, request)) is Reason.REASON_TOO_SHORT
    assert reason(decide("prepare", facts, request)) is Reason.UNKNOWN_TARGET
    request = replace(request, to=None)
    assert reason(decide("prepare", facts, request)) is Reason.LOCKED
    facts = replace(facts, state=State.PREPARED)
    assert reason(decide("prepare", facts, request)) is Reason.WRONG_STATE
    changed = replace(request, content_matches=False)
    assert reason(decide("review", facts, changed)) is Reason.CONTENT_CHANGED
    facts = replace(facts, state=State.DRAFT)
    assert reason(decide("prepare", facts, request)) is Reason.STALE
    request = replace(request, seen_version=7)
    assert reason(decide("prepare", facts, request)) is Reason.INCOMPLETE
    facts = replace(facts, missing=())
    assert reason(decide("prepare", facts, replace(request, proof_wrong=True))) is Reason.PROOF_WRONG
    assert reason(decide("prepare", facts, request)) is Reason.PROOF_NEEDED
    assert isinstance(decide("prepare", facts, replace(request, proof="otp")), Move)


@pytest.mark.parametrize("state", State)
def test_a_short_reason_is_told_before_the_state(state: State) -> None:
    assert reason(LIFECYCLE.decide("return", card(state), ask(reason="有误"))) is Reason.REASON_TOO_SHORT


@pytest.mark.parametrize(
    ("trigger", "state", "given", "enough"),
    [
        ("return", State.PREPARED, None, False),
        ("return", State.PREPARED, "", False),
        ("return", State.PREPARED, "数据有误", False),
        ("return", State.PREPARED, "  数据有误  ", False),
        ("return", State.PREPARED, "数据有误。", True),
        ("void", State.DRAFT, None, False),
        ("void", State.DRAFT, " \u3000", False),
        ("void", State.DRAFT, "重", True),
        ("revise", State.PUBLISHED, None, False),
        ("revise", State.PUBLISHED, "误", True),
        ("withdraw", State.PREPARED, None, True),
        ("publish", State.APPROVED, None, True),
    ],
)
def test_which_moves_need_a_reason_and_how_long(trigger: str, state: State, given: str | None, enough: bool) -> None:
    answer = LIFECYCLE.decide(trigger, card(state, *STANDING.get(state, ())), ask(reason=given, proof=None))
    assert reason(answer) is (None if enough else Reason.REASON_TOO_SHORT)


@pytest.mark.parametrize(("state", "to"), [(State.PREPARED, "prepared"), (State.REVIEWED, "approved")])
def test_a_return_leads_only_where_the_table_says(state: State, to: str) -> None:
    answer = LIFECYCLE.decide("return", card(state), ask(to=to))
    assert reason(answer) is Reason.UNKNOWN_TARGET
    assert isinstance(answer, Denied)
    assert answer.sentence(Language.ZH) == f"不能退回到“{to}”。"


@pytest.mark.parametrize(("trigger", "state"), [("review", State.PREPARED), ("approve", State.REVIEWED)])
def test_content_that_changed_since_the_last_signature_is_not_signed(trigger: str, state: State) -> None:
    answer = LIFECYCLE.decide(trigger, card(state), ask(content_matches=False))
    assert reason(answer) is Reason.CONTENT_CHANGED
    returned = LIFECYCLE.decide("return", card(state), ask(content_matches=False))
    assert isinstance(returned, Move)


@pytest.mark.parametrize(
    ("trigger", "state"), [("prepare", State.DRAFT), ("review", State.PREPARED), ("approve", State.REVIEWED)]
)
def test_each_signature_needs_a_proof(trigger: str, state: State) -> None:
    assert reason(LIFECYCLE.decide(trigger, card(state), ask(proof=None))) is Reason.PROOF_NEEDED
    assert reason(LIFECYCLE.decide(trigger, card(state), ask(proof_wrong=True))) is Reason.PROOF_WRONG
    assert isinstance(LIFECYCLE.decide(trigger, card(state), ask(proof="otp")), Move)


def test_incomplete_names_the_items() -> None:
    answer = LIFECYCLE.decide("prepare", card(State.DRAFT, missing=("quality", "floor")), ask())
    assert isinstance(answer, Denied)
    assert answer.sentence(Language.ZH) == "还缺 2 项:quality、floor。"
    assert answer.sentence(Language.EN) == "2 item(s) are missing: quality, floor."


def test_wrong_state_names_state_and_move_in_the_readers_language() -> None:
    answer = LIFECYCLE.decide("publish", card(State.DRAFT), ask())
    assert isinstance(answer, Denied)
    assert answer.sentence(Language.ZH) == "当前为“草稿”,不能发布。"


def test_the_newest_signer_is_offered_the_withdrawal() -> None:
    assert offered(card(State.PREPARED, PREPARED), WANG) == ("withdraw",)
    assert offered(card(State.REVIEWED, PREPARED, REVIEWED), LI) == ("withdraw",)
    assert offered(card(State.REVIEWED, PREPARED, REVIEWED), WANG) == ()


def test_prepare_is_offered_while_items_are_missing() -> None:
    assert offered(card(State.DRAFT, missing=("quality",)), WANG) == ("prepare",)


@pytest.mark.parametrize(("trigger", "state"), list(itertools.product([*Trigger, "promote"], State)))
def test_exactly_what_is_not_offered_is_explained(trigger: str, state: State) -> None:
    for actor in (ANYBODY, WANG, LI, who(Role.AUDITOR), who()):
        facts = card(state, *STANDING.get(state, ()))
        assert (explain(trigger, facts, actor) is None) == (trigger in offered(facts, actor))


@pytest.mark.parametrize("state", State)
def test_inputs_change_in_drafts_only(state: State) -> None:
    expected = {State.DRAFT: None, State.PREPARED: ErrorCode.WRONG_STATE, State.REVIEWED: ErrorCode.WRONG_STATE}
    expected |= {State.VOID: ErrorCode.WRONG_STATE} | dict.fromkeys(LOCKED, ErrorCode.LOCKED)
    assert code(decide_edit(card(state), 7)) is expected[state]
    assert code(decide_edit(card(state), 6)) is (expected[state] or ErrorCode.STALE)
    assert code(decide_edit(card(state), None)) is ErrorCode.VERSION_REQUIRED


@pytest.mark.parametrize("state", State)
def test_only_a_published_card_is_acknowledged(state: State) -> None:
    assert code(decide_acknowledgement(card(state))) is (None if state == "published" else ErrorCode.WRONG_STATE)
