"""Plans 考核计划: make one, open it with a card for each subject, close, publish."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, FieldError, Refusal, invalid, not_seen, stale
from workflow.lifecycle import plan as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.models.types import new_id
from workflow.policy import COMPANY, Action, Actor, Role, State, decide_unit
from workflow.scoring.card import Card, ItemOutcome
from workflow.scoring.periods import Period, PeriodError
from workflow.services import cards, measure, revise
from workflow.services.cards import OpenCard
from workflow.services.clock import Clock
from workflow.services.look_up_organisation import members, subtree
from workflow.services.maintain_schemes import newest_in_force, scorer_of
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

STEPS = ("inputs", "prepare", "review", "approve", "disclose", "object", "payroll")
"""The steps of a plan's calendar that have a due date."""

NO_SUCH_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
NO_SUCH_SCHEME = Phrase("没有已批准的方案 {code}", "there is no approved scheme {code}")
WRONG_FREQUENCY = Phrase("方案 {code} 的考核周期与期间不符", "the scheme {code} is for another kind of period")
CODE_TAKEN = Phrase("编码 {code} 已被使用", "the code {code} is taken")
NEEDED = Phrase("必填", "is required")
NOTHING_IN_IT = Phrase("至少需要一个方案和一个单位", "it needs a scheme and a unit at least")
NOBODY = Phrase("所选单位中没有被考核人", "there is nobody to appraise in these units")


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


@dataclass(frozen=True, slots=True)
class _Subject:
    kind: str
    id: int
    code: str
    name: str
    unit_id: int


def create(actor: Actor, clock: Clock, new: NewPlan, kept: Kept | None = None) -> Plan:
    """Make a draft plan; raises Refusal naming each field that is wrong."""
    with unit_of_work(actor, clock, kept) as work:
        cards.check(decide_unit(actor, Action.PLANS_MANAGE))
        contents = _read_contents(new)
        for path in _paths(contents):
            cards.check(decide_unit(actor, Action.PLANS_MANAGE, path))
        plan = Plan(
            code=new.code,
            title=new.title,
            period=new.period,
            state=lifecycle.State.DRAFT,
            disclosure=new.disclosure,
            contents=contents,
            calendar=dict(new.calendar),
        )
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
) -> Plan:
    """Move a plan through its life; opening makes its cards, publishing publishes every approved one."""
    with unit_of_work(actor, clock, kept) as work:
        plan = find_plan(code, lock=True)
        facts = facts_of(plan)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(plan.version, plan.state) if answer.code == "stale" else Refusal(answer)
        if trigger == lifecycle.Trigger.OPEN:
            _create_cards(work, plan)
        if trigger == lifecycle.Trigger.PUBLISH:
            _publish_cards(work, plan)
        role = Role.ADMINISTRATOR
        work.change(plan, f"plan.{trigger}", {"state": answer.target}, role=role, reason=reason or "")
        work.finish(plan)
        return plan


def find_plan(code: str, *, lock: bool = False) -> Plan:
    """Find a plan by its code; raises Refusal where there is none."""
    query = select(Plan).where(Plan.code == code)
    plan = db.session.scalar(query.with_for_update() if lock else query)
    if plan is None:
        raise not_seen()
    return plan


def facts_of(plan: Plan) -> lifecycle.PlanFacts:
    """Give what policy and lifecycle need to know of a plan."""
    still_open = select(Scorecard.number).where(
        Scorecard.plan_id == plan.id, Scorecard.state.in_([State.DRAFT, State.PREPARED, State.REVIEWED])
    )
    return lifecycle.PlanFacts(
        state=plan.state,
        version=plan.version,
        unit_path=_common_path(_paths(plan.contents)),
        subjects=0,
        open_cards=tuple(db.session.scalars(still_open.order_by(Scorecard.number))),
    )


