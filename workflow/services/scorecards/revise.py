"""Revisions 更正: a new card beside the locked one, which it supersedes once it is published."""

from sqlalchemy import func, select

from workflow.errors import Reason, refuse
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.personal import ERASED
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.models.types import new_id
from workflow.policy import TRIGGER_NAMES, Grant, Role, State, Trigger
from workflow.scoring.periods import Period
from workflow.services.people.look_up_organisation import responsible_person
from workflow.services.recorders import entries
from workflow.services.scorecards.cards import OpenCard
from workflow.services.unit_of_work import Part, Work

_CARRIED = (
    "plan_id",
    "scheme_version_id",
    "scheme_code",
    "number",
    "period",
    "subject_kind",
    "subject_id",
    "subject_code",
    "subject_name",
    "unit_id",
    "appraised_person_id",
    "total",
    "provisional_total",
    "complete",
    "grade",
    "missing",
    "sections",
    "vetoes",
)
_CARRIED_BY_ITEMS = ("code", "position", "input", "note", "source", "is_fed", "points", "basis")
_CARRIED_BY_ENTRIES = (
    "ledger_entry_id",
    "item_code",
    "number",
    "happened_on",
    "reason",
    "cause",
    "count",
    "points",
    "evidence",
    "entered_by",
    "entered_at",
)


def begin(work: Work, opened: OpenCard, reason: str, role: Grant | Role = Role.ADMINISTRATOR) -> Scorecard:
    """Open the next revision of a locked card as a draft that begins with the old one's content; raises Refusal."""
    old = opened.card
    if old.subject_name == ERASED:
        raise refuse(Reason.CONTENT_ERASED, move=TRIGGER_NAMES[Trigger.REVISE])
    _refuse_second(old)
    newest = db.session.scalar(select(func.max(Scorecard.revision)).where(Scorecard.number == old.number))
    fresh = Scorecard(**{name: getattr(old, name) for name in _CARRIED})
    fresh.id, fresh.revision, fresh.revises_id, fresh.state = new_id(), (newest or 0) + 1, old.id, State.DRAFT
    standing = [each for each in card_queries.adjustments_of([old.id]) if each.voided_at is None]
    parts = [*(_item(fresh, item) for item in opened.items.values()), *(_entry(fresh, entry) for entry in standing)]
    work.create(fresh, "scorecard.revise", parts=parts, role=role, reason=reason)
    return fresh


def supersede_old(work: Work, card: Scorecard) -> None:
    """Let a published revision take the place of the card that it revises."""
    if card.revises_id is None:
        return
    old = card_queries.find_cards([card.revises_id], lock=True)[card.revises_id].card
    values = {"state": State.SUPERSEDED, "superseded_by": card.id}
    work.change(old, "scorecard.supersede", values, role=Role.ADMINISTRATOR)
    entries.drop_what_a_revision_voided(work, card)


def appraised_person(card: Scorecard) -> int | None:
    """Give the person whom the card appraises: for a unit's card the one responsible on the period's last day."""
    if card.subject_kind == "person":
        return card.subject_id
    person = responsible_person(card.unit_id, Period.parse(card.period).last_day)
    return None if person is None else person.id


def _refuse_second(old: Scorecard) -> None:
    query = select(Scorecard).where(
        Scorecard.revises_id == old.id, Scorecard.state.not_in([State.VOID, State.PUBLISHED, State.SUPERSEDED])
    )
    other = db.session.scalar(query.limit(1))
    if other is not None:
        raise refuse(Reason.REVISION_OPEN, number=f"{other.number}-R{other.revision}")


def _item(fresh: Scorecard, old: ScorecardItem) -> Part:
    row = ScorecardItem(id=new_id(), scorecard_id=fresh.id)
    return Part(row, f"items/{old.code}", {name: getattr(old, name) for name in _CARRIED_BY_ITEMS}, is_new=True)


def _entry(fresh: Scorecard, old: Adjustment) -> Part:
    row = Adjustment(id=new_id(), scorecard_id=fresh.id)
    values = {name: getattr(old, name) for name in _CARRIED_BY_ENTRIES}
    return Part(row, f"adjustments/{old.item_code}/{old.number}", values, is_new=True)
