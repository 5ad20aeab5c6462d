"""What can be done, and which roles may: the table of lifecycle.md as data."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.policy.vocabulary import Role, Trigger


class Action(StrEnum):
    """Everything that a door of the product may be asked to do."""

    CARD_SEE = "card.see"
    CARD_EDIT = "card.edit"
    CARD_PREPARE = "card.prepare"
    CARD_WITHDRAW = "card.withdraw"
    CARD_REVIEW = "card.review"
    CARD_APPROVE = "card.approve"
    CARD_RETURN = "card.return"
    CARD_PUBLISH = "card.publish"
    CARD_REVISE = "card.revise"
    CARD_VOID = "card.void"
    CARD_ACKNOWLEDGE = "card.acknowledge"
    CARD_OBJECT = "card.object"
    CARD_RECORD = "card.record"
    CARD_FORM = "card.form"
    PLANS_SEE = "plans.see"
    PLANS_MANAGE = "plans.manage"
    RANKING_SEE = "ranking.see"
    REPORTS_WRITE = "reports.write"
    REPORTS_REVIEW = "reports.review"
    REPORTS_APPROVE = "reports.approve"
    ACTIONS_SEE = "actions.see"
    ACTIONS_DECIDE = "actions.decide"
    IMPROVEMENTS_SEE = "improvements.see"
    IMPROVEMENTS_PROPOSE = "improvements.propose"
    IMPROVEMENTS_DECIDE = "improvements.decide"
    PAY_SEE = "pay.see"
    PAY_WRITE = "pay.write"
    QUERIES_SEE = "queries.see"
    QUERIES_ANSWER = "queries.answer"
    QUESTIONS_SEE = "questions.see"
    QUESTIONS_ANSWER = "questions.answer"
    APPEALS_SEE = "appeals.see"
    APPEALS_HANDLE = "appeals.handle"
    APPEALS_RECONSIDER = "appeals.reconsider"
    CALENDAR_WRITE = "calendar.write"
    MEASUREMENTS_SEE = "measurements.see"
    MEASUREMENTS_WRITE = "measurements.write"
    IMPORTS_SEE = "imports.see"
    IMPORTS_WRITE = "imports.write"
    SCHEMES_SEE = "schemes.see"
    SCHEMES_MANAGE = "schemes.manage"
    SCHEMES_REVIEW = "schemes.review"
    SCHEMES_APPROVE = "schemes.approve"
    PEOPLE_SEE = "people.see"
    PEOPLE_WRITE = "people.write"
    PEOPLE_ERASE = "people.erase"
    UNITS_SEE = "units.see"
    UNITS_WRITE = "units.write"
    ACCOUNTS_SEE = "accounts.see"
    ACCOUNTS_MANAGE = "accounts.manage"
    GRANTS_SEE = "grants.see"
    GRANTS_MANAGE = "grants.manage"
    DELEGATIONS_SEE = "delegations.see"
    DELEGATIONS_MANAGE = "delegations.manage"
    RECORDS_SEE = "records.see"
    RECORDS_VERIFY = "records.verify"
    RECORDS_EXPORT = "records.export"
    LEDGER_SEE = "ledger.see"
    LEDGER_RECORD = "ledger.record"
    LEDGER_ANSWER = "ledger.answer"
    EVIDENCE_ADD = "evidence.add"
    RATERS_MANAGE = "raters.manage"
    RATES_SEE = "rates.see"
    RATES_WRITE = "rates.write"
    PORTFOLIO_SEE = "portfolio.see"
    PORTFOLIO_WRITE = "portfolio.write"


SIGNING_ROLES = frozenset({Role.PREPARER, Role.REVIEWER, Role.APPROVER})

CARD_ROLES: Mapping[Action, frozenset[Role]] = {
    Action.CARD_SEE: frozenset(
        {
            *SIGNING_ROLES,
            Role.RECORDER,
            Role.ADMINISTRATOR,
            Role.HEAD,
            Role.HR,
            Role.AUDITOR,
        }
    ),
    Action.CARD_EDIT: frozenset({Role.PREPARER, Role.RECORDER}),
    Action.CARD_PREPARE: frozenset({Role.PREPARER}),
    Action.CARD_WITHDRAW: SIGNING_ROLES,
    Action.CARD_REVIEW: frozenset({Role.REVIEWER}),
    Action.CARD_APPROVE: frozenset({Role.APPROVER}),
    Action.CARD_RETURN: frozenset({Role.REVIEWER, Role.APPROVER}),
    Action.CARD_PUBLISH: frozenset({Role.ADMINISTRATOR}),
    Action.CARD_REVISE: frozenset({Role.ADMINISTRATOR}),
    Action.CARD_VOID: frozenset({Role.ADMINISTRATOR}),
    Action.CARD_ACKNOWLEDGE: frozenset(),
    Action.CARD_OBJECT: frozenset(),
    Action.CARD_RECORD: frozenset({*SIGNING_ROLES, Role.RECORDER, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.CARD_FORM: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR}),
}
"""The roles that a card asks for. The appraised person's own rights stand beside it, in `scope`."""

