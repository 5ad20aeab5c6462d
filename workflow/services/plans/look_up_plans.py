"""Reading plans 考核计划: those that appraise units in the reader's scope, how far they are, and what can be done with one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true

from workflow.errors import Denied, not_seen
from workflow.lifecycle import plan as lifecycle
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import COMPANY, Action, Actor, State, decide_unit, unit_scope
from workflow.services.paging import Page, PageAsked, page
from workflow.services.people.look_up_organisation import within
from workflow.services.plans.change_subjects import SubjectChange, changes_of
from workflow.services.plans.plan import facts_of

NOT_CURRENT = frozenset({State.SUPERSEDED, State.VOID})
"""The states of cards that a plan's count leaves out."""


WITHOUT_CARDS = (lifecycle.State.DRAFT, lifecycle.State.CANCELLED)
"""The states in which a plan may have no cards, so that only its contents say whom it appraises."""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One scheme of a plan and the units (code and title) that it appraises, in these posts or in any."""

    scheme: str
    scheme_title: str
    scheme_version: int
    units: tuple[tuple[str, str], ...]
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """One plan in a list; cards are counted as far as the reader's units go, by state in the lifecycle's order."""

    id: int
    code: str
    title: str
    period: str
    state: str
    version: int
    disclosure: str
    contents: tuple[PlanPart, ...]
    calendar: Mapping[str, str]  # ISO days by step
    by_state: Mapping[State, int]

    @property
    def cards(self) -> int:
        """How many current cards the plan has."""
        return sum(count for state, count in self.by_state.items() if state not in NOT_CURRENT)


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """One plan in full: the moves that the reader can make, and of the others why not; `blockers` are cards still open, `changes` who joined or left."""

    plan: PlanSummary
    allowed: tuple[str, ...]
    denied: Mapping[str, Denied]
    blockers: tuple[str, ...]
    changes: tuple[SubjectChange, ...] = ()
    manages: bool = False


@dataclass(frozen=True, slots=True)
class PlansWanted:
    """What the list is narrowed to: some states, a period; empty and None where it is not."""

    states: tuple[str, ...] = ()
    period: str | None = None


def list_plans(actor: Actor, wanted: PlansWanted, asked: PageAsked) -> Page[PlanSummary]:
    """List the plans that appraise units in the reader's scope, the newest period first; raises Refusal for a bad place."""
    query = select(Plan).where(_in_scope(actor))
    if wanted.states:
        query = query.where(Plan.state.in_(wanted.states))
    if wanted.period:
        query = query.where(Plan.period == wanted.period)
    found = page(query, (Plan.period, Plan.id), asked, lambda row: row[0], newest_first=True)
    return Page(_summaries(actor, found.rows), found.after, found.total)


def plan_detail(actor: Actor, code: str) -> PlanDetail:
    """Read one plan in full; raises Refusal (not seen) for one outside the reader's scope."""
    plan = find_seen(actor, code)
    if plan is None:
        raise not_seen()
    facts = facts_of(plan)
    triggers = [trigger for trigger in lifecycle.Trigger if trigger != lifecycle.Trigger.OPENED]
    answers = {str(trigger): lifecycle.explain(trigger, facts, actor) for trigger in triggers}
    manages = not decide_unit(actor, Action.PLANS_MANAGE, facts.unit_path)
    return PlanDetail(
        plan=_summaries(actor, [plan])[0],
        allowed=tuple(trigger for trigger, denied in answers.items() if denied is None),
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
        blockers=facts.open_cards if manages else (),
        changes=changes_of(plan) if manages else (),
        manages=manages,
    )


def find_seen(actor: Actor, code: str) -> Plan | None:
    """Give the plan with this code, if it appraises units in the reader's scope."""
    return db.session.scalar(select(Plan).where(Plan.code == code, _in_scope(actor)))


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that a plan has cards in the reader's units, or while it has none that it names such units."""
    paths = unit_scope(actor, Action.PLANS_SEE)
    if COMPANY in paths:
        return true()
    cards = select(Scorecard.id).join(Unit, Unit.id == Scorecard.unit_id)
    there = cards.where(Scorecard.plan_id == Plan.id, within(paths)).exists()
    return or_(there, Plan.id.in_(_named(paths)))


def _named(paths: Collection[str]) -> list[int]:
    """Give the plans without cards whose units lie in these ones, or hold them."""
    blank = select(Plan.id, Plan.contents).where(Plan.state.in_(WITHOUT_CARDS))
    plans = {plan_id: set(_unit_codes(contents)) for plan_id, contents in db.session.execute(blank)}
    codes = {code for named in plans.values() for code in named}
    units = db.session.execute(select(Unit.code, Unit.path).where(Unit.code.in_(codes)))
    near = {code for code, path in units if any(path.startswith(one) or one.startswith(path) for one in paths)}
    return [plan_id for plan_id, named in plans.items() if named & near]


def _unit_codes(contents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for part in contents:
        yield from part["units"]


def _summaries(actor: Actor, plans: Sequence[Plan]) -> tuple[PlanSummary, ...]:
    """Give plans with their counts and the names of what is in them, in three queries."""
    counts = _counts(actor, [plan.id for plan in plans])
    codes = {code for plan in plans for code in _unit_codes(plan.contents)}
    titles = db.session.execute(select(Unit.code, Unit.title).where(Unit.code.in_(codes)))
    units = {code: title for code, title in titles}  # noqa: C416 — rows are no pairs to mypy
    versions = {int(part["scheme_version_id"]) for plan in plans for part in plan.contents}
    named = select(SchemeVersion.id, SchemeVersion.title).where(SchemeVersion.id.in_(versions))
    schemes = {version_id: title for version_id, title in db.session.execute(named)}  # noqa: C416 — as above
    return tuple(
        PlanSummary(
            id=plan.id,
            code=plan.code,
            title=plan.title,
            period=plan.period,
            state=plan.state,
            version=plan.version,
            disclosure=plan.disclosure,
            contents=tuple(_part(part, schemes, units) for part in plan.contents),
            calendar=plan.calendar,
            by_state=counts[plan.id],
        )
        for plan in plans
    )


def _part(part: Mapping[str, Any], schemes: Mapping[int, str], units: Mapping[str, str]) -> PlanPart:
    return PlanPart(
        scheme=part["scheme"],
        scheme_title=schemes[int(part["scheme_version_id"])],
        scheme_version=part["version"],
        units=tuple((code, units[code]) for code in part["units"]),
        posts=tuple(part["posts"]),
    )


def _counts(actor: Actor, plan_ids: Sequence[int]) -> dict[int, dict[State, int]]:
    """Count the plans' cards by state, as far as the reader's units go, in one query."""
    query = select(Scorecard.plan_id, Scorecard.state, func.count()).where(Scorecard.plan_id.in_(plan_ids))
    paths = unit_scope(actor, Action.PLANS_SEE)
    if COMPANY not in paths:
        query = query.where(Scorecard.unit_id.in_(select(Unit.id).where(within(paths))))
    found: dict[int, dict[str, int]] = {plan_id: {} for plan_id in plan_ids}
    for plan_id, state, count in db.session.execute(query.group_by(Scorecard.plan_id, Scorecard.state)):
        found[plan_id][state] = count
    return {plan_id: {state: of[state] for state in State if state in of} for plan_id, of in found.items()}
