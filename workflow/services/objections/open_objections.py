"""Which queries and appeals are not settled: nothing of a plan is final while there are any."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from workflow.lifecycle import appeal, query
from workflow.models.database import db
from workflow.models.objections import APPEAL, QUERY, Objection
from workflow.models.scorecards import Scorecard
from workflow.policy import DISCLOSED

_Revision, _Published = aliased(Scorecard), aliased(Scorecard)


def open_objections(plan_id: int, today: date) -> tuple[str, ...]:
    """Name what is open about a plan's cards, by person and card, in one query."""
    listed = (
        select(Scorecard.subject_name, Scorecard.number)
        .join(Objection, Objection.scorecard_id == Scorecard.id)
        .where(Objection.plan_id == plan_id, is_unsettled(today))
        .order_by(Objection.id)
    )
    return tuple(f"{name} {number}" for name, number in db.session.execute(listed))


def is_unsettled(today: date) -> ColumnElement[bool]:
    """Say in SQL that an objection waits for somebody, can still be escalated, or was upheld and the revision is not out."""
    unanswered = and_(Objection.kind == QUERY, Objection.state.in_(query.OPEN))
    undecided = and_(Objection.kind == APPEAL, Objection.state.in_(appeal.OPEN))
    escalates = and_(
        Objection.state == appeal.State.REJECTED,
        Objection.escalated.is_(False),
        Objection.escalate_until >= today,
    )
    # A revision that was voided may be opened again: what counts is that one as new as it has been published.
    is_out = exists().where(
        _Revision.id == Objection.revision_id,
        _Published.number == _Revision.number,
        _Published.revision >= _Revision.revision,
        _Published.state.in_(DISCLOSED),
        _Published.published_at.is_not(None),
    )
    return or_(unanswered, undecided, escalates, and_(Objection.state == appeal.State.UPHELD, not_(is_out)))
