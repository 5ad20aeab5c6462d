"""Who signs, who withdraws, whose items: the rules beside the table."""

import pytest

from workflow.errors import Denied, Reason
from workflow.policy import (
    ALL,
    Action,
    Actor,
    CardFacts,
    Grant,
    Role,
    StandingSignature,
    State,
    decide_card,
    decide_item,
    editable_items,
    visible_items,
)
from workflow.wording import Language

EVERY_SIGNING_ROLE = (Grant(Role.PREPARER), Grant(Role.REVIEWER), Grant(Role.APPROVER))
SIGNS = {Action.CARD_PREPARE: "prepare", Action.CARD_REVIEW: "review", Action.CARD_APPROVE: "approve"}


def signer(account: int = 1, person: int | None = 11, *grants: Grant) -> Actor:
    return Actor(account, f"a{account}", "李强", person, grants or EVERY_SIGNING_ROLE)


def card(*signatures: StandingSignature, state: State = State.PREPARED, appraised: int | None = 70) -> CardFacts:
    return CardFacts(state, 3, "/1/4/", appraised, signatures, items=frozenset({"quality", "floor", "satisfaction"}))


def reason(denied: Denied | None) -> Reason | None:
    return denied.reason if denied else None


@pytest.mark.parametrize("action", SIGNS)
def test_nobody_signs_a_card_of_which_they_are_the_appraised_person(action: Action) -> None:
    assert reason(decide_card(signer(person=70), action, card())) is Reason.OWN_CARD


@pytest.mark.parametrize("action", SIGNS)
def test_a_card_without_an_appraised_person_is_nobodys_own(action: Action) -> None:
    assert decide_card(signer(person=None), action, card(appraised=None)) is None


@pytest.mark.parametrize("action", [Action.CARD_RETURN, Action.CARD_WITHDRAW])
def test_returning_and_withdrawing_sign_nothing(action: Action) -> None:
    assert decide_card(signer(person=70), action, card()) is None


@pytest.mark.parametrize("action", SIGNS)
@pytest.mark.parametrize("standing", ["prepare", "review", "approve"])
@pytest.mark.parametrize(
    ("account", "person", "same"),
    [
        (1, 11, True),
        (2, 11, True),  # another account of the same person
        (1, None, True),
        (2, None, False),
        (2, 12, False),
        (1, 12, False),  # the account has passed to somebody else
    ],
)
def test_the_standing_signatures_come_from_different_people(
    action: Action, standing: str, account: int, person: int | None, same: bool
) -> None:
    signature = StandingSignature(standing, account, person, "王芳")
    expected = Reason.SAME_SIGNER if same and standing != SIGNS[action] else None
    assert reason(decide_card(signer(), action, card(signature))) is expected


def test_an_older_signature_counts_as_much_as_the_newest() -> None:
    mine = StandingSignature("prepare", 1, 11, "李强")
    other = StandingSignature("review", 2, 12, "王芳")
    denied = decide_card(signer(), Action.CARD_APPROVE, card(mine, other, state=State.REVIEWED))
    assert denied is not None
    assert denied.sentence(Language.ZH) == "您已作为编制签署本表,编制、审核、批准须由不同的人签署。"


def test_only_the_newest_signer_withdraws() -> None:
    mine = StandingSignature("prepare", 1, 11, "李强")
    other = StandingSignature("review", 2, 12, "王芳")
    assert decide_card(signer(), Action.CARD_WITHDRAW, card(mine)) is None
    denied = decide_card(signer(), Action.CARD_WITHDRAW, card(mine, other, state=State.REVIEWED))
    assert reason(denied) is Reason.NOT_NEWEST_SIGNER
    assert denied is not None
    assert "王芳" in denied.sentence(Language.ZH)


def test_the_newest_signer_withdraws_only_while_holding_a_signing_role() -> None:
    mine = StandingSignature("prepare", 1, 11, "李强")
    denied = decide_card(signer(1, 11, Grant(Role.AUDITOR)), Action.CARD_WITHDRAW, card(mine))
    assert reason(denied) is Reason.NO_GRANT


def test_a_refusal_names_the_roles_in_the_readers_language() -> None:
    denied = decide_card(signer(1, 11, Grant(Role.AUDITOR)), Action.CARD_RETURN, card(state=State.DRAFT))
    assert denied is not None
    assert "审核人或批准人" in denied.sentence(Language.ZH)
    assert "reviewer or approver" in denied.sentence(Language.EN)


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ((Grant(Role.PREPARER, "/1/"),), ALL),
        ((Grant(Role.PREPARER, "/2/"),), frozenset()),
        ((Grant(Role.RECORDER, "/1/", frozenset({"quality", "elsewhere"})),), {"quality"}),
        (
            (Grant(Role.RECORDER, "/1/", frozenset({"quality"})), Grant(Role.RECORDER, "/", frozenset({"floor"}))),
            {"quality", "floor"},
        ),
        ((Grant(Role.RECORDER, "/2/", frozenset({"quality"})),), frozenset()),
        ((Grant(Role.RECORDER, "/1/"),), frozenset()),
        ((Grant(Role.RECORDER, "/1/", frozenset({"floor"})), Grant(Role.PREPARER, "/1/")), ALL),
        ((Grant(Role.ADMINISTRATOR),), frozenset()),
        ((Grant(Role.REVIEWER, "/", frozenset({"floor"})),), frozenset()),
    ],
)
def test_recorders_change_their_own_items_preparers_all(grants: tuple[Grant, ...], expected: object) -> None:
    assert editable_items(signer(1, 11, *grants), card(state=State.DRAFT)) == expected


def test_a_recorder_sees_and_changes_own_items_only() -> None:
    recorder = signer(1, 11, Grant(Role.RECORDER, "/", frozenset({"quality"})))
    draft = card(state=State.DRAFT)
    assert visible_items(recorder, draft) == {"quality"}
    assert decide_item(recorder, "quality", draft) is None
    assert reason(decide_item(recorder, "floor", draft)) is Reason.NOT_SEEN
    assert visible_items(recorder, card()) == frozenset()


def test_an_item_that_the_card_does_not_have_is_not_there() -> None:
    assert reason(decide_item(signer(), "unknown", card(state=State.DRAFT))) is Reason.NOT_SEEN


def test_an_item_that_is_seen_but_not_given_names_who_can() -> None:
    grants = (Grant(Role.RECORDER, "/", frozenset({"quality"})), Grant(Role.ADMINISTRATOR))
    denied = decide_item(signer(1, 11, *grants), "floor", card(state=State.DRAFT))
    assert reason(denied) is Reason.NO_GRANT
    assert visible_items(signer(1, 11, *grants), card()) is ALL
    assert "anything" in ALL
