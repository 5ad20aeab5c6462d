"""Every state × trigger × role, written by hand from lifecycle.md: the table here is the requirement."""

import itertools

import pytest

from workflow.errors import Denied, ErrorCode
from workflow.lifecycle.scorecard import MoveRequest, State, decide, explain, offered
from workflow.policy import Action, Actor, CardFacts, Grant, Role, StandingSignature, decide_card

TRIGGERS = ["prepare", "withdraw", "review", "approve", "return", "publish", "revise", "void"]
OUTCOMES = {
    "+": None,
    "?": ErrorCode.NOT_FOUND,
    "x": ErrorCode.FORBIDDEN,
    "w": ErrorCode.WRONG_STATE,
    "L": ErrorCode.LOCKED,
}
UNSEEN = "????????"
SEEN = "xxxxxxxx"

# One letter a trigger, in the order of TRIGGERS; all signatures stand and were given by others.
TABLE: dict[str, dict[State, str]] = {
    "preparer": {
        State.DRAFT: "+wxxxxxx",
        State.PREPARED: "wxxxxxxx",
        State.REVIEWED: "wxxxxxxx",
        State.APPROVED: "Lxxxxxxx",
        State.PUBLISHED: "Lxxxxxxx",
        State.SUPERSEDED: "Lxxxxxxx",
        State.VOID: "wxxxxxxx",
    },
    "recorder": {
        State.DRAFT: SEEN,
        State.PREPARED: UNSEEN,
        State.REVIEWED: UNSEEN,
        State.APPROVED: UNSEEN,
        State.PUBLISHED: UNSEEN,
        State.SUPERSEDED: UNSEEN,
        State.VOID: UNSEEN,
    },
    "rater": dict.fromkeys(State, UNSEEN),
    "reviewer": {
        State.DRAFT: UNSEEN,
        State.PREPARED: "xx+x+xxx",
        State.REVIEWED: "xxwxxxxx",
        State.APPROVED: "xxLxLxxx",
        State.PUBLISHED: "xxLxLxxx",
        State.SUPERSEDED: "xxLxLxxx",
        State.VOID: UNSEEN,
    },
    "approver": {
        State.DRAFT: UNSEEN,
        State.PREPARED: UNSEEN,
        State.REVIEWED: "xxx++xxx",
        State.APPROVED: "xxxLLxxx",
        State.PUBLISHED: "xxxLLxxx",
        State.SUPERSEDED: "xxxLLxxx",
        State.VOID: UNSEEN,
    },
    "administrator": {
        State.DRAFT: "xxxxxww+",
        State.PREPARED: "xxxxxww+",
        State.REVIEWED: "xxxxxww+",
        State.APPROVED: "xxxxx++L",
        State.PUBLISHED: "xxxxxw+L",
        State.SUPERSEDED: "xxxxxwwL",
        State.VOID: "xxxxxwww",
    },
    "head": {**dict.fromkeys(State, UNSEEN), State.PUBLISHED: SEEN},
    "hr": {**dict.fromkeys(State, UNSEEN), State.PUBLISHED: SEEN},
    "auditor": dict.fromkeys(State, SEEN),
    "operator": dict.fromkeys(State, UNSEEN),
    "the appraised": {**dict.fromkeys(State, UNSEEN), State.PUBLISHED: SEEN, State.SUPERSEDED: SEEN},
    "member": {**dict.fromkeys(State, UNSEEN), State.PUBLISHED: SEEN, State.SUPERSEDED: SEEN},
    "colleague": dict.fromkeys(State, UNSEEN),
}

# The same for one who signed or returned the revision before and so goes on seeing it.
HANDLED: dict[str, dict[State, str]] = {
    "reviewer": {**TABLE["reviewer"], State.DRAFT: "xwwxwxxx", State.VOID: "xxwxwxxx"},
    "approver": {
        **TABLE["approver"],
        State.DRAFT: "xwxwwxxx",
        State.PREPARED: "xxxwxxxx",
        State.VOID: "xxxwwxxx",
    },
}

UNIT = "/1/4/"
PREPARED_BY = StandingSignature("prepare", 91, 191, "王芳")
REVIEWED_BY = StandingSignature("review", 92, 192, "李强")
APPROVED_BY = StandingSignature("approve", 93, 193, "赵敏")
SIGNATURES = {
    State.DRAFT: (),
    State.PREPARED: (PREPARED_BY,),
    State.REVIEWED: (PREPARED_BY, REVIEWED_BY),
    State.APPROVED: (PREPARED_BY, REVIEWED_BY, APPROVED_BY),
    State.PUBLISHED: (PREPARED_BY, REVIEWED_BY, APPROVED_BY),
    State.SUPERSEDED: (PREPARED_BY, REVIEWED_BY, APPROVED_BY),
    State.VOID: (PREPARED_BY,),
}


