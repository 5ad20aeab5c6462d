"""What recorders owe: whom and which items they record, what is missing, by when, and that nothing else happened."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from workflow.errors import Reason
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.recorders import ledger, recording
from workflow.services.recorders.ledger import NewEntry
from workflow.services.recorders.recording import Duty

TODAY = date(2026, 11, 5)
CALENDAR = {"inputs": "2026-11-06", "inputs:quality": "2026-11-04"}
CONTENTS = (PlanContents("customer-department", ("customer",)), PlanContents("csr-card", ("card-team",)))


@pytest.fixture
def november(company: Company) -> Plan:
    """November of 客户部 and 信用卡组: quality was due yesterday, all other inputs are tomorrow."""
    admin = company.actor("admin")
    new = NewPlan("2026-11", "11月考核", "2026-11", CONTENTS, calendar=CALENDAR)
    made = plan.create(admin, company.clock, new)
    return plan.move(admin, company.clock, "2026-11", "open", seen_version=made.version)


def owed(duties: tuple[Duty, ...]) -> list[tuple[Any, ...]]:
    return [(each.item, each.missing, each.due, each.late) for each in duties if each.plan == "2026-11"]


def recorder(company: Company) -> Actor:
    db.session.rollback()
    return company.actor("recorder")


@pytest.mark.usefixtures("november")
def test_each_item_has_its_own_due_date_or_that_of_all_inputs(company: Company) -> None:
    assert owed(recording.my_duties(recorder(company), TODAY)) == [
        ("quality", 3, date(2026, 11, 4), True),
        ("churn", 1, date(2026, 11, 6), False),
    ]
    assert recording.my_duties(company.actor("preparer"), TODAY) == ()


def test_who_runs_the_plan_sees_who_is_late(company: Company, november: Plan) -> None:
    told = recording.duties_of_plan(november.id, TODAY)
    assert [(each.recorder, each.recorder_name, each.item, each.late) for each in told] == [
        ("recorder", "周婷", "quality", True),
        ("recorder", "周婷", "churn", False),
    ]
    assert recording.duties_of_plan(november.id, date(2023, 1, 1)) == (), "nobody held the role then"
    assert company.card("E101") is not None


@pytest.mark.usefixtures("november")
def test_that_nothing_else_happened_is_said_of_those_without_entries(company: Company) -> None:
    told = {"on": "2026-11-02", "points": "-2", "reason": "未核对身份"}
    ledger.record(recorder(company), company.clock, NewEntry("E101", "quality", told), today=TODAY)
    assert recording.nothing_else(recorder(company), company.clock, "2026-11", "quality") == 2
    assert [item for item, *_ in owed(recording.my_duties(recorder(company), TODAY))] == ["churn"]
    cards = {card.subject_code: card.id for card in db.session.scalars(select(Scorecard)) if card.period == "2026-11"}
    inputs = {code: card_queries.items_of([number])[number] for code, number in cards.items() if code.startswith("E")}
    assert {code: len(items["quality"].input["adjustments"]) for code, items in inputs.items()} == {  # type: ignore[index]
        "E101": 1, "E102": 0, "E103": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(("who", "item"), [("recorder", "churn"), ("employee", "quality"), ("recorder", "nothing")])
def test_only_items_of_entries_are_answered_so(company: Company, who: str, item: str) -> None:
    with refused(Reason.INVALID_INPUT, "item"):
        recording.nothing_else(company.actor(who), company.clock, "2026-11", item)


def test_a_recorder_chooses_among_the_own_items_and_finds_people_of_the_own_units(company: Company) -> None:
    items = recording.recordable_items(company.actor("recorder"))
    assert [(each.scheme, each.code, each.step, each.each) for each in items] == [("csr-card", "quality", "1", "")]
    assert len(recording.recordable_items(company.actor("preparer"))) > 1
    assert recording.recordable_items(company.actor("employee")) == ()
    assert [each.code for each in recording.find_people(company.actor("recorder"), "e10", TODAY)] == [
        "E101",
        "E102",
        "E103",
    ]
    assert [each.name for each in recording.find_people(company.actor("recorder"), "吴", TODAY)] == ["吴霞"]
    assert [each.code for each in recording.find_people(company.actor("market-preparer"), "E", TODAY)] == ["E002"]
    assert recording.find_people(company.actor("employee"), "E", TODAY) == ()
