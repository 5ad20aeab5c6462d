"""银行客户经理: profit, levels and service, by cards worked out by hand."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, counted, result_of, scheme_of, totals_of


def part(base: list[Any], growth: list[Any], actual: list[Any]) -> dict[str, Any]:
    return {"base": base, "growth": growth, "actual": actual}


DOLLARS = {"amount": "1000", "currency": "USD", "rate": "7.1", "on": "2026-10-31"}
NOTHING = part([], [], [])


def profit(
    interest: dict[str, Any], deposit: dict[str, Any] = NOTHING, fee: dict[str, Any] = NOTHING
) -> dict[str, Any]:
    return {"profit": {"parts": {"interest": interest, "deposit": deposit, "fee": fee}}, "management": {"points": "20"}}


@pytest.mark.parametrize("code", ["account-manager-profit", "account-manager-levels", "account-manager-service"])
def test_the_schemes_reach_their_totals(code: str) -> None:
    assert scheme_of(code).warnings == NO_PROBLEM


def test_profit_is_measured_against_stock_and_increment_over_all_parts_and_currencies() -> None:
    # Target 60000 + 5000 + 20000 + 7100 + 7900 = 100000; actual 50000 + 22900 + 7100 = 80000; 80 × 0.8 = 64, and 20.
    card = profit(
        part(["40000", "20000"], ["5000"], ["50000"]),
        part(["20000"], [], ["22900"]),
        part([DOLLARS], ["7900"], [DOLLARS]),
    )
    result = result_of("account-manager-profit", card, level="中级")
    assert (result["total"], result["grade"]) == ("84.00", "良好")
    assert {name: result["pay"][name] for name in ("base", "benefit", "total")} == {
        "base": "6000.00", "benefit": "1600.00", "total": "7600.00",
    }  # fmt: skip


def test_profit_adds_up_over_the_year() -> None:
    # 80 × (3000 + 4000 + 2000) ÷ 12000 = 60, and 20; the wage follows the month's own 2000.
    card = profit(part(["10000"], ["2000"], ["2000"]))
    result = result_of("account-manager-profit", card, {"profit": {"2026-08": "3000", "2026-09": "4000"}}, level="初级")
    assert (result["total"], result["pay"]["benefit"]) == ("80.00", "40.00")


@pytest.mark.parametrize(
    ("actual", "total"), [("100", "100.00"), ("120", "100.00"), ("0", "20.00"), ("-5", "20.00"), ("62.5", "70.00")]
)
def test_cards_from_best_to_worst(actual: str, total: str) -> None:
    assert totals_of("account-manager-profit", profit(part(["100"], [], [actual])))[0] == total


@pytest.mark.parametrize(
    ("level", "wage"), [("高级", "8000.00"), ("中级", "6000.00"), ("初级", "4500.00"), (None, None)]
)
def test_the_wage_follows_the_level(level: str | None, wage: str | None) -> None:
    result = result_of("account-manager-profit", profit(part(["1"], [], ["1"])), level=level)
    assert result["pay"]["base"] == wage


def test_without_a_target_the_card_is_incomplete() -> None:
    result = result_of("account-manager-profit", profit(part([], [], ["5"])))
    assert (result["total"], result["missing"][0]["reason"]) == (None, "zero_target")


RATED_5 = ("ethics", "knowledge", "ability", "enterprise")
RATED_10 = ("develop", "market", "maintain", "information", "analysis", "publicity")


def yearly(level: str, **conduct: Any) -> dict[str, Any]:
    inputs = {code: {"level": level} for code in RATED_5 + RATED_10} | {"conduct": {"adjustments": []}} | conduct
    return {"period": "2026", "inputs": inputs}


@pytest.mark.parametrize(
    ("level", "total", "grade"), [("优秀", "100.00", "优秀"), ("良好", "84.00", "良好"), ("差", "20.00", "不合格")]
)
def test_the_yearly_appraisal_of_levels(level: str, total: str, grade: str) -> None:
    result = result_of("account-manager-levels", **yearly(level))
    assert (result["total"], result["grade"]) == (total, grade)


def test_conduct_is_deducted_and_misconduct_is_a_veto() -> None:
    broken = {"adjustments": [{"on": "2026-05-08", "cause": "secrecy", "reason": "外发客户资料"}]}
    assert result_of("account-manager-levels", **yearly("优秀", conduct=broken))["total"] == "90.00"
    veto = [{"code": "misconduct", "on": "2026-05-08", "reason": "查实"}]
    result = result_of("account-manager-levels", **yearly("优秀"), vetoes=veto)
    assert (result["total"], result["grade"]) == ("100.00", "不合格")


def service(**changes: Any) -> dict[str, Any]:
    ratings = [{"group": "superior", "by": "E1", "level": "良好"}] + [
        {"group": "peer", "by": name, "level": "优秀"} for name in ("E2", "E3")
    ]
    usual = {
        "feedback": {"value": "96"},
        "complaints": counted(1),
        "exam": {"value": "75"},
        "new-customers": {"actual": "9", "target": "12"},
        "deposits": {"actual": "600", "target": "500"},
        "loans": {"actual": "250", "target": "500"},
        "products": {"actual": "70", "target": "100"},
        "growth": {"value": "10"},
        "care": {"value": "92"},
        "expansion": {"actual": "5", "target": "7"},
        "teamwork": {"ratings": ratings},
        "training": {"value": "6"},
    }
    return usual | changes


def test_an_ordinary_month_of_service_and_sales() -> None:
    # 8 + 8 | 5 | 6 + 10 + 5 + 4.9 + 2.5 | 6 + 5 | (0.6 × 4 + 0.4 × 5) ÷ 5 × 10 = 8.8 | 3.75
    result = result_of("account-manager-service", service())
    assert [section["points"] for section in result["sections"]] == ["16.00", "5.00", "28.40", "11.00", "8.80", "3.75"]
    assert (result["total"], result["grade"]) == ("72.95", "合格")


def test_an_incomplete_month() -> None:
    card = service(teamwork={"ratings": []})
    del card["deposits"]
    result = result_of("account-manager-service", card)
    assert {one["item"]: one["reason"] for one in result["missing"]} == {
        "deposits": "no_input",
        "teamwork": "too_few_ratings",
    }
    assert result["provisional_total"] == "54.15"
