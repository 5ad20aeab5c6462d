"""Who is not ranked in a period, and why."""

from collections.abc import Iterable

from sqlalchemy import select

from workflow.lifecycle.action_item import State
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.scoring.consequences import holds_in
from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence

_NAMES = frozenset(Absence)


def absences_of(period: Period, cards: Iterable[Scorecard]) -> dict[int, Absence]:
    """Give the cards, by id, whose subjects are absent in the period.

    A confirmed consequence that lasts and is named like an absence, such as `off-post`, keeps its subject away in the
    periods that directly follow its own.
    """
    by_subject = {(card.subject_kind, card.subject_id): card.id for card in cards}
    query = select(ActionItem).where(
        ActionItem.state.in_([State.CONFIRMED, State.DONE]),
        ActionItem.lasts.is_not(None),
        ActionItem.code.in_(sorted(_NAMES)),
        ActionItem.period < period.label,
        ActionItem.subject_id.in_({subject_id for _, subject_id in by_subject}),
    )
    return {
        by_subject[item.subject_kind, item.subject_id]: Absence(item.code)
        for item in db.session.scalars(query.order_by(ActionItem.period))
        if (item.subject_kind, item.subject_id) in by_subject
        and holds_in(period, Period.parse(item.period), item.lasts)
    }