MOVES: Mapping[str, Action] = {
    Trigger.PREPARE: Action.CARD_PREPARE,
    Trigger.WITHDRAW: Action.CARD_WITHDRAW,
    Trigger.REVIEW: Action.CARD_REVIEW,
    Trigger.APPROVE: Action.CARD_APPROVE,
    Trigger.RETURN: Action.CARD_RETURN,
    Trigger.PUBLISH: Action.CARD_PUBLISH,
    Trigger.REVISE: Action.CARD_REVISE,
    Trigger.VOID: Action.CARD_VOID,
}
"""The action that a person asks for by a card's trigger; the product's own moves are not in it."""

UNIT_ROLES: Mapping[Action, frozenset[Role]] = {
    Action.PLANS_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.PLANS_MANAGE: frozenset({Role.ADMINISTRATOR}),
    # The ranks of others; one's own is told as far as the plan discloses.
    Action.RANKING_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR}),
    # Those that a plan's report is signed by; who reads it is told by its state and by what the plan discloses.
    Action.REPORTS_WRITE: frozenset({Role.ADMINISTRATOR}),
    Action.REPORTS_REVIEW: frozenset({Role.REVIEWER}),
    Action.REPORTS_APPROVE: frozenset({Role.APPROVER}),
    Action.ACTIONS_SEE: frozenset({Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR}),
    Action.ACTIONS_DECIDE: frozenset({Role.HEAD, Role.HR}),
    # Those for others; one sees and, where one carries it out, moves on one's own.
    Action.IMPROVEMENTS_SEE: frozenset({Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR}),
    Action.IMPROVEMENTS_PROPOSE: frozenset({Role.ADMINISTRATOR}),
    Action.IMPROVEMENTS_DECIDE: frozenset({Role.HEAD, Role.HR}),
    # The pay of others, bonus bases included; one's own stands on one's own published card.
    Action.PAY_SEE: frozenset({Role.ADMINISTRATOR, Role.HR, Role.AUDITOR}),
    Action.PAY_WRITE: frozenset({Role.HR}),
    Action.QUERIES_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.QUERIES_ANSWER: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR}),
    # What signers ask about the cards that wait for them, without returning them.
    Action.QUESTIONS_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.QUESTIONS_ANSWER: frozenset({Role.PREPARER}),
    Action.APPEALS_SEE: frozenset({Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.APPEALS_HANDLE: frozenset({Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR}),
    # Once escalated: another administrator, or the committee that one has named.
    Action.APPEALS_RECONSIDER: frozenset({Role.ADMINISTRATOR}),
    Action.CALENDAR_WRITE: frozenset({Role.HR}),
    Action.MEASUREMENTS_SEE: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.MEASUREMENTS_WRITE: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR}),
    Action.IMPORTS_SEE: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.IMPORTS_WRITE: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR}),
    Action.SCHEMES_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.SCHEMES_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Action.SCHEMES_REVIEW: frozenset({Role.REVIEWER}),
    Action.SCHEMES_APPROVE: frozenset({Role.APPROVER}),
    Action.PEOPLE_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR}),
    Action.PEOPLE_WRITE: frozenset({Role.HR}),
    Action.PEOPLE_ERASE: frozenset({Role.ADMINISTRATOR}),
    # A grant is given for a unit, so the one who gives it has to find the unit.
    Action.UNITS_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.HEAD, Role.HR, Role.AUDITOR, Role.OPERATOR}),
    Action.UNITS_WRITE: frozenset({Role.HR}),
    Action.ACCOUNTS_SEE: frozenset({Role.OPERATOR}),
    Action.ACCOUNTS_MANAGE: frozenset({Role.OPERATOR}),
    Action.GRANTS_SEE: frozenset({Role.OPERATOR, Role.AUDITOR}),
    Action.GRANTS_MANAGE: frozenset({Role.OPERATOR}),
    Action.RECORDS_VERIFY: frozenset({Role.AUDITOR}),
    Action.RECORDS_EXPORT: frozenset({Role.AUDITOR}),
    # One's own, and those by which one acts, are seen by everybody.
    Action.DELEGATIONS_SEE: frozenset({Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR}),
    Action.DELEGATIONS_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Action.RECORDS_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR, Role.OPERATOR}),
    # Reviewers and approvers read the entries on the cards that come to them.
    Action.LEDGER_SEE: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.LEDGER_RECORD: frozenset({Role.RECORDER, Role.PREPARER}),
    Action.LEDGER_ANSWER: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR}),
    Action.EVIDENCE_ADD: frozenset({Role.RECORDER, Role.PREPARER, Role.ADMINISTRATOR, Role.HEAD, Role.HR}),
    # Who rates whom and how far it is; what somebody gave is read by themselves, and in the record by an auditor.
    Action.RATERS_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Action.RATES_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.HR, Role.AUDITOR}),
    Action.RATES_WRITE: frozenset({Role.ADMINISTRATOR}),
    # The portfolio of others; a manager sees their own.
    Action.PORTFOLIO_SEE: frozenset({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.PORTFOLIO_WRITE: frozenset({Role.PREPARER, Role.ADMINISTRATOR}),
}
"""The roles that act on what hangs on a unit or on the company."""
