"""Plans 考核计划: make one, open it with a card for each subject, close, publish, make it final."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from workflow.errors import Denied, FieldError, Reason, Refusal, not_seen, stale
from workflow.lifecycle import plan as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import DISCLOSURES, Plan
from workflow.models.record import Record
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import COMPANY, Action, Actor, Role, State, decide_unit
from workflow.scoring.periods import Period, PeriodError, parse_day
from workflow.services.clock import Clock
from workflow.services.fields import Fields
from workflow.services.following import follow_up
from workflow.services.objections.open_objections import open_objections
from workflow.services.paying import payroll
from workflow.services.ranking import rank
from workflow.services.schemes.maintain_schemes import in_force, scorer_of
from workflow.services.scorecards import cards, derive, make_cards, revise
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.services.working_days import USUAL, Terms
from workflow.wording import Phrase

INPUTS = "inputs"
STEPS = (INPUTS, "prepare", "review", "approve", "disclose", "object", "finalize", "payroll")
"""The steps of a plan's calendar that have a due date; the inputs of an item may have one of their own."""

OF_ITEM = "inputs:"
"""Before an item's code: the item's own due date of the inputs."""

NO_SUCH_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
NO_SUCH_SCHEME = Phrase("没有已批准的方案 {code}", "there is no approved scheme {code}")
WRONG_FREQUENCY = Phrase("方案 {code} 的考核周期与期间不符", "the scheme {code} is for another kind of period")
CODE_TAKEN = Phrase("编码 {code} 已被使用", "the code {code} is taken")
ONE_OF = Phrase("须是 {choices} 之一", "must be one of {choices}")
NO_DAY = Phrase("须是 2026-11-05 这样的日期", "must be a day like 2026-11-05")
NOTHING_IN_IT = Phrase("至少需要一个方案和一个单位", "it needs a scheme and a unit at least")
STILL_OPEN = (State.DRAFT, State.PREPARED, State.REVIEWED)
"""The states of cards that keep a plan from being published, and that end with it when it is cancelled."""

CODE_LENGTH = 64
TITLE_LENGTH = 128


@dataclass(frozen=True, slots=True)
class PlanContents:
    """One scheme of a plan: which units (with everything below them) it appraises, and in them which posts (none: all)."""

    scheme: str
    units: tuple[str, ...]
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a plan is made of; due dates are ISO days by step."""

    code: str
    title: str
    period: str
    contents: tuple[PlanContents, ...]
    disclosure: str = "own-rank"
    calendar: Mapping[str, str] = field(default_factory=dict)


def create(actor: Actor, clock: Clock, new: NewPlan, kept: Kept | None = None) -> Plan:
    """Make a draft plan; raises Refusal naming each field that is wrong."""
    with unit_of_work(actor, clock, kept) as work:
        cards.check(decide_unit(actor, Action.PLANS_MANAGE))
        plan = _read(new)
        for path in _paths(plan.contents):
            cards.check(decide_unit(actor, Action.PLANS_MANAGE, path))
        work.create(plan, "plan.create", role=Role.ADMINISTRATOR)
        work.finish(plan)
        return plan


def move(
    actor: Actor,
    clock: Clock,
    code: str,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
    terms: Terms = USUAL,
) -> Plan:
    """Move a plan through its life: opening makes its cards, publishing publishes and ranks them.

    Making it final, once the time for objections is over, settles the ranks, proposes what follows from them, and freezes
    the payroll.
    """
    with unit_of_work(actor, clock, kept) as work:
        plan = find_plan(code, lock=True)
        facts = _with_objections(facts_of(plan), plan, terms, work.now)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(plan.version, plan.state) if answer.reason is Reason.STALE else Refusal(answer)
        if trigger == lifecycle.Trigger.OPEN:
            make_cards.create_all(work, plan)
        if trigger == lifecycle.Trigger.CANCEL:
            _void_cards(work, plan, reason or "")
        if trigger == lifecycle.Trigger.PUBLISH:
            _publish_cards(work, plan)
            rank.rank_plan(work, plan)
        if trigger == lifecycle.Trigger.FINALIZE:
            rank.rank_plan(work, plan)
            rank.make_final(work, plan)
            follow_up.propose_for(work, plan)
            payroll.settle(work, plan)
        role = Role.ADMINISTRATOR
        work.change(plan, f"plan.{trigger}", {"state": answer.target}, role=role, reason=reason or "")
        work.finish(plan)
        return plan


def due_of_item(calendar: Mapping[str, str], item: str) -> date | None:
    """Give the day by which an item has to be put in: its own, or else that of all inputs; none where neither is set."""
    day = calendar.get(f"{OF_ITEM}{item}") or calendar.get(STEPS[0])
    return date.fromisoformat(day) if day else None


def find_plan(code: str, *, lock: bool = False) -> Plan:
    """Find a plan by its code; raises Refusal where there is none."""
    query = select(Plan).where(Plan.code == code)
    plan = db.session.scalar(query.with_for_update() if lock else query)
    if plan is None:
        raise not_seen()
    return plan


def facts_of(plan: Plan) -> lifecycle.PlanFacts:
    """Give what policy and lifecycle need to know of a plan."""
    still_open = select(Scorecard.number).where(Scorecard.plan_id == plan.id, Scorecard.state.in_(STILL_OPEN))
    return lifecycle.PlanFacts(
        state=plan.state,
        version=plan.version,
        unit_path=unit_path_of(plan),
        subjects=0,
        open_cards=tuple(db.session.scalars(still_open.order_by(Scorecard.number))),
    )


def unit_path_of(plan: Plan) -> str:
    """Give the path of the unit that holds all units of a plan; that of the company where none does."""
    return _common_path(_paths(plan.contents))


def _with_objections(facts: lifecycle.PlanFacts, plan: Plan, terms: Terms, now: datetime) -> lifecycle.PlanFacts:
    """Add until when may be objected to the plan's cards, the last published revision counting, and what is open."""
    query = select(func.max(Record.at)).where(
        Record.entity_kind == "plan", Record.entity_id == plan.id, Record.event == f"plan.{lifecycle.Trigger.PUBLISH}"
    )
    newest = select(func.max(Scorecard.published_at)).where(
        Scorecard.plan_id == plan.id, Scorecard.state == State.PUBLISHED
    )
    published = [moment for moment in (db.session.scalar(query), db.session.scalar(newest)) if moment is not None]
    if not published:
        return facts
    today, until = terms.day_of(now), terms.last_day(max(published))
    return replace(
        facts,
        objection_until=until,
        objection_time_over=today > until,
        open_objections=open_objections(plan.id, today),
    )


