"""客户部考核分值表: cards worked out by hand from the source (考核方法, 页次 1/4)."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, result_of, scheme_of, totals_of
from workflow.scoring.missing import Missing

RATED = [
    "survey", "development", "development-plan", "information-base", "performance-management", "credit", "service-plan", "complaints",
]  # fmt: skip
HISTORY = {
    "churn": {"2026-07": "3.4", "2026-08": "2.9", "2026-09": "3.1"},
    "growth": {"2026-08": "9.0", "2026-09": "4.2"},
    "complaint-satisfaction": {"2026-08": "96.5", "2026-09": "95.0"},
}


def inputs(level: str, churn: str, growth: str, satisfaction: str) -> dict[str, Any]:
    measured = {"churn": churn, "growth": growth, "complaint-satisfaction": satisfaction}
    return {code: {"level": level} for code in RATED} | {code: {"value": value} for code, value in measured.items()}


def test_the_scheme_is_the_table_of_the_source() -> None:
    scheme = scheme_of("customer-department")
    assert [item.title for item in scheme.items.values()] == [
        "公司客户调查情况",
        "公司客户开发情况",
        "实施客户开发企划案情况",
        "客户信息库建立和维护情况",
        "客户业绩管理和考核情况",
        "客户信用管理情况",
        "服务方案制定和实施情况",
        "客户投诉处理情况",
        "当月公司客户流失率",
        "当月公司客户增长率",
        "当月客户投诉处理满意率",
    ]
    assert [item.full_marks for item in scheme.items.values()] == [5] * 8 + [20] * 3
    assert scheme.full_marks == 100
    assert scheme.warnings == NO_PROBLEM


@pytest.mark.parametrize(("level", "points"), [("优秀", "5.00"), ("良好", "3.00"), ("一般", "1.00"), ("差", "0.00")])
@pytest.mark.parametrize("code", RATED)
def test_every_rated_item_has_the_same_four_levels(code: str, level: str, points: str) -> None:
    result = result_of("customer-department", {code: {"level": level}})
    assert result["provisional_total"] == points


def test_an_ordinary_card() -> None:
    # 8 × 3 = 24; churn 1.9 is 1 point under 2.9: 16; growth 6.8 is 2.6 over 4.2: 17; satisfaction 95.0 is 1.5 under 96.5: 14.
    assert totals_of("customer-department", inputs("良好", "1.9", "6.8", "95.0"), HISTORY) == ("71.00", "合格")


def test_the_best_card() -> None:
    # 8 × 5 = 40, and three times the cap of 20.
    assert totals_of("customer-department", inputs("优秀", "-2.1", "9.2", "101.5"), HISTORY) == ("100.00", "优秀")


def test_the_worst_card() -> None:
    assert totals_of("customer-department", inputs("差", "17.9", "-10.8", "81.5"), HISTORY) == ("0.00", "不合格")


def test_at_the_baselines() -> None:
    # 8 × 1 + 3 × 15.
    assert totals_of("customer-department", inputs("一般", "2.9", "4.2", "96.5"), HISTORY) == ("53.00", "不合格")


@pytest.mark.parametrize(
    ("item", "value", "points"),
    [
        ("churn", "2.9", "15.00"),
        ("churn", "1.91", "15.00"),
        ("churn", "1.9", "16.00"),
        ("churn", "-7", "20.00"),
        ("churn", "3.89", "15.00"),
        ("churn", "3.9", "14.00"),
        ("churn", "25", "0.00"),
        ("growth", "4.2", "15.00"),
        ("growth", "5.2", "16.00"),
        ("growth", "5.19", "15.00"),
        ("growth", "3.2", "14.00"),
        ("growth", "9.2", "20.00"),
        ("complaint-satisfaction", "96.5", "15.00"),
        ("complaint-satisfaction", "98.6", "17.00"),
        ("complaint-satisfaction", "95.6", "15.00"),
        ("complaint-satisfaction", "95.5", "14.00"),
        ("complaint-satisfaction", "10", "0.00"),
    ],
)
def test_every_whole_percentage_point_moves_one_point(item: str, value: str, points: str) -> None:
    assert result_of("customer-department", {item: {"value": value}}, HISTORY)["provisional_total"] == points


def test_growth_is_measured_by_the_last_month_alone() -> None:
    result = result_of("customer-department", {"growth": {"value": "9.0"}}, {"growth": {"2026-08": "9.0"}})
    assert {one["item"]: one["reason"] for one in result["missing"]}["growth"] == Missing.NO_BASELINE


def test_the_first_month_needs_baselines_by_hand() -> None:
    first = inputs("良好", "2.5", "6", "95")
    card = first | {
        code: first[code] | {"baseline": baseline, "reason": "首月,按上年统计"}
        for code, baseline in (("churn", "3.5"), ("growth", "6"), ("complaint-satisfaction", "97.2"))
    }
    # 24 + 16 + 15 + 13.
    assert totals_of("customer-department", card) == ("68.00", "合格")
    waiting = result_of("customer-department", first)
    assert (waiting["complete"], waiting["total"], waiting["provisional_total"]) == (False, None, "24.00")
    assert {one["reason"] for one in waiting["missing"]} == {"no_baseline"}


def test_an_incomplete_card_names_what_is_missing() -> None:
    result = result_of("customer-department", {"churn": {"value": "1.9"}, "survey": {"level": "优秀"}}, HISTORY)
    assert (result["complete"], result["provisional_total"], result["grade"]) == (False, "21.00", None)
    assert [one["item"] for one in result["missing"]] == [*RATED[1:], "growth", "complaint-satisfaction"]
    assert result["sections"] == [
        {"code": "qualitative", "points": "5.00"},
        {"code": "quantitative", "points": "16.00"},
    ]
