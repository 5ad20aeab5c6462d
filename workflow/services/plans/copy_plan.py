"""Copying a plan: the schemes, units, posts and disclosure of an earlier one, its due dates moved along with the period."""

from calendar import monthrange
from datetime import date

from workflow.errors import not_seen
from workflow.models.plans import Plan
from workflow.policy import Actor
from workflow.scoring.periods import Period, PeriodError
from workflow.services.plans.look_up_plans import find_seen
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.working_days import on_or_after

MONTHS = 12


def copied(
    actor: Actor,
    copy_of: str,
    *,
    code: str,
    title: str,
    period: str,
    contents: tuple[PlanContents, ...] = (),
    disclosure: str | None = None,
    calendar: dict[str, str] | None = None,
) -> NewPlan:
    """Say what the copy is made of, where nothing else is asked for; raises Refusal for a plan that the actor can't see."""
    old = find_seen(actor, copy_of)
    if old is None:
        raise not_seen()
    same = tuple(PlanContents(part["scheme"], tuple(part["units"]), tuple(part["posts"])) for part in old.contents)
    return NewPlan(
        code=code,
        title=title,
        period=period,
        contents=contents or same,
        disclosure=disclosure or old.disclosure,
        calendar=calendar or moved_along(old, period),
    )


def moved_along(plan: Plan, period: str) -> dict[str, str]:
    """Give the plan's due dates as far from the new period as they were from its own, on working days."""
    try:
        new, old = Period.parse(period).first_day, Period.parse(plan.period).first_day
    except PeriodError:
        return {}  # said where the new plan is read
    months = (new.year - old.year) * MONTHS + new.month - old.month
    days = new.day - old.day
    return {step: _moved(date.fromisoformat(day), months, days).isoformat() for step, day in plan.calendar.items()}


def _moved(day: date, months: int, days: int) -> date:
    ordinal = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(ordinal, MONTHS)
    last = monthrange(year, month + 1)[1]
    same = date(year, month + 1, min(day.day, last))
    return on_or_after(date.fromordinal(same.toordinal() + days))
