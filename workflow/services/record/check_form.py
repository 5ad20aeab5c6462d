"""Does what a signed form states agree with what is kept?"""

from sqlalchemy import select

from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.erasures import ErasedContent
from workflow.models.personal import ERASED
from workflow.models.plans import Plan
from workflow.models.record import Record
from workflow.models.reports import Report
from workflow.models.scorecards import Scorecard
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.reporting import reports
from workflow.services.scorecards import cards
from workflow.services.scorecards.sealing import digest_of


def agrees(stated: Stated) -> bool:
    """Say whether this is kept, and its newest signature and its content both have the digest that the form states.

    Of what an order has erased there is the signature alone to compare with: the form may be all that is left of it.
    """
    return {FormKind.CARD: _card_agrees, FormKind.REPORT: _report_agrees}[stated.kind](stated)


def _card_agrees(stated: Stated) -> bool:
    here = (Scorecard.number == stated.number, Scorecard.revision == stated.revision)
    card_id = db.session.scalar(select(Scorecard.id).where(*here))
    if card_id is None:
        return False
    opened = cards.open_many([card_id])[card_id]
    signatures = card_queries.standing(card_queries.signatures_of([card_id])[card_id])
    if not signatures or signatures[-1].digest != stated.digest:
        return False
    erased = opened.card.subject_name == ERASED
    return erased or digest_of(opened, card_queries.adjustments_of([card_id])) == stated.digest


def _report_agrees(stated: Stated) -> bool:
    plan_id = select(Plan.id).where(Plan.code == stated.number).scalar_subquery()
    report = db.session.scalar(select(Report).where(Report.plan_id == plan_id, Report.revision == stated.revision))
    if report is None:
        return False
    signatures = reports.standing_signatures([report])[report.id]
    if not signatures or signatures[-1].digest != stated.digest:
        return False
    return _is_erased(report) or reports.digest_of(report, reports.remarks_of(report.id)) == stated.digest


def _is_erased(report: Report) -> bool:
    """Say whether an order has taken words or names out of a report."""
    records = select(Record.id).where(Record.entity_kind == "report", Record.entity_id == report.id)
    erased = select(ErasedContent.id).where(ErasedContent.erased_record_id.in_(records))
    return db.session.scalar(erased.limit(1)) is not None
