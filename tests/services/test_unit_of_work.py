"""A change, its record and the kept answer become true together or not at all."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.world import card_of
from workflow.errors import Reason, Refusal
from workflow.models.accounts import KeptAnswer
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.organisation import Person, Unit
from workflow.models.plans import Plan
from workflow.models.record import Record, RecordContent, RecordPending
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import SYSTEM
from workflow.records.canonical import Envelope, content_hash
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.unit_of_work import AlreadyAnsweredError, Kept, UnrecordedChangeError, unit_of_work

ANOTHER_STATE = {Scorecard: "approved", Plan: "closing", SchemeVersion: "retired"}


def rendered(_result: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"done": True}


def kept(body: bytes = b"a" * 32, key: str = "k1") -> Kept:
    return Kept(key, "PATCH /scorecards/1", body, rendered)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def everything() -> dict[str, int]:
    db.session.rollback()
    return {model.__name__: count(model) for model in (Record, RecordContent, RecordPending, KeptAnswer, Person)}


# All or nothing


def test_an_exception_leaves_nothing_of_what_was_written_before_it(company: Company) -> None:
    before = everything()
    unit = company.world.units["market"]

    def fail() -> None:
        with unit_of_work(SYSTEM, company.clock, kept()) as work:
            work.create(Person(code="E900", name="新人", name_key="xinren"), "person.create")
            work.change(unit, "unit.rename", {"title": "市场中心"})
            work.finish(None)
            assert count(Person) == before["Person"] + 1
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert everything() == before
    assert db.session.get_one(Unit, unit.id, populate_existing=True).title == "市场部"


def test_every_record_comes_with_its_content_and_waits_for_the_log(company: Company) -> None:  # noqa: ARG001
    ids = set(db.session.scalars(select(Record.id)))
    assert set(db.session.scalars(select(RecordContent.record_id))) == ids
    assert set(db.session.scalars(select(RecordPending.record_id))) == ids


def test_every_stored_record_can_be_hashed_again_and_is_chained_to_the_one_before(company: Company) -> None:  # noqa: ARG001
    """What is read back gives the bytes that were hashed, on either database."""
    salts = {each.record_id: each for each in db.session.scalars(select(RecordContent))}
    last: dict[tuple[str, int], Record] = {}
    for record in db.session.scalars(select(Record).order_by(Record.id)):
        envelope = Envelope(**{name: getattr(record, name) for name in Envelope._fields})
        content = salts[record.id]
        before = last.get((record.entity_kind, record.entity_id))
        assert envelope.hash() == record.hash
        assert content_hash(content.salt, content.content) == record.content_hash
        assert (
            (record.version, record.previous_hash) == ((before.version or 0) + 1, before.hash) if before else (1, None)
        )
        last[record.entity_kind, record.entity_id] = record


def test_a_first_record_tells_every_field_that_is_not_empty_defaults_too(company: Company) -> None:
    values = {"item": "churn", "subject_kind": "unit", "subject_id": 1, "subject_code": "x", "unit_id": 1}
    with unit_of_work(SYSTEM, company.clock) as work:
        row = Measurement(**values, frequency="month", period="2026-09", value=Decimal("2.9"))
        work.create(row, "measurement.put")
    ((_, content),) = company.records(row.id)
    told = {change["field"]: change["to"] for change in content["changes"]}  # type: ignore[attr-defined]
    assert told == {
        **values,
        "frequency": "month",
        "period": "2026-09",
        "value": "2.9",
        "source": "",
        "withdrawn": False,
    }


def test_what_was_read_before_belongs_to_another_moment(company: Company) -> None:
    unit = db.session.scalars(select(Unit).where(Unit.code == "market")).one()
    db.session.commit()
    on_another_thread(company, lambda: rename(company, "市场中心"))
    with unit_of_work(SYSTEM, company.clock):
        assert unit.title == "市场中心"


def rename(company: Company, title: str) -> None:
    with unit_of_work(SYSTEM, company.clock) as work:
        unit = db.session.scalars(select(Unit).where(Unit.code == "market")).one()
        work.change(unit, "unit.rename", {"title": title})


def on_another_thread(company: Company, task: Callable[[], Any]) -> Any:
    def run() -> Any:
        with company.app.app_context():
            return task()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_a_version_that_somebody_else_has_made_meanwhile_is_stale(company: Company) -> None:
    """Only on PostgreSQL can it come so far: there nobody waits for a row that is merely read."""
    if company.database.kind == "sqlite":
        rename(company, "市场中心")
        return

    def rename_twice() -> None:
        with unit_of_work(SYSTEM, company.clock) as work:
            unit = db.session.scalars(select(Unit).where(Unit.code == "market")).one()
            on_another_thread(company, lambda: rename(company, "市场中心"))
            work.change(unit, "unit.rename", {"title": "市场一部"})

    with refused(Reason.STALE):
        rename_twice()
    assert db.session.scalar(select(Unit.title).where(Unit.code == "market")) == "市场中心"


# Nobody else writes


@pytest.mark.parametrize("model", ANOTHER_STATE)
def test_nothing_else_assigns_a_state(company: Company, model: type) -> None:  # noqa: ARG001
    row = db.session.scalars(select(model).limit(1)).one()
    before = row.state
    row.state = ANOTHER_STATE[model]
    with pytest.raises(UnrecordedChangeError):
        db.session.flush()
    db.session.rollback()
    assert db.session.get_one(model, row.id).state == before


def test_not_even_with_a_version_and_a_record_of_its_own(company: Company) -> None:
    card = company.card("market")
    card.state, card.version, card.record_id = "prepared", 2, db.session.scalars(select(Record.id).limit(1)).one()
    with pytest.raises(UnrecordedChangeError):
        db.session.commit()


def test_no_change_carries_another_one_along_of_which_its_record_does_not_tell(company: Company) -> None:
    def carry() -> None:
        with unit_of_work(SYSTEM, company.clock) as work, work.session.no_autoflush:
            card = card_of("market")
            card.state = "approved"
            work.change(card, "scorecard.edit", {"grade": "优秀"})

    with pytest.raises(UnrecordedChangeError):
        carry()
    assert company.card("market").state == "draft"


def test_no_new_row_slips_past_the_unit_of_work(company: Company) -> None:  # noqa: ARG001
    db.session.add(Person(code="E900", name="新人", name_key="xinren"))
    with pytest.raises(UnrecordedChangeError):
        db.session.commit()
    db.session.rollback()


def test_nothing_is_written_beside_what_was_handed_over(company: Company) -> None:
    def beside() -> None:
        with unit_of_work(SYSTEM, company.clock) as work, work.session.no_autoflush:
            card_of("market").grade = "优秀"
            work.change(company.world.units["market"], "unit.rename", {"title": "市场中心"})

    with pytest.raises(UnrecordedChangeError):
        beside()
    assert company.card("market").grade is None


# Requests told twice


def edit(company: Company, given: Kept) -> Any:
    card = company.card("market")
    edit = ItemEdit("planning", {"level": "良好"})
    return appraise.edit_item(company.actor("preparer"), company.clock, card.id, edit, seen_version=1, kept=given)


def test_the_same_key_twice_has_one_effect_and_the_same_answer(company: Company) -> None:
    edit(company, kept())
    with pytest.raises(AlreadyAnsweredError) as repeated:
        edit(company, kept())
    assert (repeated.value.status, repeated.value.answer) == (200, {"done": True})
    assert company.card("market").version == 2


def test_the_same_key_with_another_body_is_refused(company: Company) -> None:
    edit(company, kept())
    with refused(Reason.KEY_REUSED):
        edit(company, kept(b"b" * 32))


def test_an_answer_is_kept_for_seven_days_and_then_its_key_is_free(company: Company) -> None:
    edit(company, kept())
    company.clock.advance(days=7)
    with pytest.raises(AlreadyAnsweredError):
        edit(company, kept())
    company.clock.advance(seconds=1)
    with refused(Reason.STALE):
        edit(company, kept())


def test_a_refused_request_keeps_nothing_and_may_be_told_again(company: Company) -> None:
    card = company.card("market")
    preparer, bad = company.actor("preparer"), ItemEdit("planning", {"level": "极好"})
    with pytest.raises(Refusal):
        appraise.edit_item(preparer, company.clock, card.id, bad, seen_version=1, kept=kept())
    assert count(KeptAnswer) == 0
    edit(company, kept(b"b" * 32))


@pytest.mark.parametrize("what", ["an edit", "a new plan"])
def test_the_same_request_told_many_times_at_once_has_one_effect(company: Company, what: str) -> None:
    """Who loses is refused as stale, or as taken, on the way; what counts is that the request was answered."""
    preparer, admin, card_id = company.actor("preparer"), company.actor("admin"), company.card("market").id
    contents = (PlanContents("customer-department", ("customer",)),)
    start = threading.Barrier(8)

    def once(_: int) -> str:
        with company.app.app_context():
            start.wait()
            try:
                if what == "an edit":
                    row = ItemEdit("planning", {"level": "良好"})
                    appraise.edit_item(preparer, company.clock, card_id, row, seen_version=1, kept=kept())
                else:
                    plan.create(admin, company.clock, NewPlan("new", "新计划", "2026-11", contents), kept())
            except AlreadyAnsweredError as answered:
                return f"again {answered.status}"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(8)))
    assert sorted(answers) == [*["again 200"] * 7, "done"]
    assert company.card("market").version == (2 if what == "an edit" else 1)
    assert count(KeptAnswer) == 1


# The clock


def test_the_moment_of_a_change_is_the_clocks(company: Company) -> None:
    company.clock.moment = datetime(2026, 11, 6, 7, 8, 9, 123456, tzinfo=UTC)
    rename(company, "市场中心")
    assert company.records(company.world.units["market"].id)[-1][0].at == company.clock.moment
