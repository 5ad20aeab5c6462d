"""Measurements feed drafts and, once approved, the baselines of later periods; what has been prepared never moves."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.months import BY_HISTORY, customer_month, open_month, sign_up_to
from tests.support.refusals import refused
from tests.support.statements import statements
from tests.support.world import FULL_CUSTOMER, card_of, fill
from workflow.errors import Reason, Refusal
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import SYSTEM
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.scorecards import appraise, derive
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.unit_of_work import unit_of_work


def tell(company: Company, *rows: Measured, by: str = "admin") -> list[Measurement]:
    return measure.record_measurements(company.actor(by), company.clock, rows)


def churn(company: Company, period: str, value: str, source: str = "客户系统") -> Measurement:
    return tell(company, Measured("churn", "customer", period, value, source))[0]


def item(card: Scorecard, code: str = "churn") -> ScorecardItem:
    return card_queries.items_of([card.id])[card.id][code]


def baseline(card: Scorecard, code: str = "churn") -> dict[str, Any]:
    return next(step["values"] for step in item(card, code).basis if step["step"] == "baseline")


def november(company: Company) -> Scorecard:
    open_month(company.world, company.clock, "2026-11")
    return card_of("customer", "2026-11")


# Taking in


def test_a_value_is_kept_once_with_its_history_in_the_record(company: Company) -> None:
    first = churn(company, "2026-09", "2.9")
    assert churn(company, "2026-09", "3.1", "复核").id == first.id
    (kept,) = db.session.scalars(select(Measurement)).all()
    assert (kept.value, kept.source, kept.version) == (Decimal("3.1"), "复核", 2)
    _, (record, content) = company.records(kept.id)
    assert (record.event, record.role) == ("measurement.put", "administrator")
    assert content["changes"] == [
        {"field": "value", "from": "2.9", "to": "3.1"},
        {"field": "source", "from": "客户系统", "to": "复核"},
    ]


def test_the_same_value_again_changes_nothing(company: Company) -> None:
    row = churn(company, "2026-09", "2.9")
    churn(company, "2026-09", "2.9")
    assert company.events(row.id) == ["measurement.put"]


def test_a_wrong_row_is_named_and_none_is_taken(company: Company) -> None:
    good = Measured("churn", "customer", "2026-09", "2.9")
    wrong = [
        (Measured("churn", "nowhere", "2026-09", "2.9"), "subject"),
        (Measured(" ", "customer", "2026-09", "2.9"), "item"),
        (Measured("x" * 65, "customer", "2026-09", "2.9"), "item"),
        (Measured("churn", "customer", "2026-13", "2.9"), "period"),
        (Measured("churn", "customer", "2026-09", "NaN"), "value"),
        (Measured("churn", "customer", "2026-09", "1e400"), "value"),
        (Measured("churn", "customer", "2026-09", "2.9", "长" * 257), "source"),
    ]
    paths = [f"[{place}].{name}" for place, (_, name) in enumerate(wrong, start=1)]
    with refused(Reason.INVALID_INPUT, *paths):
        tell(company, good, *(row for row, _ in wrong))
    assert db.session.scalars(select(Measurement)).all() == []


def test_a_recorder_tells_their_own_indicators(company: Company) -> None:
    tell(company, Measured("churn", "customer", "2026-09", "2.9"), by="recorder")
    with refused(Reason.INVALID_INPUT, "[0].item"):
        tell(company, Measured("growth", "customer", "2026-09", "2.9"), by="recorder")
    with refused(Reason.INVALID_INPUT, "[0].subject"):
        tell(company, Measured("churn", "customer", "2026-09", "2.9"), by="market-preparer")
    with refused(Reason.NO_GRANT):
        tell(company, Measured("churn", "customer", "2026-09", "2.9"), by="reviewer")


# Feeding


def test_a_value_feeds_the_draft_of_its_period(company: Company) -> None:
    churn(company, "2026-09", "2.9")
    churn(company, "2026-10", "1.9")
    card = company.card("customer")
    fed = item(card)
    assert (fed.input, fed.is_fed, fed.source) == ({"value": "1.9"}, True, "客户系统")
    assert fed.points == Decimal("16")
    assert card.provisional_total == Decimal("16.00")
    assert company.events(card.id) == ["scorecard.create", "scorecard.derive"]


def test_a_new_card_begins_with_what_has_been_measured(company: Company) -> None:
    churn(company, "2026-10", "2.9")
    churn(company, "2026-11", "1.9")
    card = november(company)
    assert (item(card).input, item(card).is_fed, item(card).points) == ({"value": "1.9"}, True, Decimal("16"))
    assert card.provisional_total == Decimal("16.00")
    assert company.events(card.id) == ["scorecard.create"]


def test_a_persons_own_entry_stands_against_a_measurement(company: Company) -> None:
    card = company.card("customer")
    edit = ItemEdit("churn", {"value": "5", "baseline": "2.9", "reason": "首月"})
    appraise.edit_item(company.actor("preparer"), company.clock, card.id, edit, seen_version=card.version)
    churn(company, "2026-10", "1.9")
    assert item(company.card("customer")).input == edit.input


def test_what_is_taken_back_leaves_the_draft_as_it_was_and_counts_for_nothing(company: Company) -> None:
    earlier, row = churn(company, "2026-09", "2.9"), churn(company, "2026-10", "1.9")
    with unit_of_work(SYSTEM, company.clock) as work:
        measure.take_back(work, db.session.get_one(Measurement, row.id), None, "")
    fed = item(company.card("customer"))
    assert (fed.input, fed.is_fed, fed.points, fed.source) == (None, False, None, "")
    with unit_of_work(SYSTEM, company.clock) as work:
        measure.take_back(work, db.session.get_one(Measurement, earlier.id), None, "")
    churn(company, "2026-10", "1.9")
    assert ["churn", "no_baseline"] in company.card("customer").missing


def test_one_derived_change_of_a_card_however_many_values_feed_it(company: Company) -> None:
    values = {"churn": "1.9", "growth": "3.5", "complaint-satisfaction": "96"}
    tell(company, *(Measured(code, "customer", "2026-10", value) for code, value in values.items()))
    card = company.card("customer")
    assert company.events(card.id) == ["scorecard.create", "scorecard.derive"]
    assert {code: item(card, code).input for code in values} == {code: {"value": each} for code, each in values.items()}


def test_many_values_take_no_more_queries_to_find_their_rows(company: Company) -> None:
    def reading(*periods: str) -> int:
        rows = [Measured("unknown-indicator", "customer", period, "1") for period in periods]
        with statements() as sent:
            tell(company, *rows)
        return len([each for each in sent if each.startswith("SELECT") and "FROM record" not in each])

    assert reading("2025-01") == reading("2025-02", "2025-03", "2025-04", "2025-05")


# History


def test_the_baseline_of_the_next_month_comes_from_what_was_approved(company: Company) -> None:
    fill(company.world, company.clock, company.card("customer"))
    sign_up_to(company.world, company.clock, company.card("customer"), "approve")
    kept = {row.item: (row.value, row.period, row.source) for row in db.session.scalars(select(Measurement))}
    assert kept["churn"] == (Decimal("1.9"), "2026-10", company.card("customer").number)
    card = november(company)
    fill(company.world, company.clock, card, BY_HISTORY)
    card = card_of("customer", "2026-11")
    assert baseline(card) == {"how": "history-min", "baseline": "1.9", "unit": "%", "period": "2026-10"}
    assert card.complete


def test_a_draft_follows_when_its_history_comes(company: Company) -> None:
    card = november(company)
    fill(company.world, company.clock, card, {"churn": {"value": "2.4"}})
    assert item(card).points is None
    version = card_of("customer", "2026-11").version
    churn(company, "2026-09", "2.9")
    followed = card_of("customer", "2026-11")
    assert (item(followed).points, followed.version) == (Decimal("15"), version + 1)


def test_later_periods_never_count(company: Company) -> None:
    churn(company, "2026-12", "0.1")
    churn(company, "2026-09", "2.9")
    churn(company, "2026-10", "1.9")
    assert baseline(company.card("customer"))["baseline"] == "2.9"


@pytest.mark.parametrize("trigger", ["prepare", "review", "approve", "publish"])
def test_a_later_change_never_moves_what_has_been_prepared(company: Company, trigger: str) -> None:
    churn(company, "2026-09", "2.9")
    inputs = {**FULL_CUSTOMER, "churn": {"value": "1.9"}}
    fill(company.world, company.clock, company.card("customer"), inputs)
    sign_up_to(company.world, company.clock, company.card("customer"), trigger)
    card = company.card("customer")
    before = (card.version, card.total, item(card).input, item(card).points, item(card).basis)
    churn(company, "2026-09", "0.5")
    churn(company, "2026-10", "9")
    card = company.card("customer")
    assert (card.version, card.total, item(card).input, item(card).points, item(card).basis) == before


def test_a_correction_moves_only_the_drafts_of_later_periods(company: Company) -> None:
    for period in ("2026-07", "2026-08"):
        customer_month(company.world, company.clock, period)
    open_month(company.world, company.clock, "2026-09")
    fill(company.world, company.clock, card_of("customer", "2026-09"), BY_HISTORY)
    corrected = company.move(card_of("customer", "2026-07"), "admin", "revise", reason="系统口径有误")
    edit = ItemEdit("churn", {"value": "0.4", "baseline": "2.9", "reason": "更正"})
    appraise.edit_item(company.actor("preparer"), company.clock, corrected.id, edit, seen_version=corrected.version)
    sign_up_to(company.world, company.clock, card_of("customer", "2026-07"), "approve")
    kept = {row.period: row.value for row in db.session.scalars(select(Measurement).where(Measurement.item == "churn"))}
    assert kept == {"2026-07": Decimal("0.4"), "2026-08": Decimal("1.9")}
    assert baseline(card_of("customer", "2026-08"))["baseline"] == "2.9"
    assert baseline(card_of("customer", "2026-09"))["baseline"] == "0.4"


def test_a_measurement_of_another_frequency_feeds_nothing(company: Company) -> None:
    churn(company, "2026-Q3", "0.1")
    churn(company, "2026-Q4", "0.2")
    card = company.card("customer")
    assert item(card).input is None
    assert company.events(card.id) == ["scorecard.create"]


# Before signing


def with_moved_history(company: Company) -> Scorecard:
    """A full draft whose history has moved past it, as another subject's value can that counts for the whole company."""
    churn(company, "2026-09", "2.9")
    fill(company.world, company.clock, company.card("customer"), {**FULL_CUSTOMER, "churn": {"value": "1.9"}})
    with unit_of_work(SYSTEM, company.clock) as work:
        row = db.session.scalars(select(Measurement).where(Measurement.period == "2026-09")).one()
        work.change(row, "measurement.put", {"value": Decimal("5.9")})
    return company.card("customer")


