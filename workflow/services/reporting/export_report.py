"""The printed form of a plan's report."""

from workflow.models.reports import ReportSignature
from workflow.policy import Actor, Meaning, State
from workflow.services.clock import Clock
from workflow.services.printing.report_form import ReportForm, render_report
from workflow.services.printing.sheet import FormSignature
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record.form_key import FormKey
from workflow.services.reporting import look_up_reports
from workflow.services.reporting.look_up_reports import ReportDetail
from workflow.services.scorecards.export_plan import SIGNED_STATES, Letterhead


def form_of_report(actor: Actor, clock: Clock, report_id: int, head: Letterhead, key: FormKey) -> bytes:
    """Give the PDF of a report as far as the reader is told what stands in it, signed once the report is approved.

    Raises Refusal (not seen).
    """
    found, now = look_up_reports.find_report(actor, report_id), clock().astimezone(head.timezone)
    form = render_report(_form(found, head.company), printed_at=now, language=actor.language)
    if found.digest is None or found.report.state not in SIGNED_STATES:
        return form
    stated = Stated(FormKind.REPORT, found.report.plan, found.report.revision, found.digest)
    return key.sign(form, stated, head.company, now)


def _form(found: ReportDetail, company: str) -> ReportForm:
    return ReportForm(
        organisation=company,
        plan=found.report.plan_title,
        period=found.report.period,
        state=State(found.report.state),
        revision=found.report.revision,
        as_of=found.report.as_of,
        whole=found.whole,
        problems=found.problems,
        directions=found.directions,
        schemes=found.schemes,
        groups=found.groups,
        remarks=found.remarks,
        signatures=tuple(_signature(each) for each in found.signatures),
        digest=found.digest,
    )


def _signature(given: ReportSignature) -> FormSignature:
    return FormSignature(
        meaning=Meaning(given.meaning),
        name=given.name,
        at=given.at,
        method=given.method,
        on_behalf_of=given.on_behalf_of,
    )
