"""What lies beside a card: the cards before and after it in its plan, its revision, and last period's items."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, literal, select, tuple_, union_all

from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Actor, State, card_scope
from workflow.services.scorecards.cards import OpenCard


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A card that can be gone to."""

    id: int
    period: str
    unit: str
    subject_name: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cards around one, as far as the reader sees them."""

    before: Neighbour | None
    after: Neighbour | None
    superseded_by: Neighbour | None


def neighbours(actor: Actor, opened: OpenCard) -> Neighbours:
    """Give the current cards before and after this one in its plan, and the one that took its place, in one query."""
    card = opened.card
    seen = card_queries.within(card_scope(actor), actor.account_id)
    current = (Scorecard.plan_id == card.plan_id) & seen & Scorecard.state.not_in([State.SUPERSEDED, State.VOID])
    place, here = tuple_(Scorecard.number, Scorecard.revision), (card.number, card.revision)
    parts = (
        _one("before").where(current, place < here).order_by(Scorecard.number.desc(), Scorecard.revision.desc()),
        _one("after").where(current, place > here).order_by(Scorecard.number, Scorecard.revision),
        _one("superseded_by").where(Scorecard.id == (card.superseded_by or 0), seen),
    )
    query = union_all(*(select(part.limit(1).subquery()) for part in parts))
    found = {row[0]: Neighbour(*row[1:]) for row in db.session.execute(query)}
    return Neighbours(found.get("before"), found.get("after"), found.get("superseded_by"))


def item_values(card_id: int | None) -> dict[str, tuple[str | None, Decimal | None]]:
    """Give the value and the points of each item of a card; of no card nothing."""
    if card_id is None:
        return {}
    query = select(ScorecardItem.code, ScorecardItem.input, ScorecardItem.points).where(
        ScorecardItem.scorecard_id == card_id
    )
    return {code: (_value(entered), points) for code, entered, points in db.session.execute(query)}


def _one(place: str) -> Select[*tuple[Any, ...]]:
    return select(
        literal(place).label("place"), Scorecard.id, Scorecard.period, Unit.code, Scorecard.subject_name
    ).join(Unit, Unit.id == Scorecard.unit_id)


def _value(entered: dict[str, Any] | None) -> str | None:
    value = (entered or {}).get("value")
    return None if value is None else str(value)