def _read_contents(new: NewPlan) -> list[dict[str, Any]]:
    """Check a new plan field by field; gives its contents with the scheme versions that will score it."""
    faults = [FieldError(name, NEEDED) for name in ("code", "title") if not getattr(new, name).strip()]
    if db.session.scalar(select(Plan.id).where(Plan.code == new.code)):
        faults.append(FieldError("code", CODE_TAKEN, {"code": new.code}))
    try:
        period: Period | None = Period.parse(new.period)
    except PeriodError as error:
        period = None
        faults.append(FieldError("period", error.phrase))
    if not new.contents:
        faults.append(FieldError("contents", NOTHING_IN_IT))
    contents = []
    for place, part in enumerate(new.contents):
        scheme = newest_in_force(part.scheme)
        faults += _faults_of(part, scheme, period, f"contents[{place}]")
        if scheme is not None:
            version = {"scheme": part.scheme, "version": scheme.number, "scheme_version_id": str(scheme.id)}
            contents.append({**version, "units": list(part.units), "posts": list(part.posts)})
    if faults:
        raise invalid(*faults)
    return contents


def _faults_of(
    part: PlanContents, scheme: SchemeVersion | None, period: Period | None, path: str
) -> Iterable[FieldError]:
    if scheme is None:
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


def _create_cards(work: Work, plan: Plan) -> None:
    """Make a card for each subject, numbered in the order of the contents, units and codes."""
    count = 0
    for part in plan.contents:
        for subject in _subjects(plan, part):
            count += 1
            _create_card(work, plan, part, subject, f"{plan.code}-{count:04d}")
    if not count:
        raise invalid(FieldError("contents", NOBODY))


def _subjects(plan: Plan, part: Mapping[str, Any]) -> list[_Subject]:
    """Give whom one scheme of the plan appraises: the units themselves, or their members on the period's last day."""
    scheme = scorer_of(int(part["scheme_version_id"])).scheme
    if scheme.subject == "unit":
        query = select(Unit).where(Unit.code.in_(part["units"])).order_by(Unit.code)
        return [_Subject("unit", unit.id, unit.code, unit.title, unit.id) for unit in db.session.scalars(query)]
    units = {unit.id for code in part["units"] for unit in subtree(code)}
    belonging = members(units, Period.parse(plan.period).last_day, tuple(part["posts"]))
    return [_Subject("person", person.id, person.code, person.name, unit.id) for person, unit in belonging]


def _create_card(work: Work, plan: Plan, part: Mapping[str, Any], subject: _Subject, number: str) -> None:
    version_id = int(part["scheme_version_id"])
    scorer = scorer_of(version_id)
    blank = scorer.score(Card(period=Period.parse(plan.period)))
    card = Scorecard(
        id=new_id(),
        plan_id=plan.id,
        scheme_version_id=version_id,
        scheme_code=part["scheme"],
        number=number,
        revision=0,
        period=plan.period,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_code=subject.code,
        subject_name=subject.name,
        unit_id=subject.unit_id,
        state=State.DRAFT,
        vetoes=[],
        **cards.totals_as_values(blank.totals),
    )
    card.appraised_person_id = revise.appraised_person(card)
    items = {
        code: ScorecardItem(id=new_id(), scorecard_id=card.id, code=code, position=position, is_fed=False)
        for position, code in enumerate(scorer.scheme.items)
    }
    parts = [_blank_item(row, blank.items[code]) for code, row in items.items()]
    work.create(card, "scorecard.create", parts=parts, role=Role.ADMINISTRATOR)
    found = card_queries.find_cards([card.id])[card.id]
    measure.feed_new_cards(work, OpenCard(found, items, scorer))


def _blank_item(row: ScorecardItem, outcome: ItemOutcome) -> Part:
    values = {"code": row.code, "position": row.position, "input": None, "note": "", "source": "", "is_fed": False}
    return Part(row, f"items/{row.code}", {**values, **cards.outcome_as_values(outcome)}, is_new=True)


def _publish_cards(work: Work, plan: Plan) -> None:
    """Publish every approved card of the plan."""
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state == State.APPROVED)
    for card in db.session.scalars(query.order_by(Scorecard.id).with_for_update()):
        values = {"state": State.PUBLISHED, "published_at": work.now}
        work.change(card, "scorecard.publish", values, role=Role.ADMINISTRATOR)
        revise.supersede_old(work, card)
