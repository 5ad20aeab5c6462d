"""A month of the demo organisation's story: its time, its chance, and the moves of its plan."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from workflow.scoring.periods import Period
from workflow.services.demo.found import Founded
from workflow.services.plans import plan


@dataclass(slots=True)
class Month:
    """One month of the story (or another period): a clock that is moved from step to step, and chance that is always the same."""

    period: Period
    moment: datetime
    chance: Random
    hours_to_sign: float = 12

    @classmethod
    def of(cls, period: Period) -> "Month":
        """Begin a month's appraisal at nine on the first day after it (in Shanghai)."""
        first = datetime.combine(period.last_day + timedelta(days=1), time(1), tzinfo=UTC)
        return cls(period, first, Random(period.label))  # noqa: S311 — a story told the same way each time

    def __call__(self) -> datetime:
        """Give the present moment of the story."""
        self.moment += timedelta(seconds=37)
        return self.moment

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**by)


def move_plan(founded: Founded, month: Month, trigger: str, code: str | None = None) -> None:
    """Move a plan as the administrator: the month's own, or the one that is named."""
    found = plan.find_plan(code or month.period.label)
    plan.move(founded.actors["admin"], month, found.code, trigger, seen_version=found.version)
