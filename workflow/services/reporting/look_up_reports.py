"""Reading reports 考核报告: which there are, and one of them as far as the reader is told what stands in it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from workflow.errors import Denied, Reason, refuse
from workflow.lifecycle import report as lifecycle
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.reports import Report, ReportRemark, ReportSignature
from workflow.models.scorecards import Scorecard
from workflow.policy import (
    DISCLOSED,
    Action,
    Actor,
    State,
    Trigger,
    decide_report_move,
    decide_report_see,
    decide_unit,
    unit_scope,
)
from workflow.policy.reports import READERS
from workflow.policy.scope import SEEN_IN_SCOPE, SEES_WHAT_IT_HANDLED
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.plans.plan import unit_path_of
from workflow.services.ranking import rank
from workflow.services.reporting.disclose_report import Told, ToldGroup, disclose
from workflow.services.reporting.freeze_figures import thaw
from workflow.services.reporting.plan_report import SchemeReport
from workflow.services.reporting.reports import OpenReport, facts_of, held_within, is_handled_by, is_told, open_report
from workflow.services.reporting.write_reports import is_current

WAITS_FOR: Final[Mapping[str, Trigger]] = {
    State.DRAFT: Trigger.PREPARE,
    State.PREPARED: Trigger.REVIEW,
    State.REVIEWED: Trigger.APPROVE,
    State.APPROVED: Trigger.PUBLISH,
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: int
    plan: str
    plan_title: str
    period: str
    revision: int
    state: str
    as_of: datetime
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What is said of an item of a scheme, or without a scheme of a unit."""

    scheme: str
    code: str
    title: str
    problem: str
    direction: str


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """One report as far as its reader is told: words, figures as of its time, ranks, signatures, moves.

    `outdated` says to those who write and sign that the figures have changed since; `others` are the revisions that the
    reader sees, the newest first; `units` can be remarked on.
    """

    report: ReportRow
    problems: str
    directions: str
    schemes: tuple[SchemeReport, ...]
    groups: tuple[ToldGroup, ...]
    whole: bool
    remarks: tuple[RemarkRow, ...]
    units: tuple[tuple[str, str], ...]
    signatures: tuple[ReportSignature, ...]
    missing: tuple[str, ...]
    outdated: bool
    others: tuple[ReportRow, ...]
    writable: bool
    forbidden: Mapping[str, Denied]
    denied: Mapping[str, Denied]

    @property
    def digest(self) -> str | None:
        """What the newest signature binds; none while nobody has signed."""
        return self.signatures[-1].digest if self.signatures else None

    @property
    def allowed(self) -> tuple[str, ...]:
        """The moves that the reader can make now."""
        return tuple(str(trigger) for trigger in _TRIGGERS if trigger not in self.denied)


@dataclass(frozen=True, slots=True)
class ReportsWanted:
    """What the list is narrowed to; None where it is not."""

    plan: str | None = None
    state: str | None = None


_LIVE: Final = (*WAITS_FOR, State.PUBLISHED)
_TRIGGERS: Final = tuple(trigger for trigger in Trigger if trigger is not Trigger.SUPERSEDE)


def list_reports(actor: Actor, wanted: ReportsWanted, asked: PageAsked) -> Page[ReportRow]:
    """List the reports that the actor may see, the newest period first; raises Refusal for a bad place to go on from."""
    query = _told().where(seen_by(actor))
    if wanted.plan is not None:
        query = query.where(Plan.code == wanted.plan)
    if wanted.state is not None:
        query = query.where(Report.state == wanted.state)
    return page(query, (Report.period, Report.id), asked, _row, newest_first=True)


def find_report(actor: Actor, report_id: int) -> ReportDetail:
    """Read one report; raises Refusal (not seen) for one that the actor may not see."""
    opened = open_report(actor, report_id)
    facts = opened.facts
    if decide_report_see(actor, facts):
        raise refuse(Reason.NOT_SEEN)
    writable = lifecycle.decide_edit(facts, actor, facts.version) is None
    told = disclose(actor, opened.plan, facts.unit_path, thaw(opened.report.statistics))
    return ReportDetail(
        report=_row((opened.report, opened.plan.code, opened.plan.title)),
        problems=opened.report.problems,
        directions=opened.report.directions,
        schemes=told.schemes,
        groups=told.groups,
        whole=told.whole,
        remarks=tuple(_remark(each) for each in _told_remarks(actor, opened, told)),
        units=_units_of(opened.plan) if writable else (),
        signatures=opened.signatures,
        missing=facts.missing,
        outdated=_is_outdated(opened, told),
        others=tuple(_row(row) for row in _others(actor, opened.report)),
        writable=writable,
        forbidden=_refused(lambda trigger: decide_report_move(actor, trigger, facts)),
        denied=_refused(lambda trigger: lifecycle.explain(trigger, facts, actor)),
    )


