"""A plan's report 考核报告: words beside figures that stand still once signed, told as far as the plan discloses."""

from contextlib import suppress
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.support.agents import fill_month, hire, publish_month, revise
from tests.support.refusals import refused
from tests.support.reporting import DIRECTIONS, PROBLEMS, WAY, act, bring_to, write
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story
from tests.support.world import ACCOUNTS, World, build_world
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.models.recorded import Recorded
from workflow.models.reports import Report
from workflow.records import canonical
from workflow.records.canonical import Json
from workflow.records.faults import FaultCode
from workflow.services.paging import PageAsked
from workflow.services.printing import signing
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record import check_form, verify_records
from workflow.services.record.form_key import FormKey
from workflow.services.record.verify_cards import faults_of_report
from workflow.services.reporting import export_report, look_up_reports, reports, write_reports
from workflow.services.reporting.look_up_reports import ReportDetail, ReportsWanted
from workflow.services.reporting.write_reports import Remark
from workflow.services.scorecards.export_plan import Letterhead

AUGUST = {"E101": 91, "E102": 96, "E103": 98}
SEPTEMBER = {"E101": 79, "E102": 90}
"""Nothing happened to the others: 100."""

SIGN = {"admin", "auditor", "reviewer", "reviewer-2", "approver", "approver-2", "triple"}


@pytest.fixture(scope="module")
def story() -> Story:
    return two_months


def two_months(world: World, clock: SettableClock) -> None:
    """Publish August and September of six agents."""
    hire(world, 6)
    tell(world, clock)


def tell(world: World, clock: SettableClock, disclosure: str = "own-rank") -> None:
    fill_month(world, clock, "2026-08", AUGUST)
    publish_month(world, clock, "2026-08")
    fill_month(world, clock, "2026-09", SEPTEMBER, disclosure=disclosure)
    publish_month(world, clock, "2026-09")


def read(world: World, report: Report, who: str = "admin") -> ReportDetail:
    return look_up_reports.find_report(world.actor(who), report.id)


@pytest.fixture
def key(tmp_path: Path) -> FormKey:
    return FormKey(tmp_path / "form-key.p12", None)


def print_report(world: World, clock: SettableClock, report: Report, key: FormKey, who: str = "hr") -> bytes:
    return export_report.form_of_report(world.actor(who), clock, report.id, Letterhead("远山银行", UTC), key)


def test_from_the_draft_to_publication(world: World, clock: SettableClock) -> None:
    report = write(world, clock, "2026-09")
    for who, trigger in WAY:
        assert [(row.id, move) for row, move in look_up_reports.waiting_for(world.actor(who))] == [(report.id, trigger)]
        act(world, clock, report, who, trigger)
    found = read(world, report)
    assert (found.report.state, found.problems, found.directions) == ("published", PROBLEMS, DIRECTIONS)
    assert [each.meaning for each in found.signatures] == ["prepare", "review", "approve"]
    assert [(each.scheme, each.code, each.problem) for each in found.remarks] == [
        ("", "card-team", "新人偏多"),
        ("csr-card", "processing", "差错率升高"),
    ]
    (scheme,) = found.schemes
    assert (scheme.cards, scheme.average, scheme.before, scheme.lowest) == (6, Decimal("94.83"), Decimal("97.50"), 79)
    (group,) = found.groups
    assert [(each.subject, each.rank, each.total) for each in group.entries][-1] == ("E101", 6, Decimal(79))
    assert found.allowed == ("revise",)


def test_only_a_published_plan_is_reported_on_and_only_once(world: World, clock: SettableClock) -> None:
    for who in ("hr", "reviewer", "employee"):
        with refused(Reason.NO_GRANT):
            write_reports.draft(world.actor(who), clock, "2026-09")
    fill_month(world, clock, "2026-10", {})
    for plan in ("2026-10", "2099-01"):
        with refused(Reason.INVALID_INPUT, "plan"):
            write_reports.draft(world.actor("admin"), clock, plan)
    report = write(world, clock, "2026-09")
    with refused(Reason.REPORT_THERE):
        write_reports.draft(world.actor("admin"), clock, "2026-09")
    act(world, clock, report, "admin", "void", reason="改由季度报告说明")
    assert write_reports.draft(world.actor("admin"), clock, "2026-09").revision == 1


def test_words_are_needed_and_belong_to_what_the_plan_has(world: World, clock: SettableClock) -> None:
    admin = world.actor("admin")
    report = write_reports.draft(admin, clock, "2026-09")
    with refused(Reason.INCOMPLETE):
        act(world, clock, report, "admin", "prepare")
    for said, path in (
        (Remark("x", "y", scheme="csr-card", item="nothing"), "item"),
        (Remark("x", "y", scheme="sales-department", item="service"), "item"),
        (Remark("x", "y", item="processing"), "item"),
        (Remark("x", "y", scheme="csr-card", unit="card-team"), "item"),
        (Remark("x", "y", unit="market"), "unit"),
    ):
        with refused(Reason.INVALID_INPUT, path):
            write_reports.remark(admin, clock, report.id, said, seen_version=report.version)
    there = Remark("差错率升高", "每日复核", scheme="csr-card", item="processing")
    for said in (there, Remark("", "", scheme="csr-card", item="processing")):
        write_reports.remark(admin, clock, report.id, said, seen_version=report.version)
    assert read(world, report).remarks == ()
    with refused(Reason.NO_GRANT):
        write_reports.edit(world.actor("auditor"), clock, report.id, {}, seen_version=report.version)
    with refused(Reason.STALE):
        write_reports.edit(admin, clock, report.id, {}, seen_version=report.version - 1)


