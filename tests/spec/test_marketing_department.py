"""市场部考核分值表: cards worked out by hand from the source (考核方法, 页次 2/4)."""

import pytest

from tests.support.source_schemes import NO_PROBLEM, result_of, scheme_of, totals_of

POINTS = {
    "planning": (60, 50, 30, 0),
    "customer-management": (20, 15, 8, 0),
    "complaints": (10, 6, 2, 0),
    "information-base": (10, 6, 2, 0),
}
LEVELS = ("优秀", "良好", "一般", "差")


def all_at(level: str) -> dict[str, dict[str, str]]:
    return {code: {"level": level} for code in POINTS}


def test_the_scheme_is_the_table_of_the_source_with_its_titles_mended() -> None:
    scheme = scheme_of("marketing-department")
    assert {code: item.title for code, item in scheme.items.items()} == {
        "planning": "客户开发企划情况",
        "customer-management": "参与客户管理情况",
        "complaints": "参与客户投诉处理情况",
        "information-base": "协助维护客户信息库情况",
    }
    assert scheme.full_marks == 100
    assert scheme.warnings == NO_PROBLEM


@pytest.mark.parametrize(
    ("code", "level", "points"),
    [(code, level, points) for code, row in POINTS.items() for level, points in zip(LEVELS, row, strict=True)],
)
def test_every_level_has_the_points_of_the_source(code: str, level: str, points: int) -> None:
    assert result_of("marketing-department", {code: {"level": level}})["provisional_total"] == f"{points}.00"


@pytest.mark.parametrize(
    ("level", "total", "grade"),
    [("优秀", "100.00", "优秀"), ("良好", "77.00", "良好"), ("一般", "42.00", "不合格"), ("差", "0.00", "不合格")],
)
def test_the_best_the_ordinary_and_the_worst_card(level: str, total: str, grade: str) -> None:
    assert totals_of("marketing-department", all_at(level)) == (total, grade)


def test_a_mixed_card() -> None:
    # 50 + 20 + 2 + 0.
    mixed = all_at("差") | {
        "planning": {"level": "良好"},
        "customer-management": {"level": "优秀"},
        "complaints": {"level": "一般"},
    }
    assert totals_of("marketing-department", mixed) == ("72.00", "合格")


def test_an_incomplete_card() -> None:
    result = result_of("marketing-department", {"planning": {"level": "优秀"}})
    assert (result["total"], result["provisional_total"]) == (None, "60.00")
    assert [one["item"] for one in result["missing"]] == ["customer-management", "complaints", "information-base"]
