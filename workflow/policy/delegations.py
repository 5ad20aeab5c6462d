"""Who may hand a grant to a delegate, and for whom (source: lifecycle.md, Roles and scope)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from workflow.errors import Denied, Reason
from workflow.policy.actions import SIGNING_ROLES, Action
from workflow.policy.facts import Actor, Party
from workflow.policy.units import check_roles_together, decide_unit
from workflow.policy.vocabulary import Role

DELEGABLE: Final = frozenset({*SIGNING_ROLES, Role.RECORDER, Role.ADMINISTRATOR, Role.HEAD, Role.HR})
"""What can be delegated: not who gives grants, who checks, and who was chosen to rate."""

REASSIGNABLE: Final = frozenset({*SIGNING_ROLES, Role.RECORDER})
"""What an administrator can hand on for somebody who is absent: the work of a month."""


@dataclass(frozen=True, slots=True)
class DelegatedFacts:
    """A grant that is, or is to be, in a delegate's hands; without a delegate while nobody has been chosen."""

    role: Role
    unit_path: str
    holder: Party
    delegate: Party | None = None


def decide_delegation_see(actor: Actor, facts: DelegatedFacts) -> Denied | None:
    """The holder and the delegate see it, and who sees the delegations of the grant's unit."""
    if facts.holder.is_by(actor) or (facts.delegate is not None and facts.delegate.is_by(actor)):
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, Action.DELEGATIONS_SEE, facts.unit_path) else None


def decide_delegate(actor: Actor, facts: DelegatedFacts) -> Denied | None:
    """Whether the actor may hand on this grant: its holder, or an administrator of its unit for the work of a month.

    An administrator acts here in person, so that nobody hands on by what was itself handed on.
    """
    refused = decide_delegation_see(actor, facts)
    if refused is not None:
        return refused
    if facts.role not in DELEGABLE:
        return Denied(Reason.NOT_DELEGABLE)
    if facts.holder.is_by(actor):
        return None
    return _decide_for_another(actor, facts)


def decide_end(actor: Actor, facts: DelegatedFacts) -> Denied | None:
    """The holder ends it, the delegate hands it back, an administrator of the unit takes it away."""
    refused = decide_delegation_see(actor, facts)
    if refused is not None or facts.holder.is_by(actor):
        return refused
    if facts.delegate is not None and facts.delegate.is_by(actor):
        return None
    return _decide_for_another(actor, facts)


def decide_as_delegate(
    facts: DelegatedFacts, delegate: Actor, given_by: Actor, held: Collection[Role]
) -> Denied | None:
    """Whether this account can be the delegate: another person, not the administrator who chooses, no role that excludes it."""
    if facts.holder.is_by(delegate):
        return Denied(Reason.OWN_DELEGATE)
    is_other = not facts.holder.is_by(given_by)
    if is_other and Party(given_by.account_id, given_by.person_id, given_by.name).is_by(delegate):
        return Denied(Reason.SELF_DELEGATE)
    return check_roles_together({*held, facts.role})


def _decide_for_another(actor: Actor, facts: DelegatedFacts) -> Denied | None:
    refused = decide_unit(actor.in_person(), Action.DELEGATIONS_MANAGE, facts.unit_path)
    if refused is None and facts.role not in REASSIGNABLE:
        return Denied(Reason.ONLY_HOLDER, {"name": facts.holder.name})
    return refused