def test_a_signed_report_stands_still_and_a_revision_takes_its_place(world: World, clock: SettableClock) -> None:
    report = bring_to(world, clock, write(world, clock, "2026-09"), "published")
    as_signed = read(world, report)
    assert as_signed.outdated is False
    revise(world, clock, "2026-09", "E101", 10)
    later = read(world, report)
    assert later.outdated is True
    assert (later.schemes, later.groups, later.report.as_of) == (
        as_signed.schemes,
        as_signed.groups,
        as_signed.report.as_of,
    )
    fresh = act(world, clock, report, "admin", "revise", reason="评分更正后数据已变")
    with refused(Reason.REVISION_OPEN):
        act(world, clock, report, "admin", "revise", reason="再开一份")
    assert (fresh.revision, fresh.problems) == (1, PROBLEMS)
    revised = read(world, fresh)
    assert (revised.schemes[0].lowest, revised.remarks) == (Decimal(89), as_signed.remarks)
    bring_to(world, clock, fresh, "published")
    old = read(world, report)
    assert (old.report.state, old.schemes[0].lowest) == ("superseded", Decimal(79))
    assert [each.id for each in old.others] == [fresh.id]
    assert verify_records.verify().holds


def test_nobody_signs_figures_that_have_moved_unseen(world: World, clock: SettableClock) -> None:
    report = write(world, clock, "2026-09")
    revise(world, clock, "2026-09", "E101", 10)
    seen = report.version
    with refused(Reason.STALE):
        act(world, clock, report, "admin", "prepare")
    db.session.refresh(report)
    assert report.version == seen + 1
    assert read(world, report).schemes[0].lowest == Decimal(89)
    bring_to(world, clock, report, "prepared")


def test_a_return_says_why_and_takes_the_signatures_back(world: World, clock: SettableClock) -> None:
    report = bring_to(world, clock, write(world, clock, "2026-09"), "reviewed")
    with refused(Reason.REASON_TOO_SHORT):
        act(world, clock, report, "approver", "return", reason="不行")
    act(world, clock, report, "approver", "return", reason="改进方向请写明责任单位")
    found = read(world, report, "approver")
    assert (found.report.state, found.signatures, found.digest) == ("draft", (), None)
    with refused(Reason.NOT_SEEN):
        read(world, report, "approver-2")
    bring_to(world, clock, report, "prepared")
    act(world, clock, report, "admin", "withdraw")
    assert read(world, report).report.state == "draft"


def test_three_different_people_sign_and_a_refused_signing_is_recorded(world: World, clock: SettableClock) -> None:
    report = bring_to(world, clock, write(world, clock, "2026-09"), "prepared")
    act(world, clock, report, "triple", "review")
    with refused(Reason.SAME_SIGNER):
        act(world, clock, report, "triple", "approve")
    query = (
        select(RecordContent.content)
        .join(Record, Record.id == RecordContent.record_id)
        .where(Record.entity_id == report.id, Record.event == "report.refused")
    )
    assert [content["reason"] for content in db.session.scalars(query)] == ["approve: same_signer"]


def test_the_list_and_the_verdict_on_one_agree(world: World, clock: SettableClock) -> None:
    """Who checks sees it in every state, who signs from their turn on, others once it is published."""
    report = write(world, clock, "2026-09")
    seen = {}
    for step, state in enumerate(("draft", "prepared", "reviewed", "approved", "published")):
        if step:
            act(world, clock, report, *WAY[step - 1])
        listed = {who for who in ACCOUNTS if listing(world, who) == [report.id]}
        found = {who for who in ACCOUNTS if is_found(world, report, who)}
        assert listed == found, state
        seen[state] = found
    assert seen == {
        "draft": {"admin", "auditor"},
        "prepared": {"admin", "auditor", "reviewer", "reviewer-2", "triple"},
        "reviewed": SIGN,
        "approved": SIGN,
        "published": SIGN | {"preparer", "hr", "employee"},
    }


def listing(world: World, who: str) -> list[int]:
    rows = look_up_reports.list_reports(world.actor(who), ReportsWanted(), PageAsked()).rows
    assert look_up_reports.is_concerned(world.actor(who)) is bool(rows)
    return [row.id for row in rows]


def is_found(world: World, report: Report, who: str) -> bool:
    with suppress(Refusal):
        return read(world, report, who).report.id == report.id
    return False


