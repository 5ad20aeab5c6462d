"""What every use case on a report shares: finding it, what policy needs to know of it, what a signature under it binds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, true

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle.report import WORDS
from workflow.models.card_queries import is_by
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.record import Record
from workflow.models.reports import Report, ReportRemark, ReportSignature
from workflow.models.scorecards import Scorecard
from workflow.policy import (
    COMPANY,
    Action,
    Actor,
    Meaning,
    ReportFacts,
    StandingSignature,
    State,
    Trigger,
    unit_scope,
)
from workflow.records.canonical import Json, canonical_text, digest, plain
from workflow.services.people.look_up_organisation import within

SIGNED_AS: Final[Mapping[str, tuple[Meaning, ...]]] = {
    State.DRAFT: (),
    State.PREPARED: (Meaning.PREPARE,),
    State.REVIEWED: (Meaning.PREPARE, Meaning.REVIEW),
    State.APPROVED: tuple(Meaning),
    State.PUBLISHED: tuple(Meaning),
    State.SUPERSEDED: tuple(Meaning),
    State.VOID: (),
}
"""Which signatures stand under a report in each of its states: a return or a withdrawal takes back the others."""

HANDLING: Final = tuple(f"report.{each}" for each in (*Meaning, Trigger.RETURN))
"""The events by which somebody has signed a report or returned it."""

SEALED = ("plan_id", "period", "revision", "problems", "directions", "statistics", "as_of")
SEALED_OF_REMARKS = ("scheme_code", "code", "title", "problem", "direction")

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report with everything in it, as one transaction sees it, and what policy knows of it for one actor."""

    report: Report
    plan: Plan
    remarks: tuple[ReportRemark, ...]
    signatures: tuple[ReportSignature, ...]  # those that stand, oldest first
    facts: ReportFacts


def open_report(actor: Actor, report_id: int, *, lock: bool = False) -> OpenReport:
    """Find a report; raises Refusal (not seen) where there is none. Whether the actor may see it is asked of its facts."""
    query = select(Report, Plan).join(Plan, Plan.id == Report.plan_id).where(Report.id == report_id)
    if lock:
        query = query.with_for_update(of=Report).execution_options(populate_existing=True)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise not_seen()
    report, plan = found
    signatures = standing_signatures([report])[report.id]
    return OpenReport(report, plan, remarks_of(report.id), signatures, facts_of(actor, [report])[report.id])


def remarks_of(report_id: int) -> tuple[ReportRemark, ...]:
    """Give what a report says of items and units, by scheme and code; what was taken back has no words."""
    query = select(ReportRemark).where(ReportRemark.report_id == report_id)
    return tuple(db.session.scalars(query.order_by(ReportRemark.scheme_code, ReportRemark.code)))


def standing_signatures(reports: Iterable[Report]) -> dict[int, tuple[ReportSignature, ...]]:
    """Give the signatures that stand under each report, oldest first: of each meaning that its state has, the newest."""
    states = {report.id: report.state for report in reports}
    query = select(ReportSignature).where(ReportSignature.report_id.in_(sorted(states)))
    newest: dict[int, dict[str, ReportSignature]] = {report_id: {} for report_id in states}
    for signature in db.session.scalars(query.order_by(ReportSignature.record_id)):
        newest[signature.report_id][signature.meaning] = signature
    return {
        report_id: tuple(found[meaning] for meaning in SIGNED_AS[states[report_id]])
        for report_id, found in newest.items()
    }


def facts_of(actor: Actor, reports: Sequence[Report]) -> dict[int, ReportFacts]:
    """Give what policy and lifecycle need to know of each report, in a fixed number of queries."""
    ids = [report.id for report in reports]
    paths = dict(
        db.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_({each.unit_id for each in reports}))).all()
    )
    signatures = standing_signatures(reports)
    handled = _ids(Report.id.in_(ids), is_handled_by(actor))
    told = _ids(Report.id.in_(ids), is_told(actor))
    return {
        report.id: ReportFacts(
            state=report.state,
            version=report.version,
            unit_path=COMPANY if report.unit_id is None else paths[report.unit_id],
            signatures=tuple(
                StandingSignature(each.meaning, each.account_id, each.person_id, each.name)
                for each in signatures[report.id]
            ),
            missing=tuple(name for name in WORDS if not getattr(report, name)),
            handled=report.id in handled,
            published=report.published_at is not None,
            told=report.id in told,
        )
        for report in reports
    }


def held_within(paths: Collection[str]) -> ColumnElement[bool]:
    """Say in SQL that all units of a report's plan lie below one of these."""
    return true() if COMPANY in paths else Report.unit_id.in_(select(Unit.id).where(within(paths)))


def is_told(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that the actor is appraised in a report's plan, or is told the scores of some unit of it by role."""
    told = within(unit_scope(actor, Action.RANKING_SEE))
    if actor.person_id is not None:
        told = or_(told, Scorecard.appraised_person_id == actor.person_id)
    cards = select(Scorecard.plan_id).join(Unit, Unit.id == Scorecard.unit_id)
    return Report.plan_id.in_(cards.where(Scorecard.published_at.is_not(None), told))


def digest_of(report: Report, remarks: Iterable[ReportRemark]) -> str:
    """Give the SHA-256 (hex) of the words, the figures as they stood, and of what plan, period and revision they are."""
    row = {name: plain(getattr(report, name)) for name in SEALED}
    row["statistics"] = canonical_text(row["statistics"])
    return digest_of_rows(row, [{name: plain(getattr(each, name)) for name in SEALED_OF_REMARKS} for each in remarks])


def digest_of_rows(report: Row, remarks: Iterable[Row]) -> str:
    """Give the digest of the rows of a report in plain form, the long statistics in canonical form."""
    sealed: dict[str, Json] = {name: report[name] for name in SEALED}
    said = [{name: each[name] for name in SEALED_OF_REMARKS} for each in remarks]
    sealed["remarks"] = [*sorted(said, key=lambda each: (str(each["scheme_code"]), str(each["code"])))]
    return digest(sealed)


def refusal(report: Report, denied: Denied) -> Refusal:
    """Make the refusal to raise; a stale one carries the newest version."""
    return stale(report.version, report.state) if denied.reason is Reason.STALE else Refusal(denied)


def is_handled_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that the actor has signed a report or returned it at some time."""
    return exists().where(
        is_by(Record.actor_id, actor.account_id),
        Record.entity_kind == "report",
        Record.entity_id == Report.id,
        Record.event.in_(HANDLING),
    )


def _ids(*conditions: ColumnElement[bool]) -> frozenset[int]:
    return frozenset(db.session.scalars(select(Report.id).where(*conditions)))
