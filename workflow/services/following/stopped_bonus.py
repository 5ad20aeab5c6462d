"""Whose bonus is stopped: by a confirmed consequence with `bonus: none`. The wage always goes on."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from workflow.lifecycle.action_item import State
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.scoring.consequences import holds_in
from workflow.scoring.periods import Period
from workflow.scoring.terms import BonusEffect


def bonus_stopped(person_ids: Collection[int], period: Period) -> Mapping[int, int]:
    """Give who of these persons gets no bonus in the period, each with the action item that says so (source: 95595 method, ch. 1 § 6, 绩效奖金不予发放).

    What is only proposed, or was dismissed, stops nothing.
    """
    query = select(ActionItem.person_id, ActionItem.id, ActionItem.period, ActionItem.lasts).where(
        ActionItem.bonus == BonusEffect.NONE,
        ActionItem.state.in_([State.CONFIRMED, State.DONE]),
        ActionItem.person_id.in_(person_ids),
    )
    return {
        person_id: item_id
        for person_id, item_id, decided, lasts in db.session.execute(query.order_by(ActionItem.id))
        if person_id is not None and holds_in(period, Period.parse(decided), lasts)
    }