@pytest.mark.parametrize(
    ("disclosure", "ranks"),
    [("none", []), ("own-rank", [6]), ("top-n", [1, 1, 1, 1, 6]), ("all", [1, 1, 1, 1, 5, 6])],
)
def test_who_is_appraised_is_told_what_the_plan_discloses(
    stored: None,  # noqa: ARG001 — the database is open
    clock: SettableClock,
    disclosure: str,
    ranks: list[int],
) -> None:
    world = build_world(clock)
    hire(world, 6)
    tell(world, clock, disclosure)
    report = bring_to(world, clock, write(world, clock, "2026-09"), "published")
    found = read(world, report, "employee")
    assert [each.rank for group in found.groups for each in group.entries] == ranks
    (scheme,) = found.schemes
    everything = disclosure == "all"
    hidden_enough = disclosure in {"none", "own-rank"}
    assert scheme.average == (Decimal("94.83") if everything or hidden_enough else None)
    assert (scheme.lowest, bool(scheme.distribution), bool(scheme.grades)) == (
        Decimal(79) if everything else None,
        everything,
        everything,
    )
    assert {each.code for each in found.remarks} == {"card-team", "processing"}
    assert (found.problems, found.whole, found.outdated) == (PROBLEMS, False, False)


def test_an_average_over_few_tells_nothing(stored: None, clock: SettableClock) -> None:  # noqa: ARG001 — as above
    world = build_world(clock)
    hire(world, 4)
    tell(world, clock)
    report = bring_to(world, clock, write(world, clock, "2026-09"), "published")
    (scheme,) = read(world, report, "employee").schemes
    assert (scheme.average, scheme.before) == (None, None)
    assert {(each.average, each.before) for each in scheme.items} == {(None, None)}
    assert read(world, report, "hr").schemes[0].average == Decimal("92.25")


def test_the_print_holds_what_its_reader_is_told(world: World, clock: SettableClock, key: FormKey) -> None:
    report = bring_to(world, clock, write(world, clock, "2026-09"), "published")

    def printed(who: str) -> str:
        file = print_report(world, clock, report, key, who)
        return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages)

    whole, own = printed("hr"), printed("employee")
    for each in ("新人复核不足", "差错率升高", "94.83", "绩效管理岗", "李强", "王敏"):
        assert each in whole
        assert each in own
    assert "冯涛" in whole
    assert "冯涛" not in own
    assert "吴霞" in own


def test_an_approved_report_is_printed_under_the_organisations_signature(
    world: World, clock: SettableClock, key: FormKey
) -> None:
    report = write(world, clock, "2026-09")
    assert signing.check_form(print_report(world, clock, report, key, "admin")) == ()
    bring_to(world, clock, report, "published")
    digest = read(world, report).digest
    assert digest is not None
    for who in ("hr", "employee"):
        (found,) = signing.check_form(print_report(world, clock, report, key, who))
        assert (found.holds, found.fingerprint) == (True, key.fingerprint())
        assert found.stated == Stated(FormKind.REPORT, read(world, report).report.plan, 0, digest)
        assert check_form.agrees(found.stated)
    assert not check_form.agrees(Stated(FormKind.REPORT, found.stated.number, 0, "0" * 64))
    assert not check_form.agrees(Stated(FormKind.REPORT, found.stated.number, 1, digest))
    assert not check_form.agrees(Stated(FormKind.REPORT, "no such plan", 0, digest))


def test_every_word_and_figure_is_under_the_seal(world: World, clock: SettableClock) -> None:
    report = bring_to(world, clock, write(world, clock, "2026-09"), "published")
    opened = reports.open_report(world.actor("admin"), report.id)
    row, *remarks = (plain_row(each) for each in (opened.report, *opened.remarks))
    row["statistics"] = canonical.canonical_text(row["statistics"])
    parts = {"report_remark": remarks, "report_signature": [plain_row(each) for each in opened.signatures]}
    assert list(faults_of_report(row, parts, frozenset())) == []
    for name in reports.SEALED:
        faults = list(faults_of_report({**row, name: "other"}, parts, frozenset()))
        assert [each.code for each in faults] == [FaultCode.SEAL_DIFFERS] * 3, name
    for name in reports.SEALED_OF_REMARKS:
        changed = {**parts, "report_remark": [{**remarks[0], name: "other"}, *remarks[1:]]}
        assert len(list(faults_of_report(row, changed, frozenset()))) == 3, name


def plain_row(row: Recorded) -> dict[str, Json]:
    return {column.name: canonical.plain(getattr(row, column.name)) for column in row.__table__.columns}


def test_reading_one_takes_the_same_statements_for_any_number_of_cards(world: World, clock: SettableClock) -> None:
    def count(plan: str) -> int:
        report = bring_to(world, clock, write(world, clock, plan), "published")
        with statements() as sent:
            read(world, report, "employee")
        return len(sent)

    few = count("2026-09")
    hire(world, 12)
    fill_month(world, clock, "2026-10", {})
    publish_month(world, clock, "2026-10")
    assert count("2026-10") == few
