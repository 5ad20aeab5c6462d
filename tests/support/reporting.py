"""A plan's report written, signed and published as in life."""

from collections.abc import Sequence
from typing import Any

from tests.support.settable_clock import SettableClock
from tests.support.world import BY_PASSWORD, World
from workflow.models.reports import Report
from workflow.services.reporting import sign_reports, write_reports
from workflow.services.reporting.write_reports import Remark
from workflow.services.scorecards.asking import Asked

PROBLEMS = "录入差错集中在月末。\n新人复核不足。"
DIRECTIONS = "月末加派复核岗,新人首月双人复核。"
WAY = (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
STATES = ("draft", "prepared", "reviewed", "approved", "published")


REMARKS = (
    Remark("差错率升高", "每日复核十笔", scheme="csr-card", item="processing"),
    Remark("新人偏多", "师傅带教", unit="card-team"),
)


def write(world: World, clock: SettableClock, plan: str, remarks: Sequence[Remark] = REMARKS) -> Report:
    """Draft a report with problems and directions, and remarks on items and units."""
    admin = world.actor("admin")
    report = write_reports.draft(admin, clock, plan)
    words = {"problems": PROBLEMS, "directions": DIRECTIONS}
    write_reports.edit(admin, clock, report.id, words, seen_version=report.version)
    for said in remarks:
        write_reports.remark(admin, clock, report.id, said, seen_version=report.version)
    return report


def act(world: World, clock: SettableClock, report: Report, who: str, trigger: str, **asked: Any) -> Report:
    """Move a report as somebody who has just proved themselves."""
    request = Asked(trigger, BY_PASSWORD, **asked)
    return sign_reports.move(world.actor(who), clock, report.id, request, seen_version=report.version)


def bring_to(world: World, clock: SettableClock, report: Report, state: str) -> Report:
    """Have a written draft signed until it is in `state`."""
    for who, trigger in WAY[: STATES.index(state)]:
        act(world, clock, report, who, trigger)
    return report
