"""The ledger 加减分台账: entries before and on a card, one set of facts, voided on both or on neither."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.stocked import NOTHING_HAPPENED, approve
from tests.support.world import fill
from workflow.errors import Reason
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.ledger import FACTS, LedgerEntry
from workflow.models.scorecards import Adjustment, Scorecard
from workflow.services.paging import PageAsked
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.recorders import evidence, ledger, look_up_ledger
from workflow.services.recorders.ledger import NewEntry
from workflow.services.recorders.look_up_ledger import EntryRow, LedgerWanted
from workflow.services.scorecards import appraise

TODAY = date(2026, 11, 5)
ALL = PageAsked(200)
PDF = b"%PDF-1.7 \xe5"


def record(company: Company, who: str = "recorder", **changed: Any) -> LedgerEntry:
    told = {"on": "2026-10-12", "reason": "未核对身份", "points": "-2"} | changed
    about = {name: told.pop(name) for name in ("subject", "item", "scheme") if name in told}
    new = NewEntry(**{"subject": "E101", "item": "quality", **about}, told=told)
    return ledger.record(company.actor(who), company.clock, new, today=TODAY)


def move(company: Company, who: str, entry: LedgerEntry, trigger: str, reason: str = "") -> LedgerEntry:
    now = fresh(entry)
    return ledger.move(
        company.actor(who), company.clock, now.id, trigger, at_once=True, seen_version=now.version, reason=reason
    )


def fresh(entry: LedgerEntry) -> LedgerEntry:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(LedgerEntry, entry.id)
    assert found is not None
    return found


def adjustments(company: Company, subject: str = "E101") -> list[Adjustment]:
    return list(card_queries.adjustments_of([company.card(subject).id]))


def points(company: Company, code: str = "quality") -> str:
    card = company.card("E101")
    value = card_queries.items_of([card.id])[card.id][code].points
    return "none" if value is None else f"{value:f}"


def seen(company: Company, who: str, *, at_once: bool = True, **wanted: Any) -> tuple[EntryRow, ...]:
    db.session.rollback()
    return look_up_ledger.list_entries(company.actor(who), LedgerWanted(**wanted), ALL, at_once=at_once).rows


def finish(company: Company) -> Scorecard:
    fill(company.world, company.clock, company.card("E101"), NOTHING_HAPPENED)
    approve(company.world, company.clock, company.card("E101"))
    return company.card("E101")


def test_an_entry_is_counted_at_once_by_the_draft_of_its_period(company: Company) -> None:
    before = company.card("E101").version
    entry = record(company)
    (adjustment,) = adjustments(company)
    assert (points(company), company.card("E101").version) == ("38", before + 1)
    assert (adjustment.ledger_entry_id, adjustment.number) == (entry.id, 1)
    assert all(getattr(adjustment, name) == getattr(fresh(entry), name) for name in FACTS)
    assert company.events(entry.id) == ["ledger.record"]
    assert company.events(company.card("E101").id)[-1] == "scorecard.adjust"


def test_what_is_entered_on_the_card_stands_in_the_ledger(company: Company) -> None:
    card = company.card("E101")
    told = {"on": "2026-10-20", "points": "-1", "reason": "口径有误"}
    appraise.add_adjustment(company.actor("preparer"), company.clock, card.id, "quality", told, seen_version=1)
    (row,) = seen(company, "recorder")
    assert (row.subject, row.item, row.on, f"{row.worth:f}", row.counted, row.recorded_by) == (
        "E101", "quality", date(2026, 10, 20), "-1", True, "陈静",
    )  # fmt: skip
    appraise.void_adjustment(
        company.actor("preparer"), company.clock, card.id, "quality", 1, "记错了人", seen_version=2
    )
    (row,) = seen(company, "recorder")
    assert (row.state, row.void_reason, row.voided_by, row.counted) == ("void", "记错了人", "陈静", False)


def test_an_entry_before_its_plan_waits_and_the_new_card_counts_it(company: Company) -> None:
    kept = record(company, on="2026-11-02")
    voided = record(company, on="2026-11-03", points="-5")
    move(company, "recorder", voided, "void", "记错了人")
    assert [row.counted for row in seen(company, "recorder", period="2026-11", state="recorded")] == [False]
    admin = company.actor("admin")
    contents = (PlanContents("csr-card", ("card-team",)),)
    made = plan.create(admin, company.clock, NewPlan("2026-11", "11月", "2026-11", contents))
    plan.move(admin, company.clock, "2026-11", "open", seen_version=made.version)
    card = db.session.scalar(select(Scorecard).where(Scorecard.period == "2026-11", Scorecard.subject_code == "E101"))
    assert card is not None
    (adjustment,) = card_queries.adjustments_of([card.id])
    item = card_queries.items_of([card.id])[card.id]["quality"]
    assert (adjustment.ledger_entry_id, f"{item.points:f}", item.source) == (kept.id, "38", "周婷")
    assert company.events(card.id) == ["scorecard.create"]


def test_a_signed_card_takes_no_entry_and_keeps_what_it_counts(company: Company) -> None:
    entry = record(company)
    fill(company.world, company.clock, company.card("E101"), NOTHING_HAPPENED)
    company.move(company.card("E101"), "preparer", "prepare")
    with refused(Reason.WRONG_STATE):
        record(company, points="-1")
    with refused(Reason.ENTRY_COUNTED):
        move(company, "recorder", entry, "void", "记错了人")
    company.move(company.card("E101"), "reviewer", "return", reason="请核对扣分")
    move(company, "recorder", entry, "void", "记错了人")
    (adjustment,) = adjustments(company)
    assert (adjustment.void_reason, points(company), fresh(entry).state) == ("记错了人", "40", "void")


def test_an_approved_card_takes_no_entry(company: Company) -> None:
    finish_with = record(company)
    finish(company)
    with refused(Reason.LOCKED):
        record(company)
    with refused(Reason.ENTRY_COUNTED):
        move(company, "recorder", finish_with, "void", "记错了人")


def test_what_a_revision_voids_is_void_in_the_ledger_once_it_is_published(company: Company) -> None:
    entry = record(company)
    company.move(finish(company), "admin", "publish")
    revision = company.move(company.card("E101"), "admin", "revise", reason="申诉成立")
    appraise.void_adjustment(
        company.actor("preparer"), company.clock, revision.id, "quality", 1, "申诉成立", seen_version=1
    )
    assert (fresh(entry).state, seen(company, "recorder")[0].counted) == ("recorded", True)
    approve(company.world, company.clock, company.card("E101"))
    company.move(company.card("E101"), "admin", "publish")
    assert (fresh(entry).state, fresh(entry).void_reason) == ("void", "申诉成立")
    assert company.events(entry.id) == ["ledger.record", "ledger.void"]


def test_the_person_reads_questions_and_is_answered_before_anything_is_published(company: Company) -> None:
    entry = record(company)
    (row,) = seen(company, "employee", mine=True)
    assert (row.item_title, row.reason, row.recorded_by, row.on) == (
        "品质监控",
        "未核对身份",
        "周婷",
        date(2026, 10, 12),
    )
    version = company.card("E101").version
    move(company, "employee", entry, "question", "当天我在休假")
    move(company, "recorder", entry, "answer", "已核对排班,是当天的录音")
    (row,) = seen(company, "employee", mine=True)
    assert (row.question, row.answer, row.answered_by) == ("当天我在休假", "已核对排班,是当天的录音", "周婷")
    move(company, "employee", entry, "question", "录音不是我的")
    assert (fresh(entry).answer, fresh(entry).answered_at) == (None, None)
    assert company.card("E101").version == version, "asking moves no card"
    assert company.events(entry.id) == ["ledger.record", "ledger.question", "ledger.answer", "ledger.question"]


def test_a_company_may_show_entries_only_with_the_published_card(company: Company) -> None:
    record(company)
    assert seen(company, "employee", at_once=False) == ()
    company.move(finish(company), "admin", "publish")
    assert len(seen(company, "employee", at_once=False)) == 1


def test_who_sees_which_entries(company: Company) -> None:
    record(company)
    record(company, who="preparer", item="floor")
    told = {who: sorted(row.item for row in seen(company, who)) for who in ("preparer", "admin", "auditor", "recorder")}
    assert told == {
        **{each: ["floor", "quality"] for each in ("preparer", "admin", "auditor")},
        "recorder": ["quality"],
    }
    for who in ("hr", "reviewer", "market-preparer", "operator", "head", "nobody"):
        assert seen(company, who) == (), who


def test_lists_are_narrowed(company: Company) -> None:
    record(company)
    record(company, subject="E102", on="2026-11-02")
    assert [row.subject for row in seen(company, "preparer")] == ["E102", "E101"]
    for wanted, subjects in (
        ({"period": "2026-10"}, ["E101"]),
        ({"subject": "E102"}, ["E102"]),
        ({"unit": "card-team", "item": "quality"}, ["E102", "E101"]),
        ({"recorder": "recorder", "period": "2026-11"}, ["E102"]),
        ({"state": "void"}, []),
    ):
        assert [row.subject for row in seen(company, "preparer", **wanted)] == subjects, wanted


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"subject": "E999"}, "subject"),
        ({"subject": "E001", "who": "market-preparer"}, "subject"),
        ({"on": "2026-11-06"}, "on"),
        ({"on": "gestern"}, "on"),
        ({"points": "-1.5"}, "points"),
        ({"points": None}, "points"),
        ({"reason": ""}, "reason"),
        ({"reason": "字" * 1001}, "reason"),
        ({"cause": "none"}, "cause"),
        ({"scheme": "csr-wealth"}, "scheme"),
        ({"subject": "E001", "who": "preparer"}, "scheme"),
        ({"evidence": ["0" * 64]}, "evidence"),
        ({"subject": "customer", "item": "churn"}, "item"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(company: Company, changed: dict[str, Any], path: str) -> None:
    with refused(Reason.INVALID_INPUT, path):
        record(company, **changed)
    assert seen(company, "preparer") == ()


def test_who_may_not_record(company: Company) -> None:
    with refused(Reason.NO_GRANT):
        record(company, item="floor")
    with refused(Reason.NO_GRANT):
        record(company, who="admin")


# Evidence


def hand_in(company: Company, who: str = "recorder", name: str = "质检单.pdf", content: bytes = PDF) -> str:
    return evidence.add(company.actor(who), company.clock, name, content).hash


def readers(company: Company, digest: str) -> set[str]:
    return {who for who in company.world.accounts if evidence.may_see(company.actor(who), digest, at_once=True)}


def test_a_file_is_seen_by_those_who_see_an_entry_that_names_it(company: Company) -> None:
    digest = hand_in(company)
    assert readers(company, digest) == set()
    record(company, evidence=[digest, "QA-1012"])
    assert readers(company, digest) == {"employee", "recorder", "preparer", "triple", "admin", "auditor"}
    opened = evidence.open_file(company.actor("employee"), digest, at_once=True)
    assert (opened.name, opened.media_type, opened.content) == ("质检单.pdf", "application/pdf", PDF)
    with refused(Reason.NOT_SEEN):
        evidence.open_file(company.actor("hr"), digest, at_once=True)
    fill(company.world, company.clock, company.card("E101"), NOTHING_HAPPENED)
    company.move(company.card("E101"), "preparer", "prepare")
    assert {"reviewer", "reviewer-2"} <= readers(company, digest), "who signs sees what the card counts"


def test_naming_a_file_opens_it_to_nobody_who_could_not_see_it(company: Company) -> None:
    digest = hand_in(company, "preparer")
    with refused(Reason.INVALID_INPUT, "evidence"):
        record(company, evidence=[digest])
    record(company, who="preparer", evidence=[digest])
    record(company, evidence=[digest])


def test_the_same_content_is_kept_once(company: Company) -> None:
    first = evidence.add(company.actor("recorder"), company.clock, "a.pdf", PDF)
    again = evidence.add(company.actor("recorder"), company.clock, "b.pdf", PDF)
    other = evidence.add(company.actor("preparer"), company.clock, "c.pdf", PDF)
    assert (again.id, again.file_name) == (first.id, "a.pdf")
    assert (other.id != first.id, other.hash) == (True, first.hash)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.exe", b"MZ\x90\x00", Reason.FILE_TYPE),
        ("x.html", b"<script>alert(1)</script>", Reason.FILE_TYPE),
        ("x.svg", b"<svg/>", Reason.FILE_TYPE),
        ("x.pdf", b"MZ\x90\x00", Reason.FILE_TYPE),
        ("x.txt", b"a\x00b", Reason.FILE_TYPE),
        ("", PDF, Reason.FILE_TYPE),
    ],
)
def test_other_files_serve_as_no_evidence(company: Company, name: str, content: bytes, reason: Reason) -> None:
    with refused(reason):
        hand_in(company, name=name, content=content)


def test_an_empty_file_and_who_may_not_hand_in(company: Company) -> None:
    with refused(Reason.INVALID_INPUT, "file"):
        hand_in(company, content=b"")
    for who in ("employee", "reviewer", "operator"):
        with refused(Reason.NO_GRANT):
            hand_in(company, who)


def test_a_signature_binds_the_files(company: Company) -> None:
    digest = hand_in(company)
    record(company, evidence=[digest])
    card = finish(company)
    (adjustment,) = adjustments(company)
    assert adjustment.evidence == [digest]
    item = card_queries.items_of([card.id])[card.id]["quality"]
    assert item.input == {
        "adjustments": [{"on": "2026-10-12", "reason": "未核对身份", "points": "-2", "evidence": [digest]}]
    }
