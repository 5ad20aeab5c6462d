"""10086 热线: shift leader, guide and agents, by cards worked out by hand from the source (第一部分)."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, counted, recorded, result_of, scheme_of, totals_of

MEMBERS = [
    {"total": "90", "sections": {"A": "28", "B": "18", "C": "17", "D": "18", "E": "9"}},
    {"total": "80", "sections": {"A": "24", "B": "16", "C": "16", "D": "17", "E": "7"}},
]
TEAM = {code: {"members": MEMBERS} for code in ("team-total", "team-ab", "team-de")}
FULL = [{"total": "100", "sections": {"A": "30", "B": "20", "D": "20", "E": "10"}}]
NOTHING = counted()


def leader(**changes: Any) -> dict[str, Any]:
    ledgers = ("reporting", "team-management", "production", "other", "attendance", "floor")
    usual = (
        TEAM
        | dict.fromkeys(ledgers, NOTHING)
        | {"exam": {"value": "90"}, "culture": {"participation": "100", "quality": "100"}}
    )
    return usual | {code.replace("_", "-"): data for code, data in changes.items()}


@pytest.mark.parametrize("code", ["hotline-shift-leader", "hotline-guide", "hotline-agent"])
def test_full_marks_add_up_to_100(code: str) -> None:
    assert (scheme_of(code).full_marks, scheme_of(code).warnings) == (100, NO_PROBLEM)


def test_the_team_counts_70() -> None:
    # Mean 85: 34.00; A + B 46 and 40, mean 43 of 50: 17.20; D + E 27 and 24, mean 25.5 of 30: 8.50.
    result = result_of("hotline-shift-leader", leader())
    assert [item["points"] for item in result["items"][:3]] == ["34.00", "17.20", "8.50"]
    assert result["total"] == "89.70"


@pytest.mark.parametrize(
    ("value", "points"), [("95", "5.00"), ("90", "5.00"), ("80", "2.50"), ("70", "0.00"), ("69.9", "0.00")]
)
def test_the_exam_runs_straight_from_70_to_90(value: str, points: str) -> None:
    assert result_of("hotline-shift-leader", {"exam": {"value": value}})["provisional_total"] == points


@pytest.mark.parametrize(
    ("item", "count", "lost"),
    [("reporting", 1, "2.00"), ("reporting", 9, "5.00"), ("team-management", 3, "3.00"), ("production", 2, "4.00"), ("other", 4, "4.00"),
     ("floor", 3, "6.00")],
)  # fmt: skip
def test_every_occurrence_costs_what_the_source_says(item: str, count: int, lost: str) -> None:
    total = result_of("hotline-shift-leader", leader(**{item: counted(count)}))["total"]
    assert float(total) == pytest.approx(89.70 - float(lost))


def test_attendance_is_deducted_as_for_agents() -> None:
    late = {
        "adjustments": [{"on": "2026-10-15", "cause": "late", "count": 2}, {"on": "2026-10-16", "cause": "absence"}]
    }
    assert totals_of("hotline-shift-leader", leader(attendance=late))[0] == "82.70"


def test_the_best_and_the_worst_shift_leader() -> None:
    best = leader() | {code: {"members": FULL} for code in TEAM}
    assert totals_of("hotline-shift-leader", best) == ("100.00", "优秀")
    nobody = [{"total": "0", "sections": {"A": "0", "B": "0", "D": "0", "E": "0"}}]
    worst = leader(exam={"value": "0"}, culture={"participation": "0", "quality": "0"}, floor=counted(99))
    worst |= {code: {"members": nobody} for code in TEAM}
    assert totals_of("hotline-shift-leader", worst) == ("0.00", "不合格")


def test_an_open_members_card_leaves_the_leaders_card_incomplete() -> None:
    open_team = [*MEMBERS, {"total": None}]
    result = result_of("hotline-shift-leader", leader(team_total={"members": open_team}))
    assert result["missing"][0]["reason"] == "members_open"
    assert result["provisional_total"] == "55.70"


def test_a_guide() -> None:
    # 34 + 17.20 + 8.50, exam 85: 3.75, culture (90 + 70) / 40 = 4, guidance 20 - 4 = 16.
    card = TEAM | {"exam": {"value": "85"}, "culture": {"participation": "90", "quality": "70"}, "guidance": counted(2)}
    assert totals_of("hotline-guide", card) == ("83.45", "良好")


def test_an_agent() -> None:
    # 30 - 3 = 27; 95 %: 15; 85 %: 12; late once: 19; exam 84: 7.
    late = {"adjustments": [{"on": "2026-10-15", "cause": "late"}]}
    card = {
        "service-quality": recorded(-3), "handling": {"value": "95"}, "efficiency": {"value": "85"}, "attendance": late,
        "exam": {"value": "84"},
    }  # fmt: skip
    result = result_of("hotline-agent", card)
    assert [section["points"] for section in result["sections"]] == ["27.00", "15.00", "12.00", "19.00", "7.00"]
    assert (result["total"], result["grade"]) == ("80.00", "良好")


@pytest.mark.parametrize("code", ["hotline-shift-leader", "hotline-guide"])
@pytest.mark.parametrize("month", ["2026-10", "2026-11", "2026-12"])
def test_the_quarterly_exam_holds_for_its_three_months(code: str, month: str) -> None:
    exam = {"exam": {"value": "82", "period": "2026-Q4"}}
    result = result_of(code, exam, period=month)
    assert result["provisional_total"] == "3.00"  # 5 × (82 - 70) ÷ 20
    basis = next(item["basis"] for item in result["items"] if item["code"] == "exam")
    assert basis[0]["text"] == "取 2026-Q4 的值"