def test_who_signs_does_not_sign_points_that_have_moved_unseen(company: Company) -> None:
    card = with_moved_history(company)
    with refused(Reason.STALE):
        company.move(card, "preparer", "prepare")
    card = company.card("customer")
    assert item(card).points == Decimal("19")
    assert company.events(card.id)[-2:] == ["scorecard.derive", "scorecard.refused"]
    company.move(card, "preparer", "prepare")


@pytest.mark.parametrize("username", ["nobody", "reviewer", "market-preparer", "admin"])
def test_who_may_not_prepare_a_card_does_not_move_it_by_trying(company: Company, username: str) -> None:
    card = with_moved_history(company)
    with pytest.raises(Refusal):
        company.move(card, username, "prepare")
    assert company.card("customer").version == card.version


def test_a_basis_that_would_tell_something_else_is_scored_anew_too(company: Company) -> None:
    """The best month so far gives the most points anyway; the sheet still has to say which month was compared."""
    churn(company, "2026-09", "20")
    fill(company.world, company.clock, company.card("customer"), {**FULL_CUSTOMER, "churn": {"value": "1"}})
    with unit_of_work(SYSTEM, company.clock) as work:
        row = db.session.scalars(select(Measurement).where(Measurement.period == "2026-09")).one()
        work.change(row, "measurement.put", {"value": Decimal("21")})
    card = company.card("customer")
    derive.refresh_drafts(company.actor("preparer"), company.clock, [card.id])
    assert baseline(company.card("customer"))["baseline"] == "21"
    assert item(company.card("customer")).points == item(card).points


def test_what_stands_already_is_not_scored_anew(company: Company) -> None:
    churn(company, "2026-09", "2.9")
    fill(company.world, company.clock, company.card("customer"), {**FULL_CUSTOMER, "churn": {"value": "1.9"}})
    card = company.card("customer")
    derive.refresh_drafts(company.actor("preparer"), company.clock, [card.id])
    assert company.card("customer").version == card.version


def test_only_items_with_a_baseline_are_settled(company: Company) -> None:
    fill(company.world, company.clock, company.card("customer"))
    sign_up_to(company.world, company.clock, company.card("customer"), "approve")
    measured = set(db.session.scalars(select(Measurement.item)))
    assert measured == {"churn", "growth", "complaint-satisfaction"}
