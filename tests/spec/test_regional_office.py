"""各办事处考核分值表: cards worked out by hand from the source (考核方法, 页次 4/4)."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, result_of, scheme_of, totals_of

RATED = [
    "survey",
    "development",
    "development-plan",
    "information-base",
    "performance-management",
    "credit",
    "complaints",
]
HISTORY = {"churn": {"2026-09": "5.0"}, "growth": {"2026-09": "2.0"}, "complaint-satisfaction": {"2026-09": "90"}}


def inputs(level: str, churn: str, growth: str, satisfaction: str) -> dict[str, Any]:
    measured = {"churn": churn, "growth": growth, "complaint-satisfaction": satisfaction}
    return {code: {"level": level} for code in RATED} | {code: {"value": value} for code, value in measured.items()}


def test_the_scheme_is_the_table_of_the_source() -> None:
    scheme = scheme_of("regional-office")
    assert list(scheme.items) == [*RATED, "churn", "growth", "complaint-satisfaction"]
    assert [item.full_marks for item in scheme.items.values()] == [5, 10, 5, 5, 5, 5, 5, 20, 20, 20]
    assert scheme.items["churn"].title == "当月办事处客户流失率"
    assert scheme.full_marks == 100
    assert scheme.warnings == NO_PROBLEM


@pytest.mark.parametrize(("level", "points"), [("优秀", "10.00"), ("良好", "6.00"), ("一般", "2.00"), ("差", "0.00")])
def test_development_counts_double(level: str, points: str) -> None:
    assert result_of("regional-office", {"development": {"level": level}})["provisional_total"] == points


@pytest.mark.parametrize(
    ("card", "total", "grade"),
    [
        # 6 × 3 + 6 = 24; churn 1.2 lower: 16; growth 0.5 lower: 15; satisfaction 3 higher: 18.
        (inputs("良好", "3.8", "1.5", "93"), "73.00", "合格"),
        (inputs("优秀", "0.0", "7.0", "95"), "100.00", "优秀"),
        (inputs("差", "20", "-13", "75"), "0.00", "不合格"),
        # 6 × 1 + 2 + 3 × 15.
        (inputs("一般", "5", "2", "90"), "53.00", "不合格"),
    ],
)
def test_cards_from_ordinary_to_worst(card: dict[str, Any], total: str, grade: str) -> None:
    assert totals_of("regional-office", card, HISTORY) == (total, grade)


def test_an_incomplete_card() -> None:
    card = inputs("优秀", "5", "2", "90")
    del card["growth"]
    result = result_of("regional-office", card, HISTORY)
    assert (result["total"], result["provisional_total"]) == (None, "70.00")
    assert [one["item"] for one in result["missing"]] == ["growth"]
