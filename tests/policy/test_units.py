"""What hangs on a unit or on the company: who may, for which units, and which roles exclude each other."""

import itertools

import pytest

from workflow.errors import Reason
from workflow.policy import (
    ALL,
    ROLE_NAMES,
    UNIT_ROLES,
    Action,
    Actor,
    Grant,
    RecordReach,
    Role,
    check_roles_together,
    decide_scheme_move,
    decide_unit,
    record_reach,
    unit_items,
    unit_scope,
)
from workflow.policy.schemes import SchemeState, SchemeTrigger
from workflow.wording import Language

# p preparer, c recorder, r reviewer, a approver, m administrator, h head, u hr, d auditor, o operator
LETTERS = {
    "p": Role.PREPARER,
    "c": Role.RECORDER,
    "e": Role.RATER,
    "r": Role.REVIEWER,
    "a": Role.APPROVER,
    "m": Role.ADMINISTRATOR,
    "h": Role.HEAD,
    "u": Role.HR,
    "d": Role.AUDITOR,
    "o": Role.OPERATOR,
}
TABLE = {
    Action.PLANS_SEE: "pramd",
    Action.PLANS_MANAGE: "m",
    Action.RANKING_SEE: "pramhud",
    Action.REPORTS_WRITE: "m",
    Action.REPORTS_REVIEW: "r",
    Action.REPORTS_APPROVE: "a",
    Action.ACTIONS_SEE: "mhud",
    Action.ACTIONS_DECIDE: "hu",
    Action.IMPROVEMENTS_SEE: "mhud",
    Action.IMPROVEMENTS_PROPOSE: "m",
    Action.IMPROVEMENTS_DECIDE: "hu",
    Action.PAY_SEE: "mud",
    Action.PAY_WRITE: "u",
    Action.LEDGER_SEE: "cpmd",
    Action.LEDGER_RECORD: "cp",
    Action.LEDGER_ANSWER: "cpm",
    Action.EVIDENCE_ADD: "cpmhu",
    Action.QUERIES_SEE: "pramd",
    Action.QUERIES_ANSWER: "pram",
    Action.QUESTIONS_SEE: "pramd",
    Action.QUESTIONS_ANSWER: "p",
    Action.APPEALS_SEE: "ramd",
    Action.APPEALS_HANDLE: "ram",
    Action.APPEALS_RECONSIDER: "m",
    Action.CALENDAR_WRITE: "u",
    Action.RATERS_MANAGE: "m",
    Action.MEASUREMENTS_SEE: "cpmd",
    Action.MEASUREMENTS_WRITE: "cpm",
    Action.IMPORTS_SEE: "cpmd",
    Action.IMPORTS_WRITE: "cpm",
    Action.SCHEMES_SEE: "pramd",
    Action.SCHEMES_MANAGE: "m",
    Action.SCHEMES_REVIEW: "r",
    Action.SCHEMES_APPROVE: "a",
    Action.PEOPLE_SEE: "pramhud",
    Action.PEOPLE_WRITE: "u",
    Action.PEOPLE_ERASE: "m",
    Action.UNITS_SEE: "pramhudo",
    Action.UNITS_WRITE: "u",
    Action.ACCOUNTS_SEE: "o",
    Action.ACCOUNTS_MANAGE: "o",
    Action.GRANTS_SEE: "od",
    Action.GRANTS_MANAGE: "o",
    Action.DELEGATIONS_SEE: "mdo",
    Action.DELEGATIONS_MANAGE: "m",
    Action.RECORDS_SEE: "pramdo",
    Action.RECORDS_VERIFY: "d",
    Action.RECORDS_EXPORT: "d",
    Action.RATES_SEE: "pramud",
    Action.RATES_WRITE: "m",
    Action.PORTFOLIO_SEE: "pramd",
    Action.PORTFOLIO_WRITE: "pm",
}
CELLS = [(action, letter in letters, role) for action, letters in TABLE.items() for letter, role in LETTERS.items()]


def actor(*grants: Grant) -> Actor:
    return Actor(1, "a", "李强", 11, grants)


def test_the_table_is_closed() -> None:
    assert TABLE.keys() == UNIT_ROLES.keys() == {action for action in Action if not action.startswith("card.")}
    assert set(LETTERS.values()) == set(Role)


