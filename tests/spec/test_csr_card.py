"""95595 CSR, 信用卡组、综合组: cards and months worked out by hand from the source (第一章)."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, recorded, result_of, scheme_of, totals_of
from workflow.scoring.ranking_input import rank_periods

ITEMS = ["processing", "quality", "floor", "satisfaction"]


def inputs(**entries: dict[str, Any]) -> dict[str, Any]:
    return {code: recorded() for code in ITEMS} | entries


def test_the_scheme_holds_100_points_and_20_additions() -> None:
    scheme = scheme_of("csr-card")
    assert [item.full_marks for item in scheme.items.values()] == [55, 40, 15, 10]
    assert (scheme.total.min, scheme.total.max, scheme.full_marks, scheme.rounding.step) == (0, 120, 120, 1)
    assert scheme.warnings == NO_PROBLEM


@pytest.mark.parametrize(
    ("card", "total", "grade"),
    [
        (inputs(), "100", "优秀"),
        # 40 + 3 - 2 = 41; 40 - 5 = 35; 15 - 1 = 14; 5.
        (inputs(processing=recorded(3, -2), quality=recorded(-5), floor=recorded(-1)), "95", "良好"),
        (inputs(processing=recorded(10, 8), satisfaction=recorded(5)), "120", "优秀"),
        (
            inputs(processing=recorded(-60), quality=recorded(-41), floor=recorded(-15), satisfaction=recorded(-9)),
            "0",
            "不合格",
        ),
    ],
)
def test_cards_from_ordinary_to_worst(card: dict[str, Any], total: str, grade: str) -> None:
    assert totals_of("csr-card", card) == (total, grade)


def test_the_cap_holds_for_the_additions_not_for_the_sum() -> None:
    # Of 20 only 15 count, and 10 are deducted.
    result = result_of("csr-card", inputs(processing=recorded(20, -10)))
    assert result["sections"][0] == {"code": "processing", "points": "45"}


@pytest.mark.parametrize("code", ["quality", "floor"])
def test_quality_and_floor_have_no_additions(code: str) -> None:
    assert totals_of("csr-card", inputs(**{code: recorded(5)}))[0] == "100"


def test_satisfaction_has_at_most_five_additions() -> None:
    assert totals_of("csr-card", inputs(satisfaction=recorded(4, 4)))[0] == "105"


def test_an_incomplete_card() -> None:
    result = result_of("csr-card", {"processing": recorded(), "quality": recorded(-1)})
    assert (result["total"], result["provisional_total"], result["pay"]["bonus"]) == (None, "79", None)
    assert [one["item"] for one in result["missing"]] == ["floor", "satisfaction"]


def test_the_score_is_tied_to_the_monthly_bonus() -> None:
    pay = result_of("csr-card", inputs(processing=recorded(5)))["pay"]
    assert (pay["bonus"], pay["total"]) == ("3150.00", "3150.00")


def months(*lows: dict[str, Any]) -> list[set[tuple[str, str]]]:
    """What each month proposes in a group of twelve whose totals fall from E01 to E12, with some changed."""
    usual = {f"E{place:02}": str(120 - place) for place in range(1, 13)}
    data = [
        {"period": f"2026-{month:02}", "group": "信用卡组", "totals": usual | low} for month, low in enumerate(lows, 1)
    ]
    result = rank_periods(scheme_of("csr-card"), {"periods": data})
    return [{(one["code"], one["subject"]) for one in period["consequences"]} for period in result["periods"]]


def test_the_last_three_talk_with_their_manager_and_then_with_the_head() -> None:
    first, second, third = months({}, {"E10": "120"}, {})
    assert first == {("talk-manager", "E10"), ("talk-manager", "E11"), ("talk-manager", "E12")}
    assert second == {("talk-manager", "E09"), ("talk-head", "E11"), ("talk-head", "E12")}
    assert {code for code, subject in third if subject == "E10"} == {"talk-manager"}


def test_the_last_five_three_months_running_go_off_post() -> None:
    assert {subject for code, subject in months({}, {}, {})[2] if code == "off-post"} == {
        "E08",
        "E09",
        "E10",
        "E11",
        "E12",
    }
    assert {subject for code, subject in months({}, {"E08": "120"}, {})[2] if code == "off-post"} == {
        "E09",
        "E10",
        "E11",
        "E12",
    }


def test_the_last_five_in_the_first_month_back_may_be_dismissed() -> None:
    away = {"E12": {"absent": "off-post"}}
    back = months({}, {}, {}, away, {}, {})
    assert ("dismissal", "E12") in back[4]
    assert ("dismissal", "E12") not in back[5]
    assert ("off-post", "E12") not in back[4]


def test_equal_totals_are_settled_by_quality_then_processing() -> None:
    totals = {
        "E1": {"total": "100", "tie_break": ["39", "41"]},
        "E2": {"total": "100", "tie_break": ["40", "40"]},
        "E3": {"total": "100", "tie_break": ["39", "42"]},
    }
    result = rank_periods(
        scheme_of("csr-card"), {"periods": [{"period": "2026-08", "group": "信用卡组", "totals": totals}]}
    )
    assert result["periods"][0]["ranks"] == {"E2": 1, "E3": 2, "E1": 3}
