"""考核报告: the figures of a plan as they are now, and the administrator's report with the figures as they stood."""

from collections.abc import Iterator

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import report as lifecycle
from workflow.pages import shell
from workflow.pages.presenting import decimal_text
from workflow.pages.report_parts import scheme_part
from workflow.pages.views import reports as views
from workflow.pages.views.cards import Action, CardLink, Signature, TimelineStep
from workflow.pages.views.reports import DocumentPage, FiguresPage, ReportsPage, ToldRank
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, Role, State, Trigger, unit_scope
from workflow.policy.reports import report_moved_by
from workflow.policy.vocabulary import ROLE_NAMES, STATE_NAMES
from workflow.scoring.periods import Period
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.record import look_up_records
from workflow.services.record.look_up_records import RecordsWanted
from workflow.services.record.told_records import RecordRow
from workflow.services.reporting import look_up_reports, plan_report
from workflow.services.reporting.disclose_report import ToldGroup, ToldLine
from workflow.services.reporting.look_up_reports import ReportDetail, ReportRow, ReportsWanted
from workflow.services.scorecards.cards import card_id_of as number_of

PER_PAGE = 30
SIGNING = frozenset({Trigger.PREPARE, Trigger.REVIEW, Trigger.APPROVE})
WITH_REASON = frozenset({Trigger.RETURN, Trigger.REVISE, Trigger.VOID})
STEPS = {"draft": "create", **{str(each): str(each) for each in Trigger}}
"""What stands on the time line, by the verb of its event."""

blueprint = shell.area("reports")


@blueprint.get("/results/report")
def show() -> ResponseReturnValue:
    """Show the figures of one plan, the newest published one where none is chosen; who is told none finds the reports."""
    actor = web.actor()
    if not _sees_figures(actor):
        return redirect(url_for("reports.index"))
    plans = plan_report.reported_plans(actor)
    code = request.args.get("plan") or (plans[0].code if plans else "")
    choices = tuple(Option(each.code, each.title) for each in plans)
    if not code:
        return render_template("results/report.html", page=FiguresPage(choices))
    found = plan_report.report_on(actor, code)
    newest = look_up_reports.newest_of(actor, code)
    page = FiguresPage(
        plans=choices,
        plan=found.plan,
        title=found.title,
        period=found.period,
        before=Period.parse(found.period).previous().label,
        schemes=tuple(scheme_part(each, {}) for each in found.schemes),
        report=_row(newest) if newest else None,
        may_write=look_up_reports.may_write(actor, code),
    )
    return render_template("results/report.html", page=page)


