"""Who moves a scheme version: the administrator prepares and retires, reviewer and approver with company scope sign."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.errors import Denied, Reason
from workflow.policy.actions import UNIT_ROLES, Action
from workflow.policy.cards import decide_signer
from workflow.policy.facts import COMPANY, Actor, StandingSignature
from workflow.policy.refusals import no_grant
from workflow.policy.units import decide_unit
from workflow.policy.vocabulary import Meaning, Role
from workflow.wording import Phrase


class SchemeState(StrEnum):
    """The states of a scheme version; from `approved` on it is immutable."""

    DRAFT = "draft"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETIRED = "retired"


SCHEME_STATE_NAMES: Mapping[SchemeState, Phrase] = {
    SchemeState.DRAFT: Phrase("草稿", "draft"),
    SchemeState.PREPARED: Phrase("已编制(待审核)", "prepared (awaiting review)"),
    SchemeState.REVIEWED: Phrase("已审核(待批准)", "reviewed (awaiting approval)"),
    SchemeState.APPROVED: Phrase("已批准", "approved"),
    SchemeState.RETIRED: Phrase("已停用", "retired"),
}


class SchemeTrigger(StrEnum):
    """The moves of a scheme version."""

    PREPARE = "prepare"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    RETIRE = "retire"


SCHEME_TRIGGER_NAMES: Mapping[SchemeTrigger, Phrase] = {
    SchemeTrigger.PREPARE: Phrase("编制", "prepare"),
    SchemeTrigger.REVIEW: Phrase("审核", "review"),
    SchemeTrigger.APPROVE: Phrase("批准", "approve"),
    SchemeTrigger.RETURN: Phrase("退回", "return"),
    SchemeTrigger.RETIRE: Phrase("停用", "retire"),
}

SCHEME_MOVED_BY: Mapping[str, frozenset[Role]] = {
    SchemeTrigger.PREPARE: UNIT_ROLES[Action.SCHEMES_MANAGE],
    SchemeTrigger.REVIEW: UNIT_ROLES[Action.SCHEMES_REVIEW],
    SchemeTrigger.APPROVE: UNIT_ROLES[Action.SCHEMES_APPROVE],
    SchemeTrigger.RETURN: UNIT_ROLES[Action.SCHEMES_REVIEW] | UNIT_ROLES[Action.SCHEMES_APPROVE],
    SchemeTrigger.RETIRE: UNIT_ROLES[Action.SCHEMES_MANAGE],
}
_RETURNED_BY: Mapping[str, frozenset[Role]] = {
    SchemeState.PREPARED: UNIT_ROLES[Action.SCHEMES_REVIEW],
    SchemeState.REVIEWED: UNIT_ROLES[Action.SCHEMES_APPROVE],
}


def scheme_moved_by(trigger: str, state: str) -> frozenset[Role]:
    """The roles that make this move from this state."""
    roles = SCHEME_MOVED_BY[trigger]
    return _RETURNED_BY.get(state, roles) if trigger == SchemeTrigger.RETURN else roles


def decide_scheme_move(
    actor: Actor, trigger: str, state: str, signatures: tuple[StandingSignature, ...] = ()
) -> Denied | None:
    """None if the actor may make this move; for an unknown trigger only whether schemes may be seen."""
    if decide_unit(actor, Action.SCHEMES_SEE) is not None:
        return Denied(Reason.NOT_SEEN)
    if trigger not in SCHEME_MOVED_BY:
        return None
    roles = scheme_moved_by(trigger, state)
    if not actor.holds(roles, COMPANY):
        return no_grant(roles)
    return decide_signer(actor, Meaning(trigger), signatures) if trigger in set(Meaning) else None
