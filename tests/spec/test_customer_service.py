"""客户服务部、客户服务人员、客户服务质量: cards worked out by hand."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, counted, result_of, scheme_of, totals_of
from workflow.scoring.ranking_input import rank_periods


def rated(superior: str, *peers: str) -> dict[str, Any]:
    ratings = [{"group": "superior", "by": "E1", "level": superior}]
    return {
        "ratings": ratings
        + [{"group": "peer", "by": f"E{place}", "level": peer} for place, peer in enumerate(peers, 2)]
    }


RATED = [
    "tasks", "needs", "quality", "reception", "emergencies", "courtesy", "friendliness", "complaints", "responsibility", "products",
    "communication", "solutions",
]  # fmt: skip


def department(rating: dict[str, Any], reports: int, response: str, *daily: str) -> dict[str, Any]:
    measured = {"reports": counted(*([reports] if reports else [])), "response": {"value": response}}
    return dict.fromkeys(RATED, rating) | measured | {"daily": {"totals": list(daily)}}


@pytest.mark.parametrize(
    "code", ["customer-service-department", "customer-service-day", "customer-service-staff", "service-quality"]
)
def test_full_marks_add_up_to_100(code: str) -> None:
    assert (scheme_of(code).full_marks, scheme_of(code).warnings) == (100, NO_PROBLEM)


@pytest.mark.parametrize(
    ("card", "total", "grade"),
    [
        (department(rated("优秀", "优秀", "优秀"), 0, "5", "100"), "100.00", "优秀"),
        # Rated 0.6 × 4 + 0.4 × 4 = 4 of 5: 8 + 11 × 4 = 52; reports 10 - 2 = 8; response 8; daily mean 90: 13.5.
        (department(rated("良好", "优秀", "一般"), 1, "8", "88", "92"), "81.50", "良好"),
        # Rated 1 of 5: 2 + 11.
        (department(rated("差", "差", "差"), 9, "60", "0"), "13.00", "不合格"),
    ],
)
def test_a_month_in_the_department(card: dict[str, Any], total: str, grade: str) -> None:
    assert totals_of("customer-service-department", card) == (total, grade)


def test_too_few_peers_or_no_daily_card_leave_the_month_incomplete() -> None:
    card = department(rated("优秀", "优秀", "优秀"), 0, "5") | {"tasks": rated("优秀", "优秀")}
    result = result_of("customer-service-department", card)
    assert {one["item"]: one["reason"] for one in result["missing"]} == {
        "tasks": "too_few_ratings",
        "daily": "no_input",
    }
    assert result["provisional_total"] == "75.00"


def test_a_day_is_appraised_by_the_superior() -> None:
    values = {"content": "25", "efficiency": "20", "attitude": "25", "ability": "18"}
    inputs = {code: {"ratings": [{"group": "superior", "by": "E1", "value": value}]} for code, value in values.items()}
    assert result_of("customer-service-day", inputs, period="2026-10-05")["total"] == "88"


SURVEY = ("attitude", "ability", "efficiency", "communication")
STANDARDS = ("accuracy", "timeliness", "expression")
INITIATIVE = ("work-attitude", "motivation", "self-motivation")


def staff(survey: str, standards: str, resolution: str, level: str) -> dict[str, Any]:
    return (
        {code: {"value": survey} for code in SURVEY}
        | {code: {"value": standards} for code in STANDARDS}
        | {"resolution": {"value": resolution}}
        | {code: rated(level) for code in INITIATIVE}
    )


@pytest.mark.parametrize(
    ("card", "total"),
    [
        (staff("95", "98", "95", "优秀"), "100.00"),
        # 4 × 8 + (7.5 + 7.5 + 3.75) + 16 + 3 × 4.
        (staff("88", "93.5", "90", "良好"), "78.75"),
        (staff("0", "0", "0", "差"), "3.00"),
    ],
)
def test_a_month_of_a_member_of_staff(card: dict[str, Any], total: str) -> None:
    assert totals_of("customer-service-staff", card)[0] == total


def test_results_feed_commendation_promotion_and_warning() -> None:
    totals = {f"E{place}": str(100 - place) for place in range(1, 9)}
    data = {"periods": [{"period": f"2026-0{month}", "group": "客服", "totals": totals} for month in (1, 2, 3, 4)]}
    months = rank_periods(scheme_of("customer-service-staff"), data)["periods"]
    codes = [{one["code"] for one in month["consequences"]} for month in months]
    assert codes == [{"commend"}, {"commend", "warning"}, {"commend", "warning", "promotion"}, {"commend", "warning"}]


def test_weighted_indicators_of_service_quality() -> None:
    # 0.30 × 80 + 0.20 × 90 + 0.20 × 85 + 0.15 × 60 + 0.15 × 50 = 24 + 18 + 17 + 9 + 7.5.
    values = {
        "satisfaction": "88",
        "complaint-handling": "97",
        "complaint-rate": "0.8",
        "retention": "85",
        "repeat-purchase": "40",
    }
    inputs = {code: {"value": value} for code, value in values.items()}
    assert totals_of("service-quality", inputs) == ("75.50", "良好")


@pytest.mark.parametrize(("value", "points"), [("0.5", "20.00"), ("1", "17.00"), ("3", "6.00"), ("3.1", "0.00")])
def test_a_lower_complaint_rate_is_better(value: str, points: str) -> None:
    assert result_of("service-quality", {"complaint-rate": {"value": value}})["provisional_total"] == points


@pytest.mark.parametrize(
    ("code", "period", "totals", "total", "grade"),
    [
        # (88.5 + 91 + 84.75) ÷ 3 = 88.0833…
        ("customer-service-quarter", "2026-Q4", ["88.5", "91", "84.75"], "88.08", "良好"),
        ("customer-service-half-year", "2026-H2", ["88.08", "92"], "90.04", "优秀"),
        ("customer-service-year", "2026", ["90", "70", "88.08", "92"], "85.02", "良好"),
        ("customer-service-year", "2026", ["100", "100", "100", "100"], "100.00", "优秀"),
        ("customer-service-quarter", "2026-Q4", ["0"], "0.00", "不合格"),
    ],
)
def test_quarter_half_year_and_year_follow_from_the_shorter_periods(
    code: str, period: str, totals: list[str], total: str, grade: str
) -> None:
    result = result_of(code, {"results": {"totals": totals}}, period=period)
    assert (result["total"], result["grade"]) == (total, grade)


@pytest.mark.parametrize("code", ["customer-service-quarter", "customer-service-half-year", "customer-service-year"])
def test_without_a_card_of_a_shorter_period_the_longer_one_is_incomplete(code: str) -> None:
    assert scheme_of(code).warnings == NO_PROBLEM
    periods = {"quarter": "2026-Q4", "half-year": "2026-H2", "year": "2026"}
    result = result_of(code, {}, period=periods[code.removeprefix("customer-service-")])
    assert [one["reason"] for one in result["missing"]] == ["no_input"]
