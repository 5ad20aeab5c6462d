"""Improvement plans 改进: proposed about an item of a card, agreed, carried out, and judged by what came of the item."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, stale
from workflow.lifecycle import improvement as lifecycle
from workflow.lifecycle.improvement import ImprovementFacts, State, Trigger
from workflow.lifecycle.machine import MoveRequest
from workflow.models.database import db
from workflow.models.improvements import Better, Improvement, ImprovementNote, MeasuredBy
from workflow.models.organisation import Person, Unit
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.models.types import new_id
from workflow.policy import UNIT_ROLES, Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit, require_version
from workflow.services.following.effects import Effect, effect_of
from workflow.services.people.subjects import Subject, find_subject
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.services.working_days import USUAL
from workflow.wording import Phrase

PROBLEM_LENGTH = 1000
MEASURES_LENGTH = 2000

NOT_AMONG_YOURS = Phrase("您负责的单位中没有 {code}", "there is no {code} in the units that you are responsible for")
NO_SUCH_PERSON = Phrase("没有工号为 {code} 的人员", "there is no person {code}")
NO_SUCH_ITEM = Phrase("此对象的评分表中没有项目 {item}", "no scorecard of this person or unit has an item {item}")
NAME_SCHEME = Phrase("请用 scheme 指明考核方案:{choices}", "say in scheme which scheme is meant: {choices}")
MORE_POINTS_ARE_BETTER = Phrase("得分总是越高越好", "more points are always better")
PAST_DUE = Phrase("期限不能早于今天", "must not lie in the past")
ONLY_ON_EVALUATION = Phrase("评估效果时才填写", "belongs to the evaluation")


@dataclass(frozen=True, slots=True)
class NewImprovement:
    """What is to improve, whose, by what it is measured, what is to be done about it, by whom until when."""

    subject: str
    item: str
    problem: str
    measures: str
    owner: str
    due_on: date
    scheme: str | None = None
    measured_by: str = MeasuredBy.POINTS
    better: str = Better.HIGHER


def propose(actor: Actor, clock: Clock, new: NewImprovement, *, today: date, kept: Kept | None = None) -> Improvement:
    """Draft an improvement plan; raises Refusal, naming each wrong field."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.IMPROVEMENTS_PROPOSE))
        subject = find_subject(new.subject, today)
        if subject is None or decide_unit(actor, Action.IMPROVEMENTS_PROPOSE, subject.unit.path):
            raise invalid(FieldError("subject", NOT_AMONG_YOURS, {"code": new.subject}))
        improvement = Improvement(id=new_id(), state=State.DRAFT, **_read(new, subject, today))
        work.create(improvement, "improvement.propose", role=Role.ADMINISTRATOR)
        work.finish(improvement)
        return improvement


def move(
    actor: Actor,
    clock: Clock,
    improvement_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    next_step: str | None = None,
    kept: Kept | None = None,
) -> Improvement:
    """Agree, start, note progress, finish with what was reached, or judge the effect; raises Refusal.

    The reason is the note of the progress, or the judgement; with that the values before and after are kept for good.
    """
    with unit_of_work(actor, clock, kept) as work:
        improvement = db.session.scalar(select(Improvement).where(Improvement.id == improvement_id).with_for_update())
        if improvement is None:
            raise not_seen()
        effect = effect_of(improvement)
        facts = facts_of(improvement, effect)
        permit(lifecycle.forbidden(trigger, facts, actor))
        require_version(seen_version)
        if next_step and trigger != Trigger.EVALUATE:
            raise invalid(FieldError("next_step", ONLY_ON_EVALUATION))
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(improvement.version, improvement.state) if answer.reason is Reason.STALE else Refusal(answer)
        text = (reason or "").strip()
        values: dict[str, object] = {"state": answer.target}
        values |= _day_of(answer.trigger, USUAL.day_of(work.now))
        if answer.trigger == Trigger.EVALUATE:
            values |= {**_kept_of(effect), "judgement": text, "next_step": (next_step or "").strip() or None}
        parts = [_note(work, improvement, text)] if answer.trigger in (Trigger.NOTE, Trigger.FINISH) else []
        role = actor.acts_as(UNIT_ROLES[Action.IMPROVEMENTS_DECIDE], facts.unit_path)
        work.change(improvement, f"improvement.{answer.trigger}", values, parts=parts, role=role, reason=text)
        work.finish(improvement)
        return improvement


