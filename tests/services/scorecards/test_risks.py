"""What a signer should look at first is found from what is stored: input, history, measurements and the record."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.months import AGENTS, BY_HISTORY, customer_month, open_month, sign_up_to
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.world import FULL_CUSTOMER, World, approve_scheme, card_of, fill, move
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard
from workflow.policy import SYSTEM, Grant, Role
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.plans.plan import PlanContents
from workflow.services.recorders import evidence
from workflow.services.scorecards import appraise, risks
from workflow.services.scorecards.risks import Risk, RiskKind
from workflow.services.unit_of_work import unit_of_work


@pytest.fixture
def with_history(world: World, clock: SettableClock) -> World:
    """客户部 measured in August and September: the least churn was 2.9, the best satisfaction 97."""
    values = {"churn": ("3.1", "2.9"), "growth": ("2.0", "3.0"), "complaint-satisfaction": ("97", "95")}
    for item, (august, september) in values.items():
        measured(world, clock, item, "2026-08", august)
        measured(world, clock, item, "2026-09", september)
    return world


def measured(world: World, clock: SettableClock, item: str, period: str, value: str) -> Measurement:
    """Take in one value of 客户部 from the customer system."""
    rows = [Measured(item, "customer", period, value, "客户系统")]
    return measure.record_measurements(world.actor("admin"), clock, rows)[0]


def found(world: World, card: Scorecard, username: str = "reviewer") -> tuple[Risk, ...]:
    """The risks without the titles of their items."""
    return tuple(replace(risk, title="") for risk in risks.risks_of(world.actor(username), [card.id])[card.id])


def kinds(world: World, card: Scorecard) -> list[str]:
    return [str(risk.kind) for risk in found(world, card)]


def test_a_card_whose_baselines_come_from_history_has_no_risk(with_history: World, clock: SettableClock) -> None:
    card = customer_month(with_history, clock, "2026-10", "prepare", BY_HISTORY)
    assert found(with_history, card) == ()


def test_a_baseline_set_by_hand_is_unusual_and_says_why(world: World, clock: SettableClock) -> None:
    card = customer_month(world, clock, "2026-10", "prepare")
    assert found(world, card)[0] == Risk(RiskKind.MANUAL_BASELINE, "churn", "首月,按上年最低")
    assert kinds(world, card) == ["manual_baseline"] * 3
    assert risks.risks_of(world.actor("reviewer"), [card.id])[card.id][0].title == "当月公司客户流失率"


def test_a_card_that_was_returned_says_why_also_after_it_came_again(with_history: World, clock: SettableClock) -> None:
    card = customer_month(with_history, clock, "2026-10", "prepare", BY_HISTORY)
    move(with_history, clock, card, "reviewer", "return", reason="流失率有误,请核对")
    sign_up_to(with_history, clock, card, "prepare")
    assert found(with_history, card) == (Risk(RiskKind.RETURNED, detail="流失率有误,请核对"),)


def test_each_standing_adjustment_without_evidence_counts(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-10", AGENTS)
    card = card_of("E101")
    file = evidence.add(world.actor("preparer"), clock, "质检单.pdf", b"%PDF-1.7 ")
    for extra in ({}, {}, {"evidence": [file.hash]}):
        entry = {"on": "2026-10-12", "reason": "录入差错", "points": "-1", **extra}
        appraise.add_adjustment(world.actor("preparer"), clock, card.id, "quality", entry, seen_version=card.version)
    assert found(world, card) == (Risk(RiskKind.NO_EVIDENCE, "quality", 2),)
    for number in (1, 2):
        appraise.void_adjustment(
            world.actor("preparer"), clock, card.id, "quality", number, "记错了人", seen_version=card.version
        )
    assert found(world, card) == ()


@pytest.mark.parametrize(("churn", "is_unusual"), [("6.9", False), ("7.9", True)])
def test_a_total_that_moved_by_more_than_ten_points_is_unusual(
    with_history: World, clock: SettableClock, churn: str, is_unusual: bool
) -> None:
    """September: 2.9 against 3.1 gives 15; October: 6.9 against 2.9 gives 11, 7.9 gives 10; the ratings do the rest."""
    before = {**BY_HISTORY, "churn": {"value": "2.9"}, "growth": {"value": "2.0"}}
    customer_month(with_history, clock, "2026-09", "publish", before)
    after = {code: {"level": "一般"} if "level" in entered else entered for code, entered in before.items()}
    after |= {"churn": {"value": churn}, "growth": {"value": "2.0"}}
    for code in ("survey", "development", "development-plan", "information-base", "performance-management"):
        after[code] = {"level": "良好"}
    card = customer_month(with_history, clock, "2026-10", "prepare", after)
    around = risks.surroundings_of(with_history.actor("reviewer"), card_queries.find_cards([card.id]))[card.id]
    assert around.previous is not None
    assert around.change == (Decimal("-11.00") if is_unusual else Decimal("-10.00"))
    assert (RiskKind.CHANGE in [risk.kind for risk in around.risks]) == is_unusual


def test_a_value_other_than_the_measured_one_is_shown_with_it(with_history: World, clock: SettableClock) -> None:
    card = customer_month(with_history, clock, "2026-10", "prepare", BY_HISTORY)
    measured(with_history, clock, "churn", "2026-10", "1.90")
    assert found(with_history, card) == ()
    measured(with_history, clock, "churn", "2026-10", "2.4")
    assert found(with_history, card) == (Risk(RiskKind.DIFFERS_FROM_IMPORT, "churn", Decimal("2.4")),)


def test_a_history_that_gives_another_baseline_since_is_shown_with_it(
    with_history: World, clock: SettableClock
) -> None:
    card = customer_month(with_history, clock, "2026-10", "prepare", BY_HISTORY)
    measured(with_history, clock, "churn", "2026-08", "3.3")
    assert found(with_history, card) == (), "the least value is still September's"
    measured(with_history, clock, "churn", "2026-09", "2.5")
    assert found(with_history, card) == (Risk(RiskKind.SOURCE_CHANGED, "churn", Decimal("2.5")),)
    move(with_history, clock, card, "preparer", "withdraw")
    assert found(with_history, card) == (), "a draft follows its sources"


def test_a_measurement_taken_back_changes_the_source(with_history: World, clock: SettableClock) -> None:
    kept = measured(with_history, clock, "churn", "2026-09", "2.5")
    card = customer_month(with_history, clock, "2026-10", "prepare", BY_HISTORY)
    with unit_of_work(with_history.actor("admin"), clock) as work:
        measure.take_back(work, db.session.get_one(Measurement, kept.id), None, "")
    assert found(with_history, card) == (Risk(RiskKind.SOURCE_CHANGED, "churn", Decimal("3.1")),)


def test_a_locked_card_tells_that_what_it_measured_was_changed(with_history: World, clock: SettableClock) -> None:
    card = customer_month(with_history, clock, "2026-10", "approve", BY_HISTORY)
    assert found(with_history, card) == ()
    measured(with_history, clock, "churn", "2026-10", "2.4")
    assert kinds(with_history, card) == ["differs_from_import", "source_changed"]


def test_a_veto_is_a_risk(with_history: World, clock: SettableClock) -> None:
    open_month(with_history, clock, "2026-10")
    card = card_of("customer")
    with unit_of_work(with_history.actor("preparer"), clock) as work:
        record = {"code": "fraud", "on": "2026-10-12", "reason": "弄虚作假"}
        work.change(db.session.get_one(Scorecard, card.id), "scorecard.edit", {"vetoes": [record]})
    assert found(with_history, card) == (Risk(RiskKind.VETO, detail="fraud"),)


@pytest.mark.parametrize("username", ["hr", "recorder", "market-preparer", "nobody"])
def test_who_does_not_read_the_units_record_is_shown_no_risks(
    world: World, clock: SettableClock, username: str
) -> None:
    card = customer_month(world, clock, "2026-10", "publish")
    assert found(world, card, username) == ()


def test_the_month_before_in_a_unit_out_of_scope_is_not_told(world: World, clock: SettableClock) -> None:
    """E101 moved from the card team to 华东办事处 with the new month."""
    open_month(world, clock, "2026-09", AGENTS)
    inputs = {code: {"adjustments": []} for code in ("processing", "quality", "floor", "satisfaction")}
    fill(world, clock, card_of("E101", "2026-09"), inputs)
    sign_up_to(world, clock, card_of("E101", "2026-09"), "publish")
    open_month(world, clock, "2026-10", AGENTS)
    card = card_of("E101")
    with unit_of_work(SYSTEM, clock) as work:
        moved = db.session.get_one(Scorecard, card.id)
        work.change(moved, "scorecard.edit", {"unit_id": world.units["east"].id})
    everywhere = world.actor("preparer")
    only_here = replace(everywhere, grants=(Grant(Role.PREPARER, world.path("east")),))
    cards = card_queries.find_cards([card.id])
    assert risks.surroundings_of(everywhere, cards)[card.id].previous is not None
    assert risks.surroundings_of(only_here, cards)[card.id].previous is None


def test_a_page_takes_as_many_statements_as_one_card(with_history: World, clock: SettableClock) -> None:
    reviewer = with_history.actor("reviewer")
    months = ("2026-09", "2026-10", "2026-11")
    cards = [customer_month(with_history, clock, period, "prepare", FULL_CUSTOMER) for period in months]
    few, many = card_queries.find_cards([cards[0].id]), card_queries.find_cards([card.id for card in cards])
    with statements() as for_one:
        risks.surroundings_of(reviewer, few)
    with statements() as for_all:
        risks.surroundings_of(reviewer, many)
    assert len(for_one) == len(for_all) == 4


@pytest.mark.parametrize("scope", ["unit", "company"])
def test_a_baseline_over_many_subjects_follows_what_any_of_them_measured(
    world: World, clock: SettableClock, scope: str
) -> None:
    rule = {"kind": "baseline", "baseline": "history-min", "better": "lower", "scope": scope, "measure": "points"}
    rule |= {"at_baseline": "15", "step": "1", "up": "1", "down": "1", "min": "0", "max": "20"}
    item = {"code": "repeats", "title": "重复来电率", "unit": "%", "rule": rule}
    scheme = {"code": "repeats", "title": "重复来电", "frequency": "month", "subject": "person", "total": {"max": 20}}
    sections = [{"code": "repeats", "title": "重复来电", "items": [item]}]
    approve_scheme(world, clock, {**scheme, "sections": sections})
    admin = world.actor("admin")
    measure.record_measurements(admin, clock, [Measured("repeats", "E102", "2026-09", "4", "话务系统")])
    open_month(world, clock, "2026-10", (PlanContents("repeats", ("card-team",)),))
    card = card_of("E101")
    fill(world, clock, card, {"repeats": {"value": "4"}})
    sign_up_to(world, clock, card, "prepare")
    assert found(world, card) == ()
    measure.record_measurements(admin, clock, [Measured("repeats", "E103", "2026-09", "3", "话务系统")])
    assert found(world, card) == (Risk(RiskKind.SOURCE_CHANGED, "repeats", Decimal(3)),)
