"""What policy and lifecycle need to know of a query or an appeal, gathered from its rows."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from workflow.lifecycle import appeal
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.objections import APPEAL, CommitteeSeat, Objection, ObjectionStep
from workflow.models.organisation import Unit
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import CommitteeMember, ObjectionFacts, Party, StandingSignature

HANDLING = frozenset({appeal.Trigger.ACCEPT, appeal.Trigger.UPHOLD, appeal.Trigger.REJECT})
"""The moves by which somebody has dealt with an appeal."""


def facts_of(objection: Objection, today: date) -> ObjectionFacts:
    """Give the facts of one objection, in four queries; an appeal can be escalated up to and on its last day."""
    dealt = [step for step in steps_of(objection.id) if step.trigger in HANDLING]
    accepted = objection.state == appeal.State.ACCEPTED and dealt
    return ObjectionFacts(
        state=objection.state,
        version=objection.version,
        unit_path=db.session.scalar(select(Unit.path).where(Unit.id == objection.unit_id)) or "",
        person_id=objection.person_id,
        signers=signers_of(objection.scorecard_id),
        handler=_party(dealt[-1]) if accepted else None,
        handled_by=tuple(_party(step) for step in dealt),
        committee=tuple(
            CommitteeMember(seat.account_id, seat.person_id, seat.name, seat.vote) for seat in seats_of(objection.id)
        ),
        escalated=objection.escalated,
        escalate_until=objection.escalate_until,
        escalation_over=objection.escalate_until is not None and today > objection.escalate_until,
    )


def signers_of(card_id: int) -> tuple[StandingSignature, ...]:
    """Give who ever signed any revision of this card, taken back or not."""
    number = select(Scorecard.number).where(Scorecard.id == card_id).scalar_subquery()
    query = select(Signature).join(Scorecard, Scorecard.id == Signature.scorecard_id).where(Scorecard.number == number)
    return card_queries.as_facts(db.session.scalars(query.order_by(Signature.record_id)))


def steps_of(objection_id: int) -> Sequence[ObjectionStep]:
    """Give what was done and said, oldest first."""
    query = select(ObjectionStep).where(ObjectionStep.objection_id == objection_id).order_by(ObjectionStep.number)
    return db.session.scalars(query).all()


def seats_of(objection_id: int) -> Sequence[CommitteeSeat]:
    """Give the committee, in the order of its names' accounts; none where none has been named."""
    query = select(CommitteeSeat).where(CommitteeSeat.objection_id == objection_id).order_by(CommitteeSeat.id)
    return db.session.scalars(query).all()


def appeals_about(card_id: int) -> dict[str | None, Objection]:
    """Give the appeals against a card that were not withdrawn, by item, against the whole card under None."""
    query = select(Objection).where(
        Objection.scorecard_id == card_id, Objection.kind == APPEAL, Objection.state != appeal.State.WITHDRAWN
    )
    return {objection.item: objection for objection in db.session.scalars(query)}


def _party(step: ObjectionStep) -> Party:
    return Party(step.account_id, step.person_id, step.name)
