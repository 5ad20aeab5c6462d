"""The newest ranks and grades of cards, for lists and for one card."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.rankings import RankingEntry
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.policy.ranks import sees_rank


@dataclass(frozen=True, slots=True)
class CardRank:
    """What the newest ranking says of a card: its place or why it has none, as far as either is told, and its grade."""

    rank: int | None
    absence: str | None
    grade: str | None


def ranks_of(actor: Actor, card_ids: Collection[int]) -> dict[int, CardRank]:
    """Give the newest rank and grade of each of these cards, which the actor sees; in one query, those not ranked left out."""
    if not card_ids:
        return {}
    mine = RankingEntry.scorecard_id.in_(sorted(card_ids))
    newest = select(func.max(RankingEntry.id)).where(mine).group_by(RankingEntry.scorecard_id)
    query = (
        select(RankingEntry, Plan.disclosure, Unit.path)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .where(RankingEntry.id.in_(newest))
    )
    return {
        entry.scorecard_id: CardRank(entry.rank, entry.absence, entry.grade)
        if sees_rank(actor, disclosure, path)
        else CardRank(None, None, entry.grade)
        for entry, disclosure, path in db.session.execute(query)
    }
