"""What feeds an item: its own period's measurement, that of a longer period, its parts; and what adds up over the year."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.managers import MANAGER, customer, employ_manager, give_customers, open_manager_month, profit_of
from tests.support.schemes import scheme_data
from tests.support.world import approve_scheme, card_of
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import State
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.scorecards import appraise, risks
from workflow.services.scorecards.appraise import ItemEdit

EXAM = {
    "code": "exam",
    "title": "季考",
    "holds_for": "quarter",
    "rule": {"kind": "linear", "through": [[70, 0], [90, 5]]},
}
PLAIN = {"code": "own", "title": "自评", "rule": {"kind": "rating", "levels": {"好": 5, "差": 0}}}
SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def tell(company: Company, item: str, period: str, value: str, source: str = "考试系统") -> Measurement:
    row = Measured(item, MANAGER, period, value, source)
    return measure.record_measurements(company.actor("admin"), company.clock, [row])[0]


def open_exam(company: Company, *periods: str) -> None:
    approve_scheme(company.world, company.clock, scheme_data(EXAM, PLAIN, code="guide"))
    for period in periods:
        made = plan.create(
            company.actor("admin"),
            company.clock,
            NewPlan(f"guide-{period}", period, period, (PlanContents("guide", ("market",)),)),
        )
        plan.move(company.actor("admin"), company.clock, made.code, "open", seen_version=made.version)


def card(plan_code: str) -> Scorecard:
    db.session.rollback()
    return card_of(MANAGER, plan_code)


def item(plan_code: str, code: str) -> ScorecardItem:
    found = card(plan_code)
    return card_queries.items_of([found.id])[found.id][code]


def put_in(company: Company, plan_code: str, inputs: Mapping[str, Any]) -> None:
    for code, entered in inputs.items():
        found = card(plan_code)
        edit = ItemEdit(code, entered)
        appraise.edit_item(company.actor("preparer"), company.clock, found.id, edit, seen_version=found.version)


def sign(company: Company, plan_code: str) -> None:
    for username, trigger in SIGNERS:
        company.move(card(plan_code), username, trigger)


# A value that holds for a quarter


def test_the_examination_of_a_quarter_feeds_its_three_months(company: Company) -> None:
    open_exam(company, "2026-09", "2026-10", "2026-11")
    tell(company, "exam", "2026-Q4", "82")
    fed = [item(f"guide-{period}", "exam") for period in ("2026-09", "2026-10", "2026-11")]
    assert [each.points for each in fed] == [None, Decimal(3), Decimal(3)]
    assert fed[1].input == {"value": "82", "period": "2026-Q4"}
    assert next(step["values"] for step in fed[1].basis if step["step"] == "held") == {"period": "2026-Q4"}


def test_a_card_opened_later_begins_with_it(company: Company) -> None:
    tell(company, "exam", "2026-Q4", "90")
    open_exam(company, "2026-12")
    assert item("guide-2026-12", "exam").points == Decimal(5)


def test_what_one_month_was_signed_with_holds_for_the_others(company: Company) -> None:
    open_exam(company, "2026-10", "2026-11")
    put_in(company, "guide-2026-10", {"exam": {"value": "80"}, "own": {"level": "好"}})
    sign(company, "guide-2026-10")
    assert item("guide-2026-11", "exam").input == {"value": "80", "period": "2026-Q4"}
    settled = db.session.scalars(select(Measurement).where(Measurement.item == "exam")).one()
    assert (settled.period, settled.value) == ("2026-Q4", Decimal(80))


def test_a_value_corrected_after_the_signing_is_shown_to_who_signs(company: Company) -> None:
    open_exam(company, "2026-10")
    tell(company, "exam", "2026-Q4", "82")
    put_in(company, "guide-2026-10", {"own": {"level": "好"}})
    company.move(card("guide-2026-10"), "preparer", "prepare")
    tell(company, "exam", "2026-Q4", "90")
    prepared = card("guide-2026-10")
    assert item("guide-2026-10", "exam").points == Decimal(3)
    found = risks.risks_of(company.actor("reviewer"), [prepared.id])[prepared.id]
    assert {risk.kind for risk in found} == {risks.RiskKind.DIFFERS_FROM_IMPORT, risks.RiskKind.SOURCE_CHANGED}


# What adds up over the year


@pytest.fixture
def managed(company: Company) -> Company:
    employ_manager(company.world, company.clock)
    give_customers(company.world, company.clock, customer("C1", "interest", "1000"))
    for period in ("2026-01", "2026-02"):
        open_manager_month(company.world, company.clock, period)
    return company


def actuals(interest: str) -> dict[str, Any]:
    return {"parts": {"interest": {"actual": [interest]}, "deposit": {"actual": []}, "fee": {"actual": []}}}


def contributions(plan_code: str) -> list[tuple[str, str | None]]:
    steps = [step["values"] for step in item(plan_code, "profit").basis if step["step"] == "contribution"]
    return [(values["period"], values.get("amount")) for values in steps]


def test_an_earlier_month_counts_once_it_is_approved(managed: Company) -> None:
    put_in(managed, "bank-2026-02", {"profit": actuals("50"), "management": {"points": "20"}})
    assert item("bank-2026-02", "profit").points is None
    assert contributions("bank-2026-02") == [("2026-01", None), ("2026-02", "50")]
    put_in(managed, "bank-2026-01", {"profit": actuals("100"), "management": {"points": "20"}})
    sign(managed, "bank-2026-01")
    assert contributions("bank-2026-02") == [("2026-01", "100"), ("2026-02", "50")]
    assert item("bank-2026-02", "profit").points == Decimal("12.00")  # 80 × 150 ÷ 1000


def test_a_month_in_which_nobody_was_appraised_does_not_count(managed: Company) -> None:
    managed.move(card("bank-2026-01"), "admin", "void", reason="当月待岗")
    put_in(managed, "bank-2026-02", {"profit": actuals("50")})
    assert item("bank-2026-02", "profit").points == Decimal("4.00")


def test_parts_are_fed_by_measurements_of_their_own(managed: Company) -> None:
    managed.move(card("bank-2026-01"), "admin", "void", reason="当月待岗")
    for part, value in (("interest", "30"), ("deposit", "15"), ("fee", "5")):
        tell(managed, f"profit.{part}", "2026-02", value, "核心系统")
    fed = item("bank-2026-02", "profit")
    assert (fed.points, fed.is_fed, fed.source) == (Decimal("4.00"), True, "核心系统")
    tell(managed, "profit.fee", "2026-02", "30", "核心系统")
    assert item("bank-2026-02", "profit").points == Decimal("6.00")
    put_in(managed, "bank-2026-02", {"profit": actuals("10")})
    tell(managed, "profit.fee", "2026-02", "99", "核心系统")
    assert item("bank-2026-02", "profit").points == Decimal("0.80")


def test_a_signed_month_is_flagged_when_the_year_before_it_changes(managed: Company) -> None:
    for plan_code, interest in (("bank-2026-01", "100"), ("bank-2026-02", "50")):
        put_in(managed, plan_code, {"profit": actuals(interest), "management": {"points": "20"}})
        if plan_code == "bank-2026-01":
            sign(managed, plan_code)
    managed.move(card("bank-2026-02"), "preparer", "prepare")
    prepared = card("bank-2026-02")
    reviewer = managed.actor("reviewer")
    assert risks.risks_of(reviewer, [prepared.id])[prepared.id] == ()
    tell(managed, "profit", "2026-01", "200", "更正")
    assert profit_of(card("bank-2026-02")).points == Decimal("12.00")
    (flag,) = risks.risks_of(reviewer, [prepared.id])[prepared.id]
    assert (flag.kind, flag.item, flag.detail) == (risks.RiskKind.SOURCE_CHANGED, "profit", Decimal("20.00"))
    assert card("bank-2026-02").state == State.PREPARED


def test_a_signed_month_is_flagged_when_its_portfolio_changes(managed: Company) -> None:
    put_in(managed, "bank-2026-01", {"profit": actuals("100"), "management": {"points": "20"}})
    managed.move(card("bank-2026-01"), "preparer", "prepare")
    give_customers(managed.world, managed.clock, customer("C2", "fee", "1000", starts_on=date(2026, 1, 1)))
    prepared = card("bank-2026-01")
    (flag,) = risks.risks_of(managed.actor("reviewer"), [prepared.id])[prepared.id]
    assert (flag.kind, flag.detail) == (risks.RiskKind.SOURCE_CHANGED, Decimal("4.00"))