def _read(new: NewPlan) -> Plan:
    """Check a new plan field by field; gives it with the scheme versions that will score it."""
    fields = Fields()
    code = fields.code("code", new.code, CODE_LENGTH)
    title = fields.text("title", new.title, TITLE_LENGTH)
    if db.session.scalar(select(Plan.id).where(Plan.code == code)):
        fields.wrong("code", CODE_TAKEN, code=code)
    try:
        period: Period | None = Period.parse(new.period)
    except PeriodError as error:
        period = None
        fields.wrong("period", error.phrase)
    if new.disclosure not in DISCLOSURES:
        fields.wrong("disclosure", ONE_OF, choices="、".join(DISCLOSURES))
    for step, day in new.calendar.items():
        if not _is_day(day):
            fields.wrong(f"calendar.{step}", NO_DAY)
    contents = _read_contents(new, period, fields)
    fields.check()
    return Plan(
        code=code,
        title=title,
        period=new.period,
        state=lifecycle.State.DRAFT,
        disclosure=new.disclosure,
        contents=contents,
        calendar=dict(new.calendar),
    )


def _read_contents(new: NewPlan, period: Period | None, fields: Fields) -> list[dict[str, Any]]:
    if not new.contents:
        fields.wrong("contents", NOTHING_IN_IT)
    contents = []
    for place, part in enumerate(new.contents):
        scheme = None if period is None else in_force(part.scheme, period)
        fields.errors += _faults_of(part, scheme, period, f"contents[{place}]")
        if scheme is not None:
            version = {"scheme": part.scheme, "version": scheme.number, "scheme_version_id": str(scheme.id)}
            contents.append({**version, "units": list(part.units), "posts": list(part.posts)})
    return contents


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except PeriodError:
        return False
    return True


def _faults_of(
    part: PlanContents, scheme: SchemeVersion | None, period: Period | None, path: str
) -> Iterable[FieldError]:
    if scheme is None:
        if period is not None:
            yield FieldError(f"{path}.scheme", NO_SUCH_SCHEME, {"code": part.scheme})
    elif period is not None and scorer_of(scheme.id).scheme.frequency != period.frequency:
        yield FieldError(f"{path}.scheme", WRONG_FREQUENCY, {"code": part.scheme})
    if not part.units:
        yield FieldError(f"{path}.units", NOTHING_IN_IT)
    known = set(db.session.scalars(select(Unit.code).where(Unit.code.in_(part.units))))
    for place, code in enumerate(part.units):
        if code not in known:
            yield FieldError(f"{path}.units[{place}]", NO_SUCH_UNIT, {"code": code})


def _paths(contents: Sequence[Mapping[str, Any]]) -> list[str]:
    codes = sorted({code for part in contents for code in part["units"]})
    return list(db.session.scalars(select(Unit.path).where(Unit.code.in_(codes)).order_by(Unit.path)))


def _common_path(paths: Sequence[str]) -> str:
    """Give the path of the unit that holds all of them: whoever manages the plan needs a grant that reaches it."""
    if not paths:
        return COMPANY
    parts = [path.strip("/").split("/") for path in paths]
    shared = []
    for steps in zip(*parts, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return f"/{'/'.join(shared)}/" if shared else COMPANY


def _publish_cards(work: Work, plan: Plan) -> None:
    """Publish every approved card of the plan; what an approved revision replaces is superseded without being shown."""
    revision = aliased(Scorecard)
    replaced = select(revision.id).where(revision.revises_id == Scorecard.id, revision.state == State.APPROVED)
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state == State.APPROVED, ~replaced.exists())
    published = db.session.scalars(query.order_by(Scorecard.id).with_for_update()).all()
    for card in published:
        values = {"state": State.PUBLISHED, "published_at": work.now}
        work.change(card, "scorecard.publish", values, role=Role.ADMINISTRATOR)
        revise.supersede_old(work, card)
    derive.follow_cards(work, published)


def _void_cards(work: Work, plan: Plan, reason: str) -> None:
    """Void the plan's cards that are not locked: nobody works on them any more, and none comes back."""
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state.in_(STILL_OPEN))
    voided = db.session.scalars(query.order_by(Scorecard.id).with_for_update()).all()
    for card in voided:
        work.change(card, "scorecard.void", {"state": State.VOID}, role=Role.ADMINISTRATOR, reason=reason)
    derive.follow_cards(work, voided)
