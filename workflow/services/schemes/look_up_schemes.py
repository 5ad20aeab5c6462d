"""Reading schemes 考核方案: their versions, and one of them in full with its signatures and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from workflow.errors import Denied, not_seen
from workflow.lifecycle import scheme_version as lifecycle
from workflow.models.database import db
from workflow.models.schemes import SchemeSignature, SchemeVersion
from workflow.policy import Action, Actor, SchemeState, SchemeTrigger, decide_unit
from workflow.scoring.errors import Problem
from workflow.scoring.scheme import Scheme
from workflow.services.fields import permit
from workflow.services.paging import Page, PageAsked, page
from workflow.services.schemes.maintain_schemes import as_facts, standing_signatures

_WAITS_FOR: Mapping[str, SchemeTrigger] = {
    SchemeState.PREPARED: SchemeTrigger.REVIEW,
    SchemeState.REVIEWED: SchemeTrigger.APPROVE,
}


@dataclass(frozen=True, slots=True)
class SchemesWanted:
    """What the list is narrowed to; None where it is not."""

    code: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class SchemeDetail:
    """One version in full: the moves that the reader can make, and of the others why not."""

    version: SchemeVersion
    scheme: Scheme
    warnings: tuple[Problem, ...]
    signatures: tuple[SchemeSignature, ...]
    allowed: tuple[str, ...]
    denied: Mapping[str, Denied]


def list_versions(actor: Actor, wanted: SchemesWanted, asked: PageAsked) -> Page[SchemeVersion]:
    """List the versions of the schemes by code and number; raises Refusal for those who may not see schemes."""
    permit(decide_unit(actor, Action.SCHEMES_SEE))
    query = select(SchemeVersion)
    if wanted.code is not None:
        query = query.where(SchemeVersion.code == wanted.code)
    if wanted.state is not None:
        query = query.where(SchemeVersion.state == wanted.state)
    return page(query, (SchemeVersion.code, SchemeVersion.number), asked, lambda row: row[0])


def waiting_for(actor: Actor) -> tuple[tuple[SchemeVersion, str], ...]:
    """Give the versions that wait for a signature which this actor can give, each with the move."""
    if decide_unit(actor, Action.SCHEMES_SEE):
        return ()
    query = select(SchemeVersion).where(SchemeVersion.state.in_(_WAITS_FOR)).order_by(SchemeVersion.id)
    found = []
    for version in db.session.scalars(query):
        facts = lifecycle.SchemeFacts(version.state, version.version, as_facts(standing_signatures(version.id)))
        trigger = _WAITS_FOR[version.state]
        if lifecycle.explain(trigger, facts, actor) is None:
            found.append((version, str(trigger)))
    return tuple(found)


def find_version(actor: Actor, code: str, number: int) -> SchemeDetail:
    """Read one version in full; raises Refusal (not seen) where there is none or the actor may not see schemes."""
    query = select(SchemeVersion).where(SchemeVersion.code == code, SchemeVersion.number == number)
    version = db.session.scalar(query)
    if version is None or decide_unit(actor, Action.SCHEMES_SEE):
        raise not_seen()
    signatures = standing_signatures(version.id)
    facts = lifecycle.SchemeFacts(version.state, version.version, as_facts(signatures))
    answers = {str(trigger): lifecycle.explain(trigger, facts, actor) for trigger in SchemeTrigger}
    scheme = Scheme.from_data(version.content)
    return SchemeDetail(
        version=version,
        scheme=scheme,
        warnings=scheme.warnings,
        signatures=signatures,
        allowed=tuple(trigger for trigger, denied in answers.items() if denied is None),
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
    )
