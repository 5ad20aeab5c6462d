"""Moving a plan's report through its life: signed by three, published, corrected by a revision that supersedes it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, Reason, Refusal, refuse
from workflow.lifecycle import report as lifecycle
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.models.database import db
from workflow.models.reports import Report, ReportRemark, ReportSignature
from workflow.models.types import new_id
from workflow.policy import Actor, Grant, Meaning, State, Trigger, report_moved_by
from workflow.services.clock import Clock
from workflow.services.record import log_ahead
from workflow.services.reporting import write_reports
from workflow.services.reporting.reports import OpenReport, digest_of, open_report, refusal
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.refusals import note_refused_signing
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work


def move(
    actor: Actor, clock: Clock, report_id: int, asked: Asked, *, seen_version: int | None, kept: Kept | None = None
) -> Report:
    """Move one report, `revise` gives the new one; raises Refusal, which for a signing is itself recorded."""
    if asked.trigger in set(Meaning):
        log_ahead.refuse_if_behind()
    if asked.trigger == Trigger.PREPARE:
        write_reports.refresh(actor, clock, report_id)
    try:
        with unit_of_work(actor, clock, kept) as work:
            opened = open_report(actor, report_id, lock=True)
            digest = digest_of(opened.report, opened.remarks)
            answer = lifecycle.decide(asked.trigger, opened.facts, _request(actor, opened, asked, seen_version, digest))
            if isinstance(answer, Denied):
                raise refusal(opened.report, answer)
            moved = _write(work, opened, answer, asked, digest)
            work.finish(moved)
            return moved
    except Refusal as refused:
        note_refused_signing(actor, clock, asked.trigger, {report_id: refused}, Report)
        raise


def _request(actor: Actor, opened: OpenReport, asked: Asked, seen_version: int | None, digest: str) -> MoveRequest:
    return MoveRequest(
        actor=actor,
        seen_version=seen_version,
        reason=asked.reason,
        to=asked.to,
        proof=asked.proof.method,
        proof_wrong=asked.proof.wrong,
        content_matches=not opened.signatures or opened.signatures[-1].digest == digest,
    )


def _write(work: Work, opened: OpenReport, answer: Move, asked: Asked, digest: str) -> Report:
    report, reason = opened.report, asked.reason or ""
    acting = work.actor.acts_as(report_moved_by(answer.trigger, answer.source), opened.facts.unit_path)
    if answer.trigger == Trigger.REVISE:
        return _revise(work, opened, acting, reason)
    values: dict[str, object] = {"state": answer.target}
    if answer.trigger == Trigger.PUBLISH:
        values["published_at"] = work.now
    parts = [_signature(work, report, answer.meaning, asked, acting, digest)] if answer.meaning else []
    work.change(report, f"report.{answer.trigger}", values, parts=parts, role=acting, reason=reason)
    if answer.trigger == Trigger.PUBLISH and report.revises_id is not None:
        _supersede(work, report, report.revises_id, acting)
    return report


def _signature(work: Work, report: Report, meaning: Meaning, asked: Asked, acting: Grant | None, digest: str) -> Part:
    values: Mapping[str, Any] = {
        "meaning": meaning,
        "account_id": work.actor.account_id,
        "person_id": work.actor.person_id,
        "name": work.actor.name,
        "on_behalf_of": acting.holder.name if acting and acting.holder else None,
        "at": work.now,
        "method": asked.proof.method,
        "digest": digest,
    }
    return Part(ReportSignature(id=new_id(), report_id=report.id), f"signatures/{meaning}", values, is_new=True)


def _revise(work: Work, opened: OpenReport, acting: Grant | None, reason: str) -> Report:
    """Begin a revision with the old words and the figures as they are now; raises Refusal while there is one."""
    old = opened.report
    open_one = select(Report.revision).where(Report.revises_id == old.id, Report.state != State.VOID)
    revision = db.session.scalar(open_one.limit(1))
    if revision is not None:
        raise refuse(Reason.REVISION_OPEN, number=f"{opened.plan.code}-R{revision}")
    carried = {"problems": old.problems, "directions": old.directions, "revises_id": old.id, "as_of": work.now}
    fresh = write_reports.begin(opened.plan, opened.facts.unit_path, carried)
    parts = [_carried(fresh, each) for each in opened.remarks if each.problem or each.direction]
    work.create(fresh, "report.revise", parts=parts, role=acting, reason=reason)
    return fresh


def _carried(fresh: Report, old: ReportRemark) -> Part:
    names = ("scheme_code", "code", "title", "problem", "direction")
    row = ReportRemark(id=new_id(), report_id=fresh.id)
    place = f"remarks/{old.scheme_code or 'units'}/{old.code}"
    return Part(row, place, {name: getattr(old, name) for name in names}, is_new=True)


def _supersede(work: Work, report: Report, old_id: int, acting: Grant | None) -> None:
    """Let a published revision take the place of the report that it revises."""
    old = open_report(work.actor, old_id, lock=True)
    answer = lifecycle.supersede(old.facts)
    if isinstance(answer, Denied):
        raise refusal(old.report, answer)
    work.change(old.report, "report.supersede", {"state": answer.target, "superseded_by": report.id}, role=acting)
