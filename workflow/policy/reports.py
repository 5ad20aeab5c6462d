"""Who sees a period's report and who moves it: the administrator writes and publishes it, it is signed like a card."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.errors import Denied, Reason
from workflow.policy.actions import UNIT_ROLES, Action
from workflow.policy.cards import decide_signer, decide_withdraw
from workflow.policy.facts import Actor, StandingSignature
from workflow.policy.refusals import no_grant
from workflow.policy.scope import DISCLOSED, SEEN_IN_SCOPE, SEES_WHAT_IT_HANDLED
from workflow.policy.vocabulary import Meaning, Role, State, Trigger

READERS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER, Role.APPROVER)
"""The roles that see a report of their units before it is published, in the states in which they see cards."""

_WRITER = UNIT_ROLES[Action.REPORTS_WRITE]
_REVIEWER = UNIT_ROLES[Action.REPORTS_REVIEW]
_APPROVER = UNIT_ROLES[Action.REPORTS_APPROVE]

REPORT_MOVED_BY: Mapping[str, frozenset[Role]] = {
    Trigger.PREPARE: _WRITER,
    Trigger.WITHDRAW: _WRITER | _REVIEWER | _APPROVER,
    Trigger.REVIEW: _REVIEWER,
    Trigger.APPROVE: _APPROVER,
    Trigger.RETURN: _REVIEWER | _APPROVER,
    Trigger.PUBLISH: _WRITER,
    Trigger.REVISE: _WRITER,
    Trigger.VOID: _WRITER,
}
_RETURNED_BY: Mapping[str, frozenset[Role]] = {State.PREPARED: _REVIEWER, State.REVIEWED: _APPROVER}


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What policy and lifecycle need to know of a plan's report."""

    state: str
    version: int
    unit_path: str  # of the unit that holds all units of the plan
    signatures: tuple[StandingSignature, ...] = ()  # oldest first, those taken back left out
    missing: tuple[str, ...] = ()  # of problems and directions, which both have to be said
    handled: bool = False  # the actor signed or returned it at some time
    published: bool = False  # at some time: a superseded report may never have been
    told: bool = False  # the actor is appraised in the plan, or is told the scores of some unit of it by role


def decide_report_see(actor: Actor, facts: ReportFacts) -> Denied | None:
    """Who signs sees it as they see cards; once published so do those whom it is about. How much of it is another question."""
    by_role = any(
        actor.holds({role}, facts.unit_path)
        and (_shown(role, facts.state) or (facts.handled and role in SEES_WHAT_IT_HANDLED))
        for role in READERS
    )
    as_told = facts.told and facts.published and facts.state in DISCLOSED
    return None if by_role or as_told else Denied(Reason.NOT_SEEN)


def decide_report_write(actor: Actor, facts: ReportFacts) -> Denied | None:
    """Whether the actor may change its words; whether its state allows that is the lifecycle's."""
    refused = decide_report_see(actor, facts)
    if refused is not None or actor.holds(_WRITER, facts.unit_path):
        return refused
    return no_grant(_WRITER)


def decide_report_move(actor: Actor, trigger: str, facts: ReportFacts) -> Denied | None:
    """None if the actor may make this move; for an unknown trigger only whether the report may be seen."""
    refused = decide_report_see(actor, facts)
    if refused is not None or trigger not in REPORT_MOVED_BY:
        return refused
    roles = report_moved_by(trigger, facts.state)
    if not actor.holds(roles, facts.unit_path):
        return no_grant(roles)
    if trigger == Trigger.WITHDRAW:
        return decide_withdraw(actor, facts.signatures)
    return decide_signer(actor, Meaning(trigger), facts.signatures) if trigger in set(Meaning) else None


def report_moved_by(trigger: str, state: str) -> frozenset[Role]:
    """The roles that make this move from this state."""
    roles = REPORT_MOVED_BY[trigger]
    return _RETURNED_BY.get(state, roles) if trigger == Trigger.RETURN else roles


def _shown(role: Role, state: str) -> bool:
    states = SEEN_IN_SCOPE[role]
    return states is None or state in states
