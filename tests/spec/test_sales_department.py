"""销售部考核分值表: cards worked out by hand from the source (考核方法, 页次 3/4)."""

import pytest

from tests.support.source_schemes import NO_PROBLEM, result_of, scheme_of, totals_of

POINTS = {"service": (60, 50, 30, 0), "complaints": (20, 15, 8, 0), "information": (20, 15, 8, 0)}
LEVELS = ("优秀", "良好", "一般", "差")


def test_the_scheme_is_the_table_of_the_source_with_its_titles_mended() -> None:
    scheme = scheme_of("sales-department")
    assert {code: item.title for code, item in scheme.items.items()} == {
        "service": "做好客户售前服务和售中服务情况",
        "complaints": "参与客户投诉处理情况",
        "information": "参与客户信息收集情况",
    }
    assert scheme.full_marks == 100
    assert scheme.warnings == NO_PROBLEM


@pytest.mark.parametrize(
    ("code", "level", "points"),
    [(code, level, points) for code, row in POINTS.items() for level, points in zip(LEVELS, row, strict=True)],
)
def test_every_level_has_the_points_of_the_source(code: str, level: str, points: int) -> None:
    assert result_of("sales-department", {code: {"level": level}})["provisional_total"] == f"{points}.00"


@pytest.mark.parametrize(
    ("levels", "total", "grade"),
    [
        (("优秀", "优秀", "优秀"), "100.00", "优秀"),
        (("良好", "良好", "良好"), "80.00", "良好"),
        (("良好", "一般", "差"), "58.00", "不合格"),
        (("差", "差", "差"), "0.00", "不合格"),
    ],
)
def test_cards_from_best_to_worst(levels: tuple[str, ...], total: str, grade: str) -> None:
    inputs = {code: {"level": level} for code, level in zip(POINTS, levels, strict=True)}
    assert totals_of("sales-department", inputs) == (total, grade)


def test_an_incomplete_card() -> None:
    result = result_of("sales-department", {"service": {"level": "一般"}, "complaints": {"level": "一般"}})
    assert (result["total"], result["provisional_total"]) == (None, "38.00")
    assert [one["item"] for one in result["missing"]] == ["information"]
