"""`kaogong demo`: the demo organisation with twelve published months, all final but the newest, and an open one, always the same.

The days of each month, and the quarters, half-years and years that end with a published month, have plans of their own.
"""

from collections.abc import Callable

from sqlalchemy import select

from config import Settings
from workflow.errors import Reason, refuse
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.scoring.periods import Frequency, Period
from workflow.services.demo import (
    banking,
    correcting,
    deputising,
    improving,
    measuring,
    months,
    objecting,
    reporting,
    rolling,
    settling,
    with_evidence,
)
from workflow.services.demo.found import FOUNDED, PASSWORD, Founded, found, holds_demo, is_empty

PUBLISHED_MONTHS = 12
WAITING = 2
"""In how many of the newest months what was decided still waits to be done."""

STEPS = PUBLISHED_MONTHS + 2

__all__ = ["PASSWORD", "STEPS", "load", "was_interrupted"]


def was_interrupted(settings: Settings) -> bool:
    """Say whether the database holds a demo organisation that ends before its newest month."""
    plan = select(Plan.id).where(Plan.code == _newest(settings).label)
    return holds_demo() and db.session.scalar(plan) is None


def load(settings: Settings, progress: Callable[[], None], published: int = PUBLISHED_MONTHS) -> None:
    """Load the demo organisation with so many published months; raises Refusal for a database that holds anybody."""
    if not is_empty():
        raise refuse(Reason.NOT_EMPTY)
    founded = found(lambda: FOUNDED)
    progress()
    newest = _newest(settings)
    first = newest.previous(published)
    measuring.measure_before(founded, first)
    banking.begin(founded, first)
    for count in range(published, 0, -1):
        _tell(founded, newest.previous(count), places_back=count)
        progress()
    rolling.publish_days(founded, newest)
    month = months.leave_in_draft(founded, newest)
    improving.judge(founded, month)
    deputising.deputise(founded, month)
    objecting.ask(founded, month, newest.previous())
    months.remind_who_is_late(founded, month)
    progress()


def _tell(founded: Founded, period: Period, *, places_back: int) -> None:
    """Tell a month with its days and what ends with it; the newest is open to objections, the others become final."""
    rolling.publish_days(founded, period)
    month = months.publish_month(founded, period)
    if places_back == WAITING:
        correcting.uphold_one(founded, month)
    if places_back > 1:
        settling.make_final(founded, month)
        if places_back == WAITING:
            correcting.correct_one(founded, month)
        settling.decide(founded, month, complete=places_back > WAITING)
        if places_back == WAITING:
            reporting.report_on(founded, month, publish=True)
            improving.begin(founded, month)
    else:
        reporting.report_on(founded, month, publish=False)
        objecting.object_to_month(founded, month)
        with_evidence.question(founded, month)
    rolling.publish_longer(founded, period)


def _newest(settings: Settings) -> Period:
    return Period.holding(settings.demo_today, Frequency.MONTH).previous()
