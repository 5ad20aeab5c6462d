"""What the appraised person is told beside their card: until when an appeal can be made, who handles it, what was made."""

from dataclasses import dataclass
from datetime import date

from workflow.lifecycle import appeal
from workflow.models.scorecards import Scorecard
from workflow.policy import UNIT_ROLES, Action, Actor, ObjectionFacts, State
from workflow.services.objections import committees
from workflow.services.objections.look_up_objections import ObjectionRow, about_card
from workflow.services.objections.objection_facts import signers_of
from workflow.services.scorecards.cards import OpenCard
from workflow.services.working_days import Terms


@dataclass(frozen=True, slots=True)
class MayObject:
    """The last day for appeals, whether it has passed, which administrators handle them, and what was made already."""

    until: date
    is_over: bool
    handlers: tuple[str, ...]
    made: tuple[ObjectionRow, ...]


def may_object(actor: Actor, opened: OpenCard, terms: Terms, today: date) -> MayObject | None:
    """Tell it of one's own published card; None of any other."""
    card: Scorecard = opened.card
    if card.state != State.PUBLISHED or card.published_at is None or card.appraised_person_id != actor.person_id:
        return None
    until = terms.last_day(card.published_at)
    person_id = card.appraised_person_id or 0
    facts = ObjectionFacts(appeal.State.SUBMITTED, 0, opened.found.unit_path, person_id, signers_of(card.id))
    handlers = committees.impartial(facts, today, UNIT_ROLES[Action.APPEALS_RECONSIDER])
    return MayObject(until, today > until, tuple(each.name for each in handlers), about_card(actor, card.id))
