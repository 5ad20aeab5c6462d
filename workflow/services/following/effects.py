"""The effect of an improvement 改进效果: its indicator in the period before it was agreed and in the one after its end."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.improvements import Better, Improvement, MeasuredBy
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import State as CardState
from workflow.scoring.periods import Frequency, Period


class Verdict(StrEnum):
    """What the two values say of an improvement."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Reading:
    """The indicator in a period; no value where none is published, or measured, yet."""

    period: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The two readings, none where the day from which it is counted has not come; the verdict once both have values."""

    before: Reading | None
    after: Reading | None
    better: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The periods that have no value."""
        return tuple(each.period for each in (self.before, self.after) if each is not None and each.value is None)

    @property
    def change(self) -> Decimal | None:
        """How much the value has moved."""
        if self.before is None or self.after is None or self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def verdict(self) -> Verdict | None:
        """Whether that is better, the same or worse."""
        if self.before is None or self.after is None:
            return None
        return verdict_of(self.before.value, self.after.value, self.better)


def verdict_of(before: Decimal | None, after: Decimal | None, better: str) -> Verdict | None:
    """Say whether a value has become better, by the way in which it does; nothing while one is missing."""
    if before is None or after is None:
        return None
    if before == after:
        return Verdict.SAME
    return Verdict.BETTER if (after > before) is (better == Better.HIGHER) else Verdict.WORSE


def effect_of(improvement: Improvement) -> Effect:
    """Give the effect as it was judged, or else as the published cards or the measurements have it now."""
    if improvement.before_period is not None and improvement.after_period is not None:
        before = Reading(improvement.before_period, improvement.before_value)
        return Effect(before, Reading(improvement.after_period, improvement.after_value), improvement.better)
    return Effect(_before(improvement), _after(improvement), improvement.better)


def _before(improvement: Improvement) -> Reading | None:
    period = _period(improvement, improvement.agreed_on)
    return _read(improvement, period.previous()) if period else None


def _after(improvement: Improvement) -> Reading | None:
    period = _period(improvement, improvement.finished_on)
    return _read(improvement, period.next()) if period else None


def _period(improvement: Improvement, day: date | None) -> Period | None:
    return Period.holding(day, Frequency(improvement.frequency)) if day else None


def _read(improvement: Improvement, period: Period) -> Reading:
    by_points = improvement.measured_by == MeasuredBy.POINTS
    return Reading(period.label, (_points if by_points else _measured)(improvement, period))


def _points(improvement: Improvement, period: Period) -> Decimal | None:
    query = (
        select(ScorecardItem.points)
        .join(Scorecard, Scorecard.id == ScorecardItem.scorecard_id)
        .where(
            Scorecard.subject_kind == improvement.subject_kind,
            Scorecard.subject_id == improvement.subject_id,
            Scorecard.scheme_code == improvement.scheme_code,
            Scorecard.period == period.label,
            Scorecard.state == CardState.PUBLISHED,
            ScorecardItem.code == improvement.item_code,
        )
        .order_by(Scorecard.revision.desc(), Scorecard.id.desc())
    )
    return db.session.scalar(query.limit(1))


def _measured(improvement: Improvement, period: Period) -> Decimal | None:
    query = select(Measurement.value).where(
        Measurement.item == improvement.item_code,
        Measurement.subject_kind == improvement.subject_kind,
        Measurement.subject_id == improvement.subject_id,
        Measurement.frequency == improvement.frequency,
        Measurement.period == period.label,
        Measurement.withdrawn.is_(False),
    )
    return db.session.scalar(query)
