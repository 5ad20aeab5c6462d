"""Who may see, answer and decide a query or an appeal (source: lifecycle.md, The others)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflow.errors import Denied, Reason
from workflow.policy.actions import UNIT_ROLES, Action
from workflow.policy.facts import Actor, Party, StandingSignature
from workflow.policy.refusals import no_grant
from workflow.policy.units import decide_unit
from workflow.policy.vocabulary import MEANING_NAMES, Meaning, Role


@dataclass(frozen=True, slots=True)
class CommitteeMember(Party):
    """One of the three who decide an escalated appeal; `vote` is the trigger they chose, none before they have."""

    vote: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """What policy and lifecycle need to know of a query or an appeal."""

    state: str
    version: int
    unit_path: str
    person_id: int  # who objects
    signers: tuple[StandingSignature, ...] = ()  # who ever signed a revision of the card
    handler: Party | None = None  # who has accepted it and not yet decided
    handled_by: tuple[Party, ...] = ()  # who accepted or decided it before it was escalated
    committee: tuple[CommitteeMember, ...] = ()
    escalated: bool = False
    escalate_until: date | None = None  # the last day to escalate a rejected appeal
    escalation_over: bool = False

    def is_own(self, actor: Actor) -> bool:
        """Whether the actor is the one who objects."""
        return actor.person_id is not None and actor.person_id == self.person_id

    def votes(self, trigger: str) -> int:
        """How many members of the committee have chosen this trigger."""
        return sum(member.vote == trigger for member in self.committee)


def decide_objection_see(actor: Actor, seeing: Action, facts: ObjectionFacts) -> Denied | None:
    """Who objects sees it, a member of its committee, and whoever may see those of the card's unit."""
    if facts.is_own(actor) or _seat(actor, facts):
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, seeing, facts.unit_path) else None


def decide_objector(actor: Actor, facts: ObjectionFacts) -> Denied | None:
    """Only who objects withdraws, closes or escalates."""
    return None if facts.is_own(actor) else Denied(Reason.NOT_OBJECTOR)


def decide_answer(actor: Actor, facts: ObjectionFacts) -> Denied | None:
    """Anyone responsible answers a query, who signed the card too; nobody their own."""
    refused = decide_unit(actor.apart_from(facts.person_id), Action.QUERIES_ANSWER, facts.unit_path)
    return refused or (Denied(Reason.OWN_OBJECTION) if facts.is_own(actor) else None)


def decide_handle(actor: Actor, facts: ObjectionFacts, *, reconsidered: bool) -> Denied | None:
    """Who signed nothing on the card decides an appeal: its handler or an administrator, and once `reconsidered` another.

    Where a committee has been named its members alone decide.
    """
    if reconsidered and facts.committee:
        return None if _seat(actor, facts) else Denied(Reason.NOT_ON_COMMITTEE, {"names": names_of(facts.committee)})
    actor = actor.apart_from(facts.person_id)
    refused = decide_unit(
        actor, Action.APPEALS_RECONSIDER if reconsidered else Action.APPEALS_HANDLE, facts.unit_path
    ) or decide_impartial(actor, facts)
    if refused or reconsidered or facts.handler is None or facts.handler.is_by(actor):
        return refused
    return None if actor.holds({Role.ADMINISTRATOR}, facts.unit_path) else _other_handler(facts.handler)


def decide_impartial(actor: Actor, facts: ObjectionFacts) -> Denied | None:
    """Refuse who objects, who ever signed the card, and once escalated who dealt with the appeal before."""
    if facts.is_own(actor):
        return Denied(Reason.OWN_OBJECTION)
    for signature in facts.signers:
        if signature.is_by(actor):
            return Denied(Reason.SIGNED_THERE, {"meaning": MEANING_NAMES[Meaning(signature.meaning)]})
    if facts.escalated and any(party.is_by(actor) for party in facts.handled_by):
        return Denied(Reason.HANDLED_BEFORE)
    return None


def decide_seat(actor: Actor, facts: ObjectionFacts) -> Denied | None:
    """Whether this actor may be one of the committee: a role that handles appeals there, and impartial."""
    if not actor.holds(UNIT_ROLES[Action.APPEALS_HANDLE], facts.unit_path):
        return no_grant(UNIT_ROLES[Action.APPEALS_HANDLE])
    return decide_impartial(actor, facts)


def names_of(parties: Iterable[Party]) -> str:
    """Write names in a row."""
    return "、".join(party.name for party in parties)


def _seat(actor: Actor, facts: ObjectionFacts) -> CommitteeMember | None:
    return next((member for member in facts.committee if member.is_by(actor)), None)


def _other_handler(handler: Party) -> Denied:
    return Denied(Reason.NOT_HANDLER, {"name": handler.name})
