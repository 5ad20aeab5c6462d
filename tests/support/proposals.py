"""Something proposed for whom a card appraises, without the months that would lead to it."""

from datetime import date
from typing import Any

from tests.support.settable_clock import SettableClock
from workflow.models.actions import ActionItem
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.services.unit_of_work import unit_of_work


def propose(card: Scorecard, clock: SettableClock, **more: Any) -> ActionItem:
    """Propose a talk, or what else its fields say."""
    subject = {name: getattr(card, name) for name in ("subject_kind", "subject_id", "subject_code", "subject_name")}
    place = {"plan_id": card.plan_id, "scorecard_id": card.id, "period": card.period, "unit_id": card.unit_id}
    said = {"code": "talk", "title": "谈话", "function": "hr", "due_on": date(2026, 11, 20), **more}
    item = ActionItem(id=new_id(), **{**subject, **place, **said})
    with unit_of_work(SYSTEM, clock) as work:
        work.create(item, "action.propose")
    return item
