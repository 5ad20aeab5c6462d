"""Writing a plan's report 考核报告: problems and directions in words, beside the figures as they stand at each save."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from workflow.errors import FieldError, Reason, invalid, refuse
from workflow.lifecycle import report as lifecycle
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.reports import Report, ReportRemark
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import (
    COMPANY,
    REPORT_MOVED_BY,
    STATE_NAMES,
    UNIT_ROLES,
    Action,
    Actor,
    State,
    Trigger,
    decide_report_move,
    decide_unit,
)
from workflow.services.clock import Clock
from workflow.services.fields import permit
from workflow.services.plans.plan import unit_path_of
from workflow.services.ranking import rank
from workflow.services.reporting.freeze_figures import freeze
from workflow.services.reporting.reports import OpenReport, open_report, refusal
from workflow.services.unit_of_work import Kept, Part, unit_of_work
from workflow.wording import Phrase

NO_SUCH_PLAN = Phrase(
    "没有由您管理且已发布的计划 {code}", "there is no published plan {code} among those that you manage"
)
NO_SUCH_ITEM = Phrase("此计划的评分表中没有项目 {item}", "the cards of this plan have no item {item}")
NO_SUCH_UNIT = Phrase("此计划没有考核单位 {unit} 的评分表", "this plan has no cards of a unit {unit}")
ITEM_OR_UNIT = Phrase("请指明方案与指标,或者一个单位", "name a scheme with an item, or else a unit")

_WRITERS = UNIT_ROLES[Action.REPORTS_WRITE]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of one item of a scheme, or of one unit; empty words take back what was said."""

    problem: str
    direction: str
    scheme: str | None = None
    item: str | None = None
    unit: str | None = None


def draft(actor: Actor, clock: Clock, plan_code: str, kept: Kept | None = None) -> Report:
    """Begin the report of a published plan; raises Refusal where there is one that is not void."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.REPORTS_WRITE))
        plan = db.session.scalar(select(Plan).where(Plan.code == plan_code, Plan.state.in_(rank.RANKED)))
        path = unit_path_of(plan) if plan else COMPANY
        if plan is None or decide_unit(actor, Action.REPORTS_WRITE, path):
            raise invalid(FieldError("plan", NO_SUCH_PLAN, {"code": plan_code}))
        _refuse_second(plan)
        report = begin(plan, path, {"as_of": work.now})
        work.create(report, "report.draft", role=actor.acts_as(_WRITERS, path))
        work.finish(report)
        return report


def begin(plan: Plan, unit_path: str, values: Mapping[str, Any]) -> Report:
    """Make the next revision of a plan's report, not yet kept, with the figures as they are now."""
    newest = db.session.scalar(select(func.max(Report.revision)).where(Report.plan_id == plan.id))
    return Report(
        id=new_id(),
        plan_id=plan.id,
        unit_id=db.session.scalar(select(Unit.id).where(Unit.path == unit_path)),
        period=plan.period,
        revision=0 if newest is None else newest + 1,
        state=State.DRAFT,
        statistics=freeze(plan, unit_path),
        **values,
    )