def newest_of(actor: Actor, plan_code: str) -> ReportRow | None:
    """Give the newest report of a plan that the actor may see and that is not void, if there is one."""
    query = _told().where(seen_by(actor), Plan.code == plan_code, Report.state != State.VOID)
    row = db.session.execute(query.order_by(Report.revision.desc()).limit(1)).first()
    return None if row is None else _row(row)


def is_concerned(actor: Actor) -> bool:
    """Say whether there is any report that the actor may see."""
    return db.session.scalar(select(Report.id).where(seen_by(actor)).limit(1)) is not None


def waiting_for(actor: Actor) -> tuple[tuple[ReportRow, str], ...]:
    """Give the reports that wait for a move which this actor can make, oldest first, each with the move."""
    query = _told().where(seen_by(actor), Report.state.in_(WAITS_FOR)).order_by(Report.id)
    rows = db.session.execute(query).all()
    facts = facts_of(actor, [row[0] for row in rows])
    found = ((_row(row), WAITS_FOR[row[0].state]) for row in rows)
    return tuple((row, str(move)) for row, move in found if lifecycle.explain(move, facts[row.id], actor) is None)


def seen_by(actor: Actor, *, by_role: bool = False) -> ColumnElement[bool]:
    """Say in SQL what `decide_report_see` says of one; `by_role`: only what is seen by who writes, signs or checks them."""
    clauses: list[ColumnElement[bool]] = [false()]
    for role in READERS:
        paths, states = actor.paths({role}), SEEN_IN_SCOPE[role]
        if not paths:
            continue
        shown = Report.state.in_(list(State) if states is None else sorted(states))
        seen = or_(shown, is_handled_by(actor)) if role in SEES_WHAT_IT_HANDLED else shown
        clauses.append(and_(held_within(paths), seen))
    if not by_role:
        clauses.append(and_(Report.state.in_(sorted(DISCLOSED)), Report.published_at.is_not(None), is_told(actor)))
    return or_(*clauses)


def may_write(actor: Actor, plan_code: str) -> bool:
    """Say whether the actor may begin the report of a published plan."""
    plan = db.session.scalar(select(Plan).where(Plan.code == plan_code, Plan.state.in_(rank.RANKED)))
    if plan is None or decide_unit(actor, Action.REPORTS_WRITE, unit_path_of(plan)):
        return False
    standing = select(Report.id).where(Report.plan_id == plan.id, Report.state != State.VOID)
    return db.session.scalar(standing.limit(1)) is None


def _told() -> Select[*tuple[Any, ...]]:
    return select(Report, Plan.code, Plan.title).join(Plan, Plan.id == Report.plan_id)


def _row(row: AnyRow | tuple[Report, str, str]) -> ReportRow:
    report, plan, title = tuple(row)[:3]
    same = ("id", "period", "revision", "state", "as_of", "published_at", "version")
    return ReportRow(plan=plan, plan_title=title, **{name: getattr(report, name) for name in same})


def _others(actor: Actor, report: Report) -> Iterable[AnyRow]:
    query = _told().where(Report.plan_id == report.plan_id, Report.id != report.id, seen_by(actor))
    return db.session.execute(query.order_by(Report.revision.desc())).all()


def _told_remarks(actor: Actor, opened: OpenReport, told: Told) -> Iterable[ReportRemark]:
    """Leave out what was taken back, and what is said of schemes and units that the reader is told nothing of."""
    schemes = {each.scheme for each in told.schemes}
    units = _reached_units(actor, [each.code for each in opened.remarks if not each.scheme_code])
    for each in opened.remarks:
        reached = each.scheme_code in schemes if each.scheme_code else each.code in units
        if (each.problem or each.direction) and (told.whole or reached):
            yield each


def _reached_units(actor: Actor, codes: Collection[str]) -> frozenset[str]:
    """Give those of the units whose scores the reader is told by role, or to which the reader belongs."""
    paths = unit_scope(actor, Action.RANKING_SEE)
    query = select(Unit.code, Unit.path).where(Unit.code.in_(codes))
    own = actor.unit_path or ""
    return frozenset(code for code, path in db.session.execute(query) if path.startswith(paths) or own.startswith(path))


def _remark(row: ReportRemark) -> RemarkRow:
    return RemarkRow(row.scheme_code, row.code, row.title, row.problem, row.direction)


def _units_of(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Give the units whose cards the plan has published, by title."""
    cards = select(Scorecard.unit_id).where(Scorecard.plan_id == plan.id, Scorecard.published_at.is_not(None))
    query = select(Unit.code, Unit.title).where(Unit.id.in_(cards)).order_by(Unit.title, Unit.code)
    return tuple((code, title) for code, title in db.session.execute(query))


def _is_outdated(opened: OpenReport, told: Told) -> bool:
    return told.whole and opened.report.state in _LIVE and not is_current(opened)


def _refused(ask: Callable[[str], Denied | None]) -> dict[str, Denied]:
    answers = {str(trigger): ask(trigger) for trigger in _TRIGGERS}
    return {trigger: denied for trigger, denied in answers.items() if denied is not None}
