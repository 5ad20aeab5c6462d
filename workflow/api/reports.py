"""Reports of plans: the figures as they are now, and the administrator's report with the figures as they stood."""

from typing import Any

from flask import Response

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_report, may_write_report
from workflow.api.letterhead import letterhead
from workflow.api.moves import MoveSchema, read_move
from workflow.api.reading import seen_version
from workflow.api.report_schemas import (
    NewRemarkSchema,
    NewReportSchema,
    PlanReportSchema,
    ReportSchema,
    ReportsQuery,
    ReportSummarySchema,
    WordsSchema,
)
from workflow.api.scorecards import PDF
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.record import form_key
from workflow.services.reporting import export_report, look_up_reports, plan_report, sign_reports, write_reports
from workflow.services.reporting.look_up_reports import ReportsWanted
from workflow.services.reporting.write_reports import Remark
from workflow.services.scorecards.cards import card_id_of as number_of

resource = Resource("reports", "考核报告 / Reports")


_figures = PlanReportSchema()
_summary = ReportSummarySchema()
_report = ReportSchema()


@resource.reads("/plans/<code>/report", Action.RANKING_SEE, PlanReportSchema)
def report_on_plan(code: str) -> Response:
    """Read the figures of a plan as they are now, over the published cards in the caller's scope."""
    return reply(_figures.dump(plan_report.report_on(web.actor(), code)))


@resource.reads("/reports", Action.RANKING_SEE, ReportSummarySchema(many=True), query=ReportsQuery)
def list_reports(query: dict[str, Any]) -> Response:
    """List the reports that the caller may see, the newest period first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_reports.list_reports(web.actor(), ReportsWanted(**query), asked)
    return reply_list(_summary.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/reports",
    Action.REPORTS_WRITE,
    ReportSchema,
    takes=NewReportSchema,
    status=201,
    guard=may_anywhere(Action.REPORTS_WRITE),
)
def draft_report(entered: dict[str, Any]) -> Response:
    """Begin the report of a published plan."""
    return write(
        lambda kept: write_reports.draft(web.actor(), web.clock(), entered["plan"], kept),
        lambda made: _show(made.id),
        201,
    )


@resource.reads("/reports/<report_id>", Action.RANKING_SEE, ReportSchema)
def one_report(report_id: str) -> Response:
    """Read one report."""
    return reply(_show(number_of(report_id)))


@resource.writes(
    "PATCH",
    "/reports/<report_id>",
    Action.REPORTS_WRITE,
    ReportSchema,
    takes=WordsSchema,
    versioned=True,
    guard=may_write_report,
)
def edit_report(entered: dict[str, Any], report_id: str) -> Response:
    """Change what a draft says of the whole plan; its figures are brought up to now."""
    number = number_of(report_id)
    return write(
        lambda kept: write_reports.edit(
            web.actor(), web.clock(), number, entered, seen_version=seen_version(), kept=kept
        ),
        lambda changed: _show(changed.id),
    )


@resource.writes(
    "POST",
    "/reports/<report_id>/remarks",
    Action.REPORTS_WRITE,
    ReportSchema,
    takes=NewRemarkSchema,
    versioned=True,
    guard=may_write_report,
)
def remark_in_report(entered: dict[str, Any], report_id: str) -> Response:
    """Say something of an item or a unit in a draft, in place of what was said of it."""
    number, said = number_of(report_id), Remark(**entered)
    return write(
        lambda kept: write_reports.remark(
            web.actor(), web.clock(), number, said, seen_version=seen_version(), kept=kept
        ),
        lambda changed: _show(changed.id),
    )


@resource.writes(
    "POST",
    "/reports/<report_id>/transitions",
    Action.RANKING_SEE,
    ReportSchema,
    takes=MoveSchema,
    versioned=True,
    guard=may_move_report,
)
def move_report(entered: dict[str, Any], report_id: str) -> Response:
    """Move a report through its life; `revise` answers with the new one."""
    number, asked = number_of(report_id), read_move(entered)
    return write(
        lambda kept: sign_reports.move(web.actor(), web.clock(), number, asked, seen_version=seen_version(), kept=kept),
        lambda moved: _show(moved.id),
    )


@resource.reads("/reports/<report_id>/form.pdf", Action.RANKING_SEE, None, media_type=PDF)
def form_of_report(report_id: str) -> Response:
    """Get a report printed as far as the caller is told what stands in it."""
    key = form_key.of(web.settings())
    form = export_report.form_of_report(web.actor(), web.clock(), number_of(report_id), letterhead(), key)
    return Response(form, mimetype=PDF)


def _show(report_id: int) -> Any:
    found = look_up_reports.find_report(web.actor(), report_id)
    return {**_summary.dump(found.report), **_report.dump(found)}