@pytest.mark.parametrize(("action", "permitted", "role"), CELLS)
def test_each_role_in_and_out_of_scope(action: Action, permitted: bool, role: Role) -> None:
    holder = actor(Grant(role, "/1/4/", frozenset({"quality"})))
    assert (decide_unit(holder, action, "/1/4/") is None) is permitted
    assert (decide_unit(holder, action, "/1/4/9/") is None) is permitted
    assert (decide_unit(holder, action) is None) is permitted
    for outside in ("/", "/1/", "/1/40/", "/2/"):
        denied = decide_unit(holder, action, outside)
        assert denied is not None
        assert denied.reason is Reason.NO_GRANT
    assert unit_scope(holder, action) == (("/1/4/",) if permitted else ())


@pytest.mark.parametrize("action", TABLE)
def test_without_a_grant_nothing(action: Action) -> None:
    denied = decide_unit(actor(), action)
    assert denied is not None
    assert denied.sentence(Language.ZH).startswith("需要")
    assert unit_scope(actor(), action) == ()


def test_recorders_write_measurements_of_their_own_items() -> None:
    recorder = actor(Grant(Role.RECORDER, "/1/", frozenset({"quality"})))
    assert unit_items(recorder, Action.MEASUREMENTS_WRITE, "/1/4/") == {"quality"}
    assert unit_items(recorder, Action.MEASUREMENTS_WRITE, "/2/") == frozenset()
    assert unit_items(recorder, Action.PLANS_SEE, "/1/4/") == frozenset()
    assert unit_items(actor(Grant(Role.PREPARER, "/1/")), Action.MEASUREMENTS_WRITE, "/1/4/") is ALL


EXCLUDING = {
    frozenset(pair)
    for pair in [
        (Role.OPERATOR, Role.ADMINISTRATOR),
        (Role.OPERATOR, Role.AUDITOR),
        (Role.ADMINISTRATOR, Role.AUDITOR),
        (Role.OPERATOR, Role.PREPARER),
        (Role.OPERATOR, Role.REVIEWER),
        (Role.OPERATOR, Role.APPROVER),
        (Role.AUDITOR, Role.PREPARER),
        (Role.AUDITOR, Role.REVIEWER),
        (Role.AUDITOR, Role.APPROVER),
    ]
}


@pytest.mark.parametrize("pair", list(itertools.combinations(Role, 2)))
def test_which_roles_exclude_each_other(pair: tuple[Role, Role]) -> None:
    for roles in (pair, pair[::-1], (Role.RATER, *pair)):
        denied = check_roles_together(roles)
        assert (denied is not None) is (frozenset(pair) in EXCLUDING)
        if denied:
            assert denied.reason is Reason.ROLES_EXCLUDE
            assert all(ROLE_NAMES[role].zh in denied.sentence(Language.ZH) for role in pair)


def test_how_far_each_role_reads_the_record() -> None:
    assert record_reach(actor(Grant(Role.PREPARER, "/1/"))) == RecordReach(unit_paths=("/1/",))
    assert record_reach(actor(Grant(Role.AUDITOR))) == RecordReach(unit_paths=("/",), everything=True)
    assert record_reach(actor(Grant(Role.AUDITOR, "/1/"))) == RecordReach(unit_paths=("/1/",))
    assert record_reach(actor(Grant(Role.OPERATOR))) == RecordReach(grants=True)
    assert record_reach(actor(Grant(Role.HR))) == RecordReach()


# Who moves a scheme version in which state with company scope; `return` follows the state.
SCHEME_MOVERS = {
    SchemeTrigger.PREPARE: dict.fromkeys(SchemeState, "m"),
    SchemeTrigger.REVIEW: dict.fromkeys(SchemeState, "r"),
    SchemeTrigger.APPROVE: dict.fromkeys(SchemeState, "a"),
    SchemeTrigger.RETURN: {**dict.fromkeys(SchemeState, "ra"), SchemeState.PREPARED: "r", SchemeState.REVIEWED: "a"},
    SchemeTrigger.RETIRE: dict.fromkeys(SchemeState, "m"),
}


@pytest.mark.parametrize("trigger", SchemeTrigger)
@pytest.mark.parametrize(("letter", "role"), list(LETTERS.items()))
def test_who_moves_a_scheme_version(trigger: SchemeTrigger, letter: str, role: Role) -> None:
    for state in SchemeState:
        denied = decide_scheme_move(actor(Grant(role)), trigger, state)
        if letter not in TABLE[Action.SCHEMES_SEE]:
            assert denied is not None
            assert denied.reason is Reason.NOT_SEEN
        else:
            assert (denied is None) is (letter in SCHEME_MOVERS[trigger][state])
        if letter in SCHEME_MOVERS[trigger][state]:
            narrow = decide_scheme_move(actor(Grant(role, "/1/")), trigger, state)
            assert narrow is not None
            assert narrow.reason is Reason.NO_GRANT