def facts_of(improvement: Improvement, effect: Effect, unit_path: str | None = None) -> ImprovementFacts:
    """Give what policy and lifecycle need to know of an improvement plan."""
    if unit_path is None:
        unit_path = db.session.scalar(select(Unit.path).where(Unit.id == improvement.unit_id)) or ""
    return ImprovementFacts(
        state=improvement.state,
        version=improvement.version,
        unit_path=unit_path,
        person_id=improvement.person_id,
        owner_id=improvement.owner_id,
        missing=effect.missing,
    )


def _read(new: NewImprovement, subject: Subject, today: date) -> dict[str, object]:
    """Check what was entered, field by field; gives the values to keep."""
    fields = Fields()
    measured_by = fields.choice("measured_by", new.measured_by, MeasuredBy)
    better = fields.choice("better", new.better, Better)
    if measured_by is MeasuredBy.POINTS and better is Better.LOWER:
        fields.wrong("better", MORE_POINTS_ARE_BETTER)
    problem, measures = new.problem.strip(), new.measures.strip()
    for name, text in (("problem", problem), ("measures", measures)):
        if not text:
            fields.text(name, text, 1)
    owner = db.session.scalar(select(Person).where(Person.code == new.owner))
    if owner is None:
        fields.wrong("owner", NO_SUCH_PERSON, code=new.owner)
    if new.due_on < today:
        fields.wrong("due_on", PAST_DUE)
    about = _about(fields, new, subject)
    fields.check()
    return {
        **{name: getattr(subject, name.removeprefix("subject_")) for name in _SUBJECT},
        **about,
        "person_id": subject.person_id,
        "unit_id": subject.unit.id,
        "measured_by": measured_by,
        "better": better,
        "problem": problem,
        "measures": measures,
        "owner_id": owner.id if owner else None,
        "due_on": new.due_on,
    }


_SUBJECT = ("subject_kind", "subject_id", "subject_code", "subject_name")


def _about(fields: Fields, new: NewImprovement, subject: Subject) -> dict[str, object]:
    """Find the item among the subject's cards: its scheme, what it is called, how often it is appraised."""
    newest = _schemes_with(subject, new.item)
    schemes = [new.scheme] if new.scheme else sorted(newest)
    if len(schemes) > 1:
        fields.wrong("scheme", NAME_SCHEME, choices="、".join(schemes))
    elif not schemes or schemes[0] not in newest:
        fields.wrong("item", NO_SUCH_ITEM, item=new.item)
    else:
        scheme = scorer_of(newest[schemes[0]]).scheme
        item = scheme.items[new.item]
        about = {"scheme_code": scheme.code, "item_code": item.code, "item_title": item.title}
        return {**about, "frequency": scheme.frequency}
    return {}


def _schemes_with(subject: Subject, item: str) -> dict[str, int]:
    """Give the schemes under which the subject has cards with the item, each with its newest version there."""
    query = (
        select(Scorecard.scheme_code, func.max(Scorecard.scheme_version_id))
        .join(ScorecardItem, ScorecardItem.scorecard_id == Scorecard.id)
        .where(
            Scorecard.subject_kind == subject.kind,
            Scorecard.subject_id == subject.id,
            ScorecardItem.code == item,
        )
        .group_by(Scorecard.scheme_code)
    )
    return dict(db.session.execute(query).all())


def _day_of(trigger: str, today: date) -> dict[str, object]:
    """Give the day that a move leaves, from which the effect is counted."""
    days: dict[str, dict[str, object]] = {Trigger.AGREE: {"agreed_on": today}, Trigger.FINISH: {"finished_on": today}}
    return days.get(trigger, {})


def _kept_of(effect: Effect) -> dict[str, object]:
    """Give the values before and after as they are kept; the lifecycle has refused where one is missing."""
    if effect.before is None or effect.after is None:
        return {}
    return {
        "before_period": effect.before.period,
        "before_value": effect.before.value,
        "after_period": effect.after.period,
        "after_value": effect.after.value,
    }


def _note(work: Work, improvement: Improvement, text: str) -> Part:
    query = select(func.count()).where(ImprovementNote.improvement_id == improvement.id)
    number = (db.session.scalar(query) or 0) + 1
    note = ImprovementNote(id=new_id(), improvement_id=improvement.id)
    said = {"number": number, "text": text, "account_id": work.actor.account_id, "name": work.actor.name}
    return Part(note, f"notes/{number}", {**said, "at": work.now}, is_new=True)