def edit(
    actor: Actor,
    clock: Clock,
    report_id: int,
    words: Mapping[str, str],
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Report:
    """Change what is said of the whole plan, as far as it is given; the figures are brought up to now. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = _open_to_write(actor, report_id, seen_version)
        said = {name: _tidy(text) for name, text in words.items()}
        values = {**said, **_figures_now(opened), "as_of": work.now}
        work.change(opened.report, "report.edit", values, role=actor.acts_as(_WRITERS, opened.facts.unit_path))
        work.finish(opened.report)
        return opened.report


def remark(
    actor: Actor,
    clock: Clock,
    report_id: int,
    said: Remark,
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Report:
    """Say something of one item or one unit, in place of what was said of it; the figures are brought up to now."""
    with unit_of_work(actor, clock, kept) as work:
        opened = _open_to_write(actor, report_id, seen_version)
        figures = _figures_now(opened)
        scheme, code, title = _about(opened.plan, figures["statistics"], said)
        words = {"problem": _tidy(said.problem), "direction": _tidy(said.direction)}
        place = f"remarks/{scheme or 'units'}/{code}"
        there = next((each for each in opened.remarks if (each.scheme_code, each.code) == (scheme, code)), None)
        if there is None:
            row = ReportRemark(id=new_id(), report_id=report_id)
            part = Part(row, place, {"scheme_code": scheme, "code": code, "title": title, **words}, is_new=True)
        else:
            part = Part(there, place, words)
        role = actor.acts_as(_WRITERS, opened.facts.unit_path)
        work.change(opened.report, "report.edit", {**figures, "as_of": work.now}, parts=[part], role=role)
        work.finish(opened.report)
        return opened.report


def refresh(actor: Actor, clock: Clock, report_id: int) -> None:
    """Bring a draft's figures up to now where the actor may sign it: its version moves, so nobody signs unseen figures."""
    opened = open_report(actor, report_id)
    if opened.report.state != State.DRAFT or decide_report_move(actor, Trigger.PREPARE, opened.facts):
        return
    if is_current(opened):
        return
    with unit_of_work(actor, clock) as work:
        opened = open_report(actor, report_id, lock=True)
        values = {**_figures_now(opened), "as_of": work.now}
        role = actor.acts_as(REPORT_MOVED_BY[Trigger.PREPARE], opened.facts.unit_path)
        work.change(opened.report, "report.refresh", values, role=role)


def is_current(opened: OpenReport) -> bool:
    """Say whether the figures of a report are those that there are now."""
    return bool(opened.report.statistics == _figures_now(opened)["statistics"])


def _figures_now(opened: OpenReport) -> dict[str, Any]:
    return {"statistics": freeze(opened.plan, opened.facts.unit_path)}


def _open_to_write(actor: Actor, report_id: int, seen_version: int | None) -> OpenReport:
    opened = open_report(actor, report_id, lock=True)
    denied = lifecycle.decide_edit(opened.facts, actor, seen_version)
    if denied is not None:
        raise refusal(opened.report, denied)
    return opened


def _about(plan: Plan, statistics: Mapping[str, Any], said: Remark) -> tuple[str, str, str]:
    """Find what a remark is about: the code of its scheme (none for a unit), its own code and its title; raises Refusal."""
    if said.unit and not (said.scheme or said.item):
        return "", said.unit, _unit_title(plan, said.unit)
    if said.unit or not said.scheme or not said.item:
        raise invalid(FieldError("item", ITEM_OR_UNIT))
    for scheme in statistics["schemes"]:
        for item in scheme["items"]:
            if (scheme["scheme"], item["code"]) == (said.scheme, said.item):
                return said.scheme, said.item, str(item["title"])
    raise invalid(FieldError("item", NO_SUCH_ITEM, {"item": said.item}))


def _unit_title(plan: Plan, code: str) -> str:
    cards = select(Scorecard.unit_id).where(Scorecard.plan_id == plan.id, Scorecard.published_at.is_not(None))
    title = db.session.scalar(select(Unit.title).where(Unit.code == code, Unit.id.in_(cards)))
    if title is None:
        raise invalid(FieldError("unit", NO_SUCH_UNIT, {"unit": code}))
    return title


def _refuse_second(plan: Plan) -> None:
    query = select(Report.state).where(Report.plan_id == plan.id, Report.state != State.VOID)
    state = db.session.scalar(query.order_by(Report.revision.desc()).limit(1))
    if state is not None:
        raise refuse(Reason.REPORT_THERE, state=STATE_NAMES[State(state)])


def _tidy(text: str) -> str:
    """Keep the lines as they were written, without blanks around all of them."""
    lines = unicodedata.normalize("NFC", text).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines)