def card(state: State, *, handled: bool = False) -> CardFacts:
    return CardFacts(
        state=state,
        version=7,
        unit_path=UNIT,
        appraised_person_id=70,
        signatures=SIGNATURES[state],
        handled=handled,
        items=frozenset({"quality", "floor"}),
        member_unit=UNIT,
        published=state in {State.PUBLISHED, State.SUPERSEDED},
    )


def actor(who: str, unit_path: str = UNIT) -> Actor:
    if who == "the appraised":
        return Actor(1, "zhang", "张三", person_id=70)
    if who == "member":
        return Actor(1, "qian", "钱进", person_id=71, unit_path=UNIT)
    if who == "colleague":
        return Actor(1, "sun", "孙悦", person_id=72, unit_path="/1/5/")
    items = frozenset({"quality"}) if who == "recorder" else frozenset()
    return Actor(1, who, "周明", person_id=73, grants=(Grant(Role(who), unit_path, items),))


def answer(trigger: str, facts: CardFacts, who: Actor) -> ErrorCode | None:
    request = MoveRequest(who, facts.version, reason="数据有误需更正", proof="password")
    decided = decide(trigger, facts, request)
    return decided.code if isinstance(decided, Denied) else None


def cells(table: dict[str, dict[State, str]]) -> list[tuple[str, State, str, str]]:
    return [
        (who, state, trigger, letter)
        for who, row in table.items()
        for state, letters in row.items()
        for trigger, letter in zip(TRIGGERS, letters, strict=True)
    ]


def test_the_table_is_closed() -> None:
    assert {*Role} <= TABLE.keys()
    assert all(row.keys() == set(State) for table in (TABLE, HANDLED) for row in table.values())


@pytest.mark.parametrize(("who", "state", "trigger", "letter"), cells(TABLE))
def test_each_cell_in_scope(who: str, state: State, trigger: str, letter: str) -> None:
    assert answer(trigger, card(state), actor(who)) is OUTCOMES[letter]


@pytest.mark.parametrize(("who", "state", "trigger", "letter"), cells(HANDLED))
def test_each_cell_of_one_who_handled_the_card(who: str, state: State, trigger: str, letter: str) -> None:
    assert answer(trigger, card(state, handled=True), actor(who)) is OUTCOMES[letter]


@pytest.mark.parametrize("path", ["/1/", "/"])
@pytest.mark.parametrize("role", Role)
def test_a_grant_reaches_everything_below_its_unit(role: Role, path: str) -> None:
    for state, trigger in itertools.product(State, TRIGGERS):
        letter = TABLE[role][state][TRIGGERS.index(trigger)]
        assert answer(trigger, card(state), actor(role, path)) is OUTCOMES[letter]


@pytest.mark.parametrize("path", ["/1/5/", "/1/4/9/", "/2/", "/1/40/"])
@pytest.mark.parametrize("role", Role)
def test_out_of_scope_the_card_is_not_there(role: Role, path: str) -> None:
    for state, trigger in itertools.product(State, TRIGGERS):
        assert answer(trigger, card(state, handled=True), actor(role, path)) is ErrorCode.NOT_FOUND


@pytest.mark.parametrize("who", TABLE)
def test_what_is_offered_is_what_can_be_done_and_the_rest_is_explained(who: str) -> None:
    for state in State:
        possible = [name for name, letter in zip(TRIGGERS, TABLE[who][state], strict=True) if letter == "+"]
        assert sorted(offered(card(state), actor(who))) == sorted(possible)
        for trigger in TRIGGERS:
            assert (explain(trigger, card(state), actor(who)) is None) == (trigger in possible)


READING = {
    Action.CARD_SEE: {
        "preparer", "recorder", "reviewer", "approver", "administrator", "head", "hr", "auditor", "the appraised", "member"
    },
    Action.CARD_RECORD: {"preparer", "recorder", "reviewer", "approver", "administrator", "auditor", "the appraised"},
    Action.CARD_FORM: {
        "preparer", "reviewer", "approver", "administrator", "head", "hr", "auditor", "the appraised", "member"
    },
    Action.CARD_ACKNOWLEDGE: {"the appraised"},
    Action.CARD_OBJECT: {"the appraised"},
    Action.CARD_EDIT: {"preparer", "recorder"},
}  # fmt: skip


@pytest.mark.parametrize(("action", "allowed"), list(READING.items()))
@pytest.mark.parametrize(("who", "state"), list(itertools.product(TABLE, State)))
def test_who_reads_edits_and_acknowledges(action: Action, allowed: set[str], who: str, state: State) -> None:
    denied = decide_card(actor(who), action, card(state))
    if TABLE[who][state] == UNSEEN:
        assert denied is not None
        assert denied.code is ErrorCode.NOT_FOUND
    elif who in allowed:
        assert denied is None
    else:
        assert denied is not None
        assert denied.code is ErrorCode.FORBIDDEN
