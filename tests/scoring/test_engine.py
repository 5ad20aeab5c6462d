"""Whole cards: items, sections, total, what is missing, what does not apply, vetoes."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.support.schemes import OCTOBER, card, scheme_data, scorer_for, sentences
from workflow.scoring.card import Card, ItemOutcome
from workflow.scoring.engine import compile_scheme
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_BE_POSITIVE
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

TEN = {"rule": {"kind": "points", "min": 0, "max": 10, "step": "0.001"}}
BASELINE = {
    "kind": "baseline", "baseline": "history-min", "better": "lower", "at_baseline": 15, "step": 1, "measure": "points",
    "up": 1, "down": 1, "max": 20,
}  # fmt: skip
GRADES = [{"name": "优秀", "from": 15}, {"name": "合格", "from": 10}, {"name": "不合格", "from": 1}]


def given(points: str) -> dict[str, str]:
    return {"points": points, "reason": "按记录"}


def totals(result: Any) -> tuple[str | None, str]:
    data = result.to_data(Language.ZH)
    return data["total"], data["provisional_total"]


def test_items_are_rounded_before_they_are_added() -> None:
    scorer = scorer_for(TEN, TEN, TEN)
    result = scorer.score(card({f"item-{place}": given("1.005") for place in (1, 2, 3)}))
    assert totals(result) == ("3.03", "3.03")


@pytest.mark.parametrize(("mode", "points"), [("half-up", "1.01"), ("half-even", "1.00"), ("down", "1.00")])
def test_the_scheme_says_how_points_are_rounded(mode: str, points: str) -> None:
    scorer = scorer_for(TEN, rounding={"step": "0.01", "mode": mode})
    assert scorer.score(card({"item-1": given("1.005")})).to_data(Language.ZH)["items"][0]["points"] == points


def test_a_weight_multiplies_before_rounding() -> None:
    scorer = scorer_for(TEN | {"weight": "0.35"}, rounding={"step": "0.1"})
    outcome = scorer.score_item("item-1", given("7.3"), ItemContext(period=OCTOBER))
    assert outcome.points == Decimal("2.6")
    assert sentences(outcome)[2:] == ["乘权重:7.3 × 0.35 = 2.555", "按 0.1 四舍五入:2.555 → 2.6", "得 2.6 分"]


def test_a_weighted_ratio_is_rounded_once() -> None:
    rule = {"kind": "attainment", "full": 1}
    scorer = scorer_for({"rule": rule, "weight": "0.5"}, rounding={"step": "0.1"})
    assert scorer.score(card({"item-1": {"actual": "149999", "target": "1000000"}})).totals.total == Decimal("0.1")
    assert scorer.score(card({"item-1": {"actual": "15", "target": "100"}})).totals.total == Decimal("0.1")
    assert scorer.score(card({"item-1": {"actual": "1", "target": "3"}})).totals.total == Decimal("0.2")


def test_sections_and_total_are_clamped_and_print_alike() -> None:
    scorer = scorer_for(TEN, TEN, total={"min": 5, "max": 12})
    assert totals(scorer.score(card({"item-1": {"points": "10"}, "item-2": {"points": "10"}}))) == ("12.00", "12.00")
    assert totals(scorer.score(card({"item-1": given("0"), "item-2": given("1")}))) == ("5.00", "5.00")
    data = scheme_data(TEN, TEN)
    data["sections"][0] |= {"min": 3, "max": 7}
    clamped = compile_scheme(Scheme.from_data(data))
    assert totals(clamped.score(card({"item-1": {"points": "10"}, "item-2": given("2")}))) == ("7.00", "7.00")
    assert totals(clamped.score(card({"item-1": given("0"), "item-2": given("2")}))) == ("3.00", "3.00")


def test_a_missing_item_leaves_the_card_incomplete_and_adds_nothing() -> None:
    result = scorer_for(TEN, TEN, grades=GRADES).score(card({"item-2": {"points": "10"}})).to_data(Language.EN)
    assert (result["complete"], result["total"], result["provisional_total"], result["grade"]) == (
        False,
        None,
        "10.00",
        None,
    )
    assert result["missing"] == [{"item": "item-1", "reason": "no_input", "text": "nothing has been put in yet"}]
    assert result["items"][0]["points"] is None


@pytest.mark.parametrize(
    ("points", "grade"), [("10", "优秀"), ("5", "优秀"), ("4.99", "合格"), ("0", "合格"), ("-9.1", None)]
)
def test_the_first_grade_that_the_total_reaches_holds(points: str, grade: str | None) -> None:
    deep = {"rule": {"kind": "points", "min": -10, "max": 10, "step": "0.01"}}
    scorer = scorer_for(TEN, deep, grades=GRADES, total={"min": -100, "max": 100})
    assert scorer.score(card({"item-1": {"points": "10"}, "item-2": given(points)})).totals.grade == grade


def test_everything_wrong_with_a_card_is_told_at_once() -> None:
    scorer = scorer_for(TEN, {"code": "churn", "rule": BASELINE})
    wrong = {"item-1": {"points": "11"}, "churn": {"value": "1"}, "none": {}}
    with pytest.raises(InputError) as refusal:
        scorer.score(card(wrong, history={"churn": {"2026-09": "x"}, "other": {}}, vetoes=[{"code": "fraud"}]))
    assert {problem.path for problem in refusal.value.problems} == {
        "inputs.none", "history.other", "inputs.item-1.points", "history.churn.2026-09", "vetoes[0].code",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], ""),
        ({}, "period"),
        ({"period": "2026-13"}, "period"),
        ({"period": 2026}, "period"),
        ({"period": "2026-10", "extra": 1}, "extra"),
        ({"period": "2026-10", "inputs": []}, "inputs"),
        ({"period": "2026-10", "inputs": ""}, "inputs"),
        ({"period": "2026-10", "history": []}, "history"),
        ({"period": "2026-10", "vetoes": {}}, "vetoes"),
        ({"period": "2026-10", "level": ""}, "level"),
    ],
)
def test_a_card_of_another_shape_is_refused(data: object, path: str) -> None:
    with pytest.raises(InputError) as refusal:
        Card.from_data(data)
    assert refusal.value.path == path


def test_a_card_of_another_frequency_is_refused() -> None:
    with pytest.raises(InputError, match="period: must be a month, as the scheme appraises"):
        scorer_for(TEN).score(Card.from_data({"period": "2026-Q4"}))


def test_a_history_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError) as refusal:
        scorer_for({"code": "churn", "rule": BASELINE}).score(card({"churn": {"value": "1"}}, history={"churn": ["1"]}))
    assert refusal.value.path == "history.churn"


def test_an_unknown_item_alone_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        scorer_for(TEN).score_item("none", {}, ItemContext(period=OCTOBER))


NOT_APPLICABLE = {"not_applicable": True, "reason": "本月无此业务"}
FOUR = {"rule": {"kind": "points", "min": 0, "max": 4, "step": 1}}


def test_what_does_not_apply_scales_the_rest_of_its_section_as_a_line_of_its_own() -> None:
    scorer = scorer_for(TEN, FOUR | {"optional": True}, FOUR)
    result = scorer.score(card({"item-1": given("7"), "item-2": NOT_APPLICABLE, "item-3": {"points": "4"}}))
    (section,) = result.to_data(Language.ZH)["sections"]
    # 11 × 18 ÷ 14 = 14.142857…
    assert section == {"code": "main", "points": "14.14", "scaling": "3.14"}
    assert totals(result) == ("14.14", "14.14")
    assert result.items["item-2"].is_not_applicable
    assert result.to_data(Language.ZH)["items"][1]["points"] is None
    assert sentences(result.items["item-2"]) == ["不适用,理由:本月无此业务"]


def test_weights_count_in_scaling() -> None:
    scorer = scorer_for(TEN | {"weight": "0.5"}, TEN | {"weight": "0.3", "optional": True}, TEN | {"weight": "0.2"})
    result = scorer.score(card({"item-1": {"points": "10"}, "item-2": NOT_APPLICABLE, "item-3": given("5")}))
    # (5 + 1) × 10 ÷ 7 = 8.571428…
    assert totals(result) == ("8.57", "8.57")


def test_other_sections_are_not_scaled() -> None:
    data = scheme_data(TEN, TEN | {"optional": True})
    data["sections"].append({"code": "other", "title": "其他", "items": [TEN | {"code": "item-3", "title": "指标"}]})
    scorer = compile_scheme(Scheme.from_data(data))
    result = scorer.score(card({"item-1": given("5"), "item-2": NOT_APPLICABLE, "item-3": given("5")}))
    assert [section.points for section in result.totals.sections] == [Decimal(10), Decimal(5)]


def test_scaling_stays_inside_the_sections_limits() -> None:
    data = scheme_data(TEN, TEN | {"optional": True})
    data["sections"][0]["max"] = 15
    result = compile_scheme(Scheme.from_data(data)).score(card({"item-1": {"points": "10"}, "item-2": NOT_APPLICABLE}))
    assert totals(result) == ("15.00", "15.00")


def test_when_nothing_applies_the_card_is_incomplete() -> None:
    optional = TEN | {"optional": True}
    result = scorer_for(optional, optional).score(card({"item-1": NOT_APPLICABLE, "item-2": NOT_APPLICABLE}))
    assert result.totals.missing == (("item-1", Missing.NOT_APPLICABLE), ("item-2", Missing.NOT_APPLICABLE))
    assert totals(result) == (None, "0.00")


@pytest.mark.parametrize(
    ("optional", "data", "path"),
    [
        (False, NOT_APPLICABLE, "not_applicable"),
        (True, {"not_applicable": True}, "reason"),
        (True, {"not_applicable": True, "reason": ""}, "reason"),
        (True, {"not_applicable": False, "reason": "x"}, "not_applicable"),
        (True, {"not_applicable": "true", "reason": "x"}, "not_applicable"),
        (True, {"not_applicable": True, "reason": "x", "points": "5"}, "points"),
    ],
)
@pytest.mark.parametrize("basis", [True, False])
def test_not_applicable_is_for_optional_items_with_a_reason(
    optional: bool, data: dict[str, Any], path: str, basis: bool
) -> None:
    scorer = scorer_for(TEN | {"optional": optional})
    with pytest.raises(InputError) as refusal:
        scorer.score_item("item-1", data, ItemContext(period=OCTOBER), basis=basis)
    assert refusal.value.path == path


VETOES = [
    {"code": "fraud", "title": "弄虚作假", "total_max": 0},
    {"code": "complaint", "title": "重大投诉", "grade": "不合格"},
    {"code": "late", "title": "迟报", "total_max": 12, "grade": "合格"},
]


def veto(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "on": "2026-10-12", "reason": "查实"} for code in codes]


@pytest.mark.parametrize(
    ("points", "codes", "total", "grade"),
    [
        ("10", (), "20.00", "优秀"),
        ("10", ("late",), "12.00", "合格"),
        ("10", ("complaint",), "20.00", "不合格"),
        ("10", ("late", "complaint"), "12.00", "不合格"),
        ("10", ("complaint", "late"), "12.00", "不合格"),
        ("10", ("fraud",), "0.00", None),
        ("10", ("fraud", "late"), "0.00", None),
        ("-9", ("late",), "1.00", "不合格"),
    ],
)
def test_a_veto_cuts_the_total_and_sets_the_grade_and_never_improves(
    points: str, codes: tuple[str, ...], total: str, grade: str | None
) -> None:
    deep = {"rule": {"kind": "points", "min": -10, "max": 10, "step": 1}}
    scorer = scorer_for(TEN, deep, grades=GRADES, vetoes=VETOES)
    result = scorer.score(card({"item-1": {"points": "10"}, "item-2": given(points)}, vetoes=veto(*codes))).to_data(
        Language.ZH
    )
    assert (result["total"], result["grade"]) == (total, grade)
    assert [one["code"] for one in result.get("vetoes", [])] == list(codes)


def test_a_veto_holds_for_the_provisional_total_too() -> None:
    scorer = scorer_for(TEN, TEN, grades=GRADES, vetoes=VETOES)
    assert totals(scorer.score(card({"item-1": {"points": "10"}}, vetoes=veto("fraud")))) == (None, "0.00")


@pytest.mark.parametrize("key", ["code", "on", "reason"])
def test_a_veto_is_a_written_record(key: str) -> None:
    (record,) = veto("fraud")
    del record[key]
    with pytest.raises(InputError) as refusal:
        scorer_for(TEN, grades=GRADES, vetoes=VETOES).read_vetoes([record])
    assert refusal.value.path == f"vetoes[0].{key}"


def test_stored_outcomes_add_up_like_fresh_ones() -> None:
    scorer = scorer_for(TEN, TEN, TEN | {"optional": True})
    stored = {"item-1": ItemOutcome(Decimal("5.0000"), None), "item-3": ItemOutcome(None, None)}
    sums = scorer.add_up(stored)
    assert sums.missing == (("item-2", Missing.NO_INPUT),)
    assert str(sums.provisional_total) == "7.50"
    assert str(sums.sections[0].scaling) == "2.50"


def test_a_scorer_may_be_shared_by_threads() -> None:
    scorer = scorer_for(TEN | {"weight": "0.333"}, {"code": "churn", "rule": BASELINE})
    cards = [
        card({"item-1": given(f"{n % 10}.5"), "churn": {"value": str(n)}}, history={"churn": {"2026-09": "50"}})
        for n in range(200)
    ]
    alone = [scorer.score(one).totals for one in cards]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: scorer.score(one).totals, cards)) == alone


def test_an_error_speaks_both_languages_and_names_its_place() -> None:
    error = SchemeError("items[0].rule.step", MUST_BE_POSITIVE).under("sections[1]")
    assert str(error) == "sections[1].items[0].rule.step: must be greater than 0 (必须大于 0)"
    assert error.say(Language.ZH) == "sections[1].items[0].rule.step: 必须大于 0"
