"""What the list of cards can be narrowed to, and the teams whose cards are being filled in."""

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select

from workflow.lifecycle import plan as plan_lifecycle
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import COMPANY, Actor, State, card_scope

MOST_CHOICES = 200
BEING_FILLED = (plan_lifecycle.State.OPEN, plan_lifecycle.State.CLOSING)


@dataclass(frozen=True, slots=True)
class Team:
    """One unit's cards in one plan, and how many of them are complete."""

    plan: str
    plan_title: str
    period: str
    unit: str
    unit_name: str
    cards: int
    complete: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Plans and units by code and title, newest plan first."""

    plans: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    periods: tuple[str, ...] = ()


def teams(actor: Actor, plan: str | None = None) -> tuple[Team, ...]:
    """Give the teams of the plans that are being filled in, or of one plan, as far as the reader sees their cards."""
    complete = func.sum(case((Scorecard.complete, 1), else_=0))
    query = (
        select(Plan.code, Plan.title, Plan.period, Unit.code, Unit.title, func.count(), complete)
        .select_from(Plan)
        .join(Scorecard, Scorecard.plan_id == Plan.id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .where(card_queries.within(card_scope(actor), actor.account_id))
        .where(Scorecard.state.not_in([State.SUPERSEDED, State.VOID]))
        .group_by(Plan.id, Plan.code, Plan.title, Plan.period, Unit.id, Unit.code, Unit.title, Unit.path)
        .order_by(Plan.period.desc(), Plan.code, Unit.path)
        .limit(MOST_CHOICES)
    )
    query = query.where(Plan.code == plan) if plan else query.where(Plan.state.in_(BEING_FILLED))
    return tuple(Team(*row) for row in db.session.execute(query))


def choices(actor: Actor) -> Choices:
    """Give the plans and units that a list of cards can be narrowed to."""
    plans = select(Plan.code, Plan.title, Plan.period).order_by(Plan.period.desc(), Plan.code).limit(MOST_CHOICES)
    plans = plans.where(Plan.state != plan_lifecycle.State.DRAFT)
    paths = {path for clause in card_scope(actor).clauses for path in clause.unit_paths or ()}
    if not paths:
        return Choices((), ())
    units = select(Unit.code, Unit.title).order_by(Unit.path).limit(MOST_CHOICES)
    if COMPANY not in paths:
        units = units.where(or_(*(Unit.path.startswith(path, autoescape=True) for path in sorted(paths))))
    found = db.session.execute(plans).all()
    return Choices(
        plans=tuple((code, title) for code, title, _ in found),
        units=tuple((code, title) for code, title in db.session.execute(units)),
        periods=tuple(dict.fromkeys(period for _, _, period in found)),
    )