@blueprint.get("/results/reports")
def index() -> ResponseReturnValue:
    """Show the reports that the reader may see, the newest period first."""
    actor, after = web.actor(), request.args.get("after") or None
    found = look_up_reports.list_reports(actor, ReportsWanted(), PageAsked(PER_PAGE, after))
    page = ReportsPage(
        rows=tuple(_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        sees_figures=_sees_figures(actor),
    )
    return render_template("reports/list.html", page=page)


@blueprint.get("/results/reports/<report_id>")
def document(report_id: str) -> ResponseReturnValue:
    """Show one report as far as the reader is told what stands in it."""
    actor = web.actor()
    found = look_up_reports.find_report(actor, number_of(report_id))
    remarks = [views.Remark(*(getattr(each, name) for name in views.Remark.__slots__)) for each in found.remarks]
    of_items = {(each.scheme, each.code): each for each in remarks}
    page = DocumentPage(
        report=_row(found.report),
        before=Period.parse(found.report.period).previous().label,
        problems=found.problems,
        directions=found.directions,
        schemes=tuple(scheme_part(each, of_items) for each in found.schemes),
        units=tuple(each for each in remarks if not each.scheme),
        groups=tuple(_group(found.report.period, each) for each in found.groups),
        whole=found.whole,
        outdated=found.outdated,
        writable=found.writable,
        remarkable=tuple(Option(code, title) for code, title in found.units),
        signatures=tuple(
            Signature(each.meaning, each.name, each.at, each.on_behalf_of or "") for each in found.signatures
        ),
        digest=found.digest or "",
        timeline=_timeline(actor, found) if unit_scope(actor, PolicyAction.RECORDS_SEE) and found.whole else (),
        actions=tuple(_actions(actor, found)),
        newer=_newer(found),
        others=tuple(_row(each) for each in found.others),
        sees_figures=_sees_figures(actor),
    )
    return render_template("reports/one.html", page=page)


def _sees_figures(actor: Actor) -> bool:
    return bool(unit_scope(actor, PolicyAction.RANKING_SEE))


def _row(row: ReportRow) -> views.ReportRow:
    same = ("plan", "plan_title", "period", "revision", "state", "as_of", "published_at", "version")
    return views.ReportRow(id=str(row.id), **{name: getattr(row, name) for name in same})


def _newer(found: ReportDetail) -> views.ReportRow | None:
    """Give the revision in whose favour this report has been superseded."""
    later = [each for each in found.others if each.revision > found.report.revision and each.state != State.VOID]
    return _row(later[0]) if later else None


def _group(period: str, group: ToldGroup) -> views.ToldGroup:
    rows = tuple(_line(period, each) for each in group.entries)
    return views.ToldGroup(group.group_title, group.schemes, group.version, group.state, group.ranked, rows)


def _line(period: str, line: ToldLine) -> ToldRank:
    return ToldRank(
        card=CardLink(str(line.card_id), period, line.unit, line.subject_name) if line.opens else None,
        subject_name=line.subject_name,
        unit_name=line.unit_name,
        total=decimal_text(line.total),
        rank=line.rank,
        absence=line.absence or "",
        grade=line.grade,
        climbed=line.climbed,
    )


def _actions(actor: Actor, found: ReportDetail) -> Iterator[Action]:
    """Show what can be done; of what can't, to those who sign the signature that the report waits for, with the reason."""
    for trigger in lifecycle.LIFECYCLE.leaving(found.report.state):
        denied = found.denied.get(trigger)
        if denied is not None and not (trigger in SIGNING and _signs(actor)):
            continue
        yield Action(
            trigger=trigger,
            allowed=denied is None,
            why_not=denied.sentence(web.language()) if denied else "",
            needs_proof=trigger in SIGNING,
            needs_reason=trigger in WITH_REASON,
            targets=_targets(found.report.state, trigger),
        )


def _signs(actor: Actor) -> bool:
    return bool(actor.paths({Role.ADMINISTRATOR, Role.REVIEWER, Role.APPROVER}))


def _targets(state: str, trigger: str) -> tuple[Option, ...]:
    if trigger != Trigger.RETURN or state != State.REVIEWED:
        return ()
    return tuple(Option(each, STATE_NAMES[each].say(web.language())) for each in (State.DRAFT, State.PREPARED))


def _timeline(actor: Actor, found: ReportDetail) -> tuple[TimelineStep, ...]:
    """Show what has been done with the report, from the record, and who can do what comes next."""
    wanted = RecordsWanted(entity=f"report:{found.report.id}")
    told = look_up_records.search_records(actor, wanted, PageAsked(MOST_ROWS)).rows
    done = [_step(each) for each in told if _verb(each) in STEPS and each.version is not None]
    waits_for = look_up_reports.WAITS_FOR.get(found.report.state)
    return (*done, *_ahead(found.report.state, waits_for)) if waits_for else tuple(done)


def _verb(row: RecordRow) -> str:
    return row.event.rpartition(".")[2]


def _step(row: RecordRow) -> TimelineStep:
    trigger = STEPS[_verb(row)]
    return TimelineStep(
        trigger=trigger,
        status="returned" if trigger in {"return", "withdraw"} else "done",
        name=row.name or "",
        role=row.role or "",
        on_behalf_of=row.on_behalf_of or "",
        at=row.at,
        reason=row.reason,
    )


def _ahead(state: str, waits_for: Trigger) -> Iterator[TimelineStep]:
    moves = tuple(look_up_reports.WAITS_FOR.values())
    for place, trigger in enumerate(moves[moves.index(waits_for) :]):
        roles = report_moved_by(trigger, state)
        who = "、".join(ROLE_NAMES[role].say(web.language()) for role in Role if role in roles)
        yield TimelineStep(str(trigger), "waiting" if place else "current", who_can=who)
