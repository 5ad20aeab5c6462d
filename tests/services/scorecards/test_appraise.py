"""Filling a card in: every edit recomputes the card in its own transaction, and a refused one changes nothing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.stocked import FULL_MARKET
from tests.support.world import fill
from workflow.errors import Reason, Refusal
from workflow.models import card_queries
from workflow.models.scorecards import ScorecardItem
from workflow.services.plans import plan
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import Edited, ItemEdit

GOOD = {"level": "良好"}
ENTRY = {"on": "2026-10-12", "reason": "录入差错", "points": "-2"}


def edit(
    company: Company,
    subject: str,
    item: str,
    entered: Mapping[str, Any] | None,
    note: str | None = None,
    *,
    by: str = "preparer",
    seen: int | None = -1,
) -> Edited:
    card = company.card(subject)
    version = card.version if seen == -1 else seen
    return appraise.edit_item(
        company.actor(by), company.clock, card.id, ItemEdit(item, entered, note), seen_version=version
    )


def adjust(company: Company, item: str, *, by: str = "preparer", seen: int | None = -1, **entry: Any) -> Edited:
    card = company.card("E101")
    version = card.version if seen == -1 else seen
    return appraise.add_adjustment(
        company.actor(by), company.clock, card.id, item, {**ENTRY, **entry}, seen_version=version
    )


def void(company: Company, item: str, number: int, reason: str = "记错了人", *, seen: int | None = -1) -> Edited:
    card = company.card("E101")
    version = card.version if seen == -1 else seen
    return appraise.void_adjustment(
        company.actor("preparer"), company.clock, card.id, item, number, reason, seen_version=version
    )


def items(company: Company, subject: str) -> dict[str, ScorecardItem]:
    card = company.card(subject)
    return card_queries.items_of([card.id])[card.id]


def snapshot(company: Company, subject: str) -> list[Any]:
    """Everything in a card that an edit could have moved."""
    card = company.card(subject)
    rows = [card, *items(company, subject).values(), *card_queries.adjustments_of([card.id])]
    values = [[getattr(row, column.key) for column in row.__table__.columns] for row in rows]
    return [*values, len(company.records(card.id))]


# One edit


def test_an_edit_recomputes_item_sections_total_and_grade_at_once(company: Company) -> None:
    fill(company.world, company.clock, company.card("customer"))
    card = company.card("customer")
    assert (card.total, card.grade, card.complete, card.missing) == (Decimal("69.00"), "合格", True, [])
    edited = edit(company, "customer", "survey", {"level": "优秀"})
    card = company.card("customer")
    assert (edited.points, edited.card.version) == (Decimal("5.00"), card.version)
    assert card.total == card.provisional_total == Decimal("71.00")
    assert card.sections == {"qualitative": "26.00", "quantitative": "45.00"}


def test_a_better_total_gives_a_better_grade_in_the_same_change(company: Company) -> None:
    for code, entered in {**FULL_MARKET, "planning": {"level": "优秀"}}.items():
        edit(company, "market", code, entered)
    before = company.card("market").grade
    edit(company, "market", "customer-management", {"level": "优秀"})
    grade = company.card("market").grade
    told = company.records(company.card("market").id)[-1][1]["changes"]
    assert grade != before
    assert {"field": "grade", "from": before, "to": grade} in told  # type: ignore[operator]


def test_a_missing_input_is_never_zero(company: Company) -> None:
    edit(company, "market", "planning", GOOD)
    card, found = company.card("market"), items(company, "market")
    assert (card.total, card.complete, card.grade) == (None, False, None)
    assert card.provisional_total == Decimal("50")
    assert card.missing == [[code, "no_input"] for code in ("customer-management", "complaints", "information-base")]
    assert found["complaints"].points is None


def test_taking_an_input_back_makes_the_card_incomplete_again(company: Company) -> None:
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    edit(company, "market", "planning", None)
    card, item = company.card("market"), items(company, "market")["planning"]
    assert (card.total, card.complete, card.missing) == (None, False, [["planning", "no_input"]])
    assert (item.input, item.points, item.source) == (None, None, "")


def test_the_basis_says_who_put_it_in(company: Company) -> None:
    edit(company, "market", "planning", GOOD)
    assert {"step": "source", "values": {"source": "陈静"}} in items(company, "market")["planning"].basis


def test_a_note_is_kept_until_it_is_changed(company: Company) -> None:
    edit(company, "market", "planning", GOOD, "按九月口径")
    edit(company, "market", "planning", {"level": "优秀"})
    assert items(company, "market")["planning"].note == "按九月口径"
    edit(company, "market", "planning", {"level": "优秀"}, "")
    assert items(company, "market")["planning"].note == ""


def test_without_history_a_baseline_item_is_incomplete_until_one_is_set_by_hand_with_a_reason(
    company: Company,
) -> None:
    edit(company, "customer", "churn", {"value": "2.4"})
    assert ["churn", "no_baseline"] in company.card("customer").missing
    with refused(Reason.INVALID_INPUT, "input.reason"):
        edit(company, "customer", "churn", {"value": "2.4", "baseline": "2.9"})
    edit(company, "customer", "churn", {"value": "1.9", "baseline": "2.9", "reason": "首月,按上年最低"})
    item = items(company, "customer")["churn"]
    assert item.points == Decimal("16")
    by_hand = next(step["values"] for step in item.basis if step["step"] == "baseline")
    assert by_hand["how"] == "by-hand"
    assert by_hand["reason"] == "首月,按上年最低"


def test_an_edit_leaves_one_record_with_before_and_after(company: Company) -> None:
    edit(company, "market", "planning", {"level": "一般"})
    edit(company, "market", "planning", GOOD)
    *_, (record, content) = company.records(company.card("market").id)
    told = {change["field"]: (change["from"], change["to"]) for change in content["changes"]}  # type: ignore[attr-defined]
    assert (record.event, record.version, record.role, record.state) == ("scorecard.edit", 3, "preparer", "draft")
    assert record.actor_id == company.world.accounts["preparer"]
    assert told.pop("items/planning/basis")[1].startswith("sha256:")
    assert told == {
        "items/planning/input": ({"level": "一般"}, GOOD),
        "items/planning/points": ("30.00", "50.00"),
        "provisional_total": ("30.00", "50.00"),
        "sections": ({"qualitative": "30.00"}, {"qualitative": "50.00"}),
    }


def test_text_is_kept_in_its_composed_form(company: Company) -> None:
    edit(company, "market", "planning", GOOD, "cafe\u0301")
    assert items(company, "market")["planning"].note == "café"


# Refusals, in their order


@pytest.mark.parametrize(
    ("item", "entered", "path"),
    [
        ("survey", {"level": "极好"}, "input.level"),
        ("survey", {"level": "良好", "extra": 1}, "input.extra"),
        ("survey", {"points": "3"}, "input.points"),
        ("churn", {"value": "NaN"}, "input.value"),
        ("churn", {"value": "1e400"}, "input.value"),
        ("churn", {"value": ""}, "input.value"),
        ("churn", {"value": "很多"}, "input.value"),
        ("churn", {"value": ["2"]}, "input.value"),
        ("churn", {"not_applicable": True, "reason": "没有"}, "input.not_applicable"),
    ],
)
def test_an_invalid_input_changes_nothing(company: Company, item: str, entered: dict[str, Any], path: str) -> None:
    before = snapshot(company, "customer")
    with refused(Reason.INVALID_INPUT, path):
        edit(company, "customer", item, entered)
    assert snapshot(company, "customer") == before


def test_a_note_that_is_too_long_is_refused(company: Company) -> None:
    with refused(Reason.INVALID_INPUT, "note"):
        edit(company, "market", "planning", GOOD, "长" * 1001)


def test_a_stale_version_is_told_the_newest_one_and_its_value(company: Company) -> None:
    edit(company, "market", "planning", GOOD)
    before = snapshot(company, "market")
    with pytest.raises(Refusal) as stale:
        edit(company, "market", "planning", {"level": "差"}, seen=1)
    assert stale.value.denied.reason is Reason.STALE
    assert stale.value.current == {"version": 2, "value": GOOD}
    assert snapshot(company, "market") == before


def test_an_unseen_card_and_an_unknown_item_are_not_there(company: Company) -> None:
    for subject, item, by in (
        ("customer", "survey", "market-preparer"),
        ("market", "planning", "nobody"),
        ("market", "nothing", "preparer"),
        ("market", "planning", "recorder"),
    ):
        with refused(Reason.NOT_SEEN):
            edit(company, subject, item, GOOD, by=by)


def test_a_recorder_puts_in_their_own_items_and_no_others(company: Company) -> None:
    edit(company, "customer", "churn", {"value": "2.4"}, by="recorder")
    assert company.records(company.card("customer").id)[-1][0].role == "recorder"
    with refused(Reason.NOT_SEEN):
        edit(company, "customer", "survey", GOOD, by="recorder")


@pytest.mark.parametrize("by", ["admin", "auditor"])
def test_who_sees_a_card_does_not_therefore_change_it(company: Company, by: str) -> None:
    with refused(Reason.NO_GRANT):
        edit(company, "market", "planning", GOOD, by=by)


def test_who_gave_a_card_back_still_sees_it_but_changes_nothing(company: Company) -> None:
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    company.move(company.card("market"), "preparer", "prepare")
    company.move(company.card("market"), "reviewer", "return", reason="请补充说明")
    with refused(Reason.NO_GRANT):
        edit(company, "market", "planning", GOOD, by="reviewer")


def test_what_is_forbidden_is_said_before_the_version_the_version_before_the_input(company: Company) -> None:
    with refused(Reason.NO_GRANT):
        edit(company, "market", "planning", {"level": "极好"}, by="admin", seen=None)
    with refused(Reason.NO_VERSION):
        edit(company, "market", "planning", {"level": "极好"}, seen=None)
    with refused(Reason.INVALID_INPUT, "input.level"):
        edit(company, "market", "planning", {"level": "极好"}, seen=99)


def test_the_state_is_said_after_the_input_and_before_a_stale_version(company: Company) -> None:
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    company.move(company.card("market"), "preparer", "prepare")
    with refused(Reason.INVALID_INPUT, "input.level"):
        edit(company, "market", "planning", {"level": "极好"}, seen=1)
    with refused(Reason.WRONG_STATE):
        edit(company, "market", "planning", GOOD, seen=1)


def test_a_closed_plan_is_said_before_a_stale_version(company: Company) -> None:
    close(company)
    with refused(Reason.PLAN_CLOSED):
        edit(company, "market", "planning", GOOD, seen=99)


def close(company: Company, trigger: str = "close") -> None:
    found = plan.find_plan("2026-10")
    plan.move(company.actor("admin"), company.clock, "2026-10", trigger, seen_version=found.version)


# Adjustments


def test_adjustments_are_entered_one_by_one_and_add_up(company: Company) -> None:
    assert adjust(company, "processing", points="-3").points == Decimal("37")
    assert adjust(company, "processing", points="5", reason="客户表扬").points == Decimal("42")
    entries = card_queries.adjustments_of([company.card("E101").id])
    assert [(each.number, each.points, each.entered_by) for each in entries] == [
        (1, Decimal("-3"), company.world.accounts["preparer"]),
        (2, Decimal("5"), company.world.accounts["preparer"]),
    ]
    assert items(company, "E101")["processing"].input == {
        "adjustments": [
            {"on": "2026-10-12", "reason": "录入差错", "points": "-3"},
            {"on": "2026-10-12", "reason": "客户表扬", "points": "5"},
        ]
    }


def test_additions_are_capped_apart_from_deductions(company: Company) -> None:
    """业务处理: 40 分, 加分最高为 15 分 (source: 95595 method, ch. 1 § 4)."""
    adjust(company, "processing", points="20", reason="超额")
    assert adjust(company, "processing", points="-3").points == Decimal("52")
    assert adjust(company, "quality", points="9").points == Decimal("40")
    assert adjust(company, "floor", points="-99").points == Decimal("0")


def test_a_voided_adjustment_stays_on_the_card_and_counts_no_more(company: Company) -> None:
    adjust(company, "quality", points="-3")
    adjust(company, "quality", points="-1")
    edited = void(company, "quality", 1)
    voided, standing = card_queries.adjustments_of([edited.card.id])
    assert (edited.points, standing.voided_at) == (Decimal("39"), None)
    assert (voided.void_reason, voided.voided_by) == ("记错了人", company.world.accounts["preparer"])
    assert voided.voided_at == company.clock()
    assert company.records(edited.card.id)[-1][1]["reason"] == "记错了人"


def test_the_numbers_of_adjustments_are_never_given_again(company: Company) -> None:
    adjust(company, "quality")
    void(company, "quality", 1)
    adjust(company, "quality")
    numbers = [each.number for each in card_queries.adjustments_of([company.card("E101").id])]
    assert numbers == [1, 2]


def test_nothing_happened_is_said_by_the_empty_list(company: Company) -> None:
    assert edit(company, "E101", "floor", {"adjustments": []}).points == Decimal("15")
    assert items(company, "E101")["floor"].input == {"adjustments": []}


@pytest.mark.parametrize("entered", [{"adjustments": []}, None])
def test_it_is_taken_only_while_no_adjustment_stands(company: Company, entered: dict[str, Any] | None) -> None:
    adjust(company, "quality")
    before = snapshot(company, "E101")
    with refused(Reason.HAS_ENTRIES):
        edit(company, "E101", "quality", entered)
    assert snapshot(company, "E101") == before
    void(company, "quality", 1)
    edit(company, "E101", "quality", entered)


def test_a_list_of_adjustments_is_not_taken_at_once(company: Company) -> None:
    with refused(Reason.INVALID_INPUT, "input.adjustments"):
        edit(company, "E101", "quality", {"adjustments": [ENTRY]})


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"on": None}, "on"),
        ({"on": "2026-W41-1"}, "on"),
        ({"on": "2026-10-32"}, "on"),
        ({"reason": None}, "reason"),
        ({"reason": "长" * 1001}, "reason"),
        ({"points": "-0.5"}, "points"),
        ({"points": "很多"}, "points"),
        ({"points": None}, "points"),
        ({"cause": "unheard-of"}, "cause"),
        ({"evidence": [""]}, "evidence"),
    ],
)
def test_a_wrong_adjustment_changes_nothing(company: Company, entry: dict[str, Any], path: str) -> None:
    before = snapshot(company, "E101")
    with refused(Reason.INVALID_INPUT, path):
        adjust(company, "quality", **entry)
    assert snapshot(company, "E101") == before


def test_items_of_other_kinds_take_no_adjustments(company: Company) -> None:
    card = company.card("market")
    with refused(Reason.INVALID_INPUT, "item"):
        appraise.add_adjustment(
            company.actor("preparer"), company.clock, card.id, "planning", ENTRY, seen_version=card.version
        )


def test_what_can_not_be_voided(company: Company) -> None:
    adjust(company, "quality")
    with refused(Reason.NOT_SEEN):
        void(company, "quality", 2)
    with refused(Reason.NO_VERSION):
        void(company, "quality", 1, "", seen=None)
    with refused(Reason.REASON_TOO_SHORT):
        void(company, "quality", 1, " ", seen=1)
    with refused(Reason.INVALID_INPUT, "reason"):
        void(company, "quality", 1, "长" * 1001)
    with refused(Reason.STALE):
        void(company, "quality", 1, seen=1)
    void(company, "quality", 1)
    with refused(Reason.NOT_SEEN):
        void(company, "quality", 1)


# Plans that take no entries


def test_a_closing_plan_takes_entries_only_for_what_was_prepared_before(company: Company) -> None:
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    company.move(company.card("market"), "preparer", "prepare")
    close(company)
    company.move(company.card("market"), "reviewer", "return", reason="请补充说明")
    edit(company, "market", "planning", {"level": "优秀"})
    company.move(company.card("market"), "preparer", "prepare")
    with refused(Reason.PLAN_CLOSED):
        edit(company, "sales", "service", GOOD)
    close(company, "reopen")
    edit(company, "sales", "service", GOOD)
