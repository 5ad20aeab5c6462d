"""The other rules, each by its edges."""

from typing import Any

import pytest

from tests.support.schemes import outcome_of, points_of, sentences
from workflow.scoring.errors import InputError
from workflow.scoring.missing import Missing
from workflow.scoring.rules import RULES, read_rule
from workflow.wording import Language

RATING = {"kind": "rating", "levels": {"优秀": 5, "良好": 3, "差": 0}, "reason_for": ["差"]}
POINTS = {"kind": "points", "min": 0, "max": 10, "step": "0.5"}
LINEAR = {"kind": "linear", "through": [[70, 0], [80, 4], [90, 5]]}
BANDS = {"kind": "bands", "better": "higher", "bands": [[100, 100], [90, 85]], "otherwise": 10}
PLAIN = {"kind": "attainment", "full": 20, "min": 0, "max": 25}
PARTS = {"kind": "attainment", "full": 20, "max": 25, "parts": ["interest", "fee"]}
TEAM = {"kind": "team", "of": "total", "out_of": 100, "full": 40}
SECTIONS = {"kind": "team", "of": ["A", "B"], "out_of": 50, "full": 20}
RATERS = {
    "kind": "raters",
    "groups": {"superior": "0.6", "peer": "0.4"},
    "at_least": {"peer": 2},
    "scale": [0, 100],
    "full": 10,
}
LEVELS = {"kind": "raters", "groups": {"peer": 1}, "levels": {"优": 5, "良": 3}, "full": 10}


@pytest.mark.parametrize(
    ("data", "points"), [({"level": "优秀"}, "5.00"), ({"level": "差", "reason": "未完成"}, "0.00")]
)
def test_a_level_has_its_points(data: dict[str, Any], points: str) -> None:
    assert points_of(RATING, data) == points


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"level": "差"}, "reason"),
        ({"level": "差", "reason": ""}, "reason"),
        ({"level": "中"}, "level"),
        ({"level": ""}, "level"),
        ({"level": 5}, "level"),
        ({"level": ["优秀"]}, "level"),
        ({"reason": "x"}, "level"),
        ({"value": "5"}, "value"),
    ],
)
def test_a_wrong_rating_is_refused(data: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refusal:
        points_of(RATING, data)
    assert refusal.value.path == path


@pytest.mark.parametrize(
    ("data", "points"), [({"points": "10"}, "10.00"), ({"points": "7.5", "reason": "按记录"}, "7.50")]
)
def test_points_are_taken_as_given(data: dict[str, Any], points: str) -> None:
    assert points_of(POINTS, data) == points


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"points": "10.5"}, "points"),
        ({"points": "-0.5", "reason": "x"}, "points"),
        ({"points": "7.2", "reason": "x"}, "points"),
        ({"points": "9.5"}, "reason"),
        ({"reason": "x"}, "points"),
    ],
)
def test_points_off_the_range_or_step_or_without_reason_are_refused(data: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refusal:
        points_of(POINTS, data)
    assert refusal.value.path == path


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("-5", "0.00"),
        ("70", "0.00"),
        ("77.11", "2.84"),
        ("80", "4.00"),
        ("85", "4.50"),
        ("90", "5.00"),
        ("120", "5.00"),
    ],
)
def test_straight_lines_run_between_the_points(value: str, points: str) -> None:
    assert points_of(LINEAR, {"value": value}) == points


@pytest.mark.parametrize(
    ("value", "points"), [("100", "100.00"), ("99.99", "85.00"), ("90", "85.00"), ("89.99", "10.00")]
)
def test_the_first_band_reached_counts(value: str, points: str) -> None:
    assert points_of(BANDS, {"value": value}) == points


@pytest.mark.parametrize(("value", "points"), [("30", "100.00"), ("30.01", "70.00"), ("60", "70.00"), ("61", "0.00")])
def test_bands_where_lower_is_better(value: str, points: str) -> None:
    assert points_of({"kind": "bands", "better": "lower", "bands": [[30, 100], [60, 70]]}, {"value": value}) == points


@pytest.mark.parametrize(
    ("actual", "target", "points"),
    [
        ("50", "100", "10.00"),
        ("1", "3", "6.67"),
        ("200", "100", "25.00"),
        ("-5", "100", "0.00"),
        ("100", "0", None),
        ("1", "-1", None),
    ],
)
def test_attainment_is_the_ratio_of_actual_to_target(actual: str, target: str, points: str | None) -> None:
    assert points_of(PLAIN, {"actual": actual, "target": target}) == points


def test_a_target_not_above_zero_leaves_the_item_incomplete() -> None:
    assert outcome_of(PLAIN, {"actual": "1", "target": "0"}).missing is Missing.ZERO_TARGET


def part(base: Any = (), growth: Any = (), actual: Any = ()) -> dict[str, Any]:
    return {"base": list(base), "growth": list(growth), "actual": list(actual)}


def test_parts_add_up_to_one_target_and_one_actual() -> None:
    data = {"parts": {"interest": part(["100", "20"], ["10"], ["60"]), "fee": part(["70"], [], ["40"])}}
    assert points_of(PARTS, data) == "10.00"


def test_foreign_money_counts_at_its_rate() -> None:
    money = {"amount": "2", "currency": "USD", "rate": "7.1"}
    data = {"parts": {"interest": part(["100"], [], ["85.8", money]), "fee": part([], [], [])}}
    assert points_of(PARTS, data) == "20.00"


@pytest.mark.parametrize(
    "data",
    [
        {"parts": {"interest": part(["1"], [], ["1"])}},
        {"parts": {"interest": part(["1"], [], ["1"]), "fee": None}},
        {"parts": {"interest": part(["1"], [], ["1"]), "fee": {"base": ["1"], "actual": ["1"]}}},
        {"parts": None},
    ],
)
def test_a_part_that_is_missing_is_never_zero(data: dict[str, Any]) -> None:
    assert outcome_of(PARTS, data).missing is Missing.NO_INPUT


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"parts": {"loans": part()}}, "parts.loans"),
        ({"parts": {"fee": part(["x"])}}, "parts.fee.base[0]"),
        ({"parts": {"fee": part("5")}}, None),
        ({"parts": {"fee": {"base": "5"}}}, "parts.fee.base"),
        ({"parts": {"fee": part([{"amount": "1", "rate": "7"}])}}, "parts.fee.base[0].currency"),
        ({"parts": {"fee": part([{"amount": "1", "currency": "USD", "rate": "0"}])}}, "parts.fee.base[0].rate"),
        ({"parts": {"fee": part([{"amount": "1", "currency": "USD"}])}}, "parts.fee.base[0].rate"),
        ({"parts": 5}, "parts"),
        ({"actual": "1"}, "actual"),
    ],
)
def test_a_wrong_part_is_refused(data: dict[str, Any], path: str | None) -> None:
    if path is None:
        assert outcome_of(PARTS, data).missing is Missing.NO_INPUT
        return
    with pytest.raises(InputError) as refusal:
        outcome_of(PARTS, data)
    assert refusal.value.path == path


def test_attainment_without_its_target_is_refused() -> None:
    with pytest.raises(InputError, match="target: is required"):
        outcome_of(PLAIN, {"actual": "5"})


def test_a_team_has_the_mean_of_its_members() -> None:
    assert points_of(TEAM, {"members": [{"total": "90"}, {"total": "85"}, {"total": "71.5"}]}) == "32.87"


def test_a_team_may_count_sections_alone() -> None:
    members = [{"total": "1", "sections": {"A": "20", "B": "10", "C": "99"}}, {"sections": {"A": "15", "B": "15"}}]
    assert points_of(SECTIONS, {"members": members}) == "12.00"


def test_members_may_be_supplied_by_the_caller() -> None:
    assert points_of(TEAM, None, members=[{"total": "90"}]) == "36.00"
    assert points_of(TEAM, {}, members=[]) is None


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        (TEAM, []),
        (TEAM, [{"total": "90"}, {"total": None}]),
        (TEAM, [{"total": "90"}, {}]),
        (SECTIONS, [{"total": "90"}]),
        (SECTIONS, [{"sections": {"A": "1"}}]),
        (SECTIONS, [{"sections": {"A": "1", "B": None}}]),
    ],
)
def test_a_team_waits_for_its_members(rule: dict[str, Any], members: list[Any]) -> None:
    assert outcome_of(rule, {"members": members}).missing is Missing.MEMBERS_OPEN


@pytest.mark.parametrize(
    ("rule", "members", "path"),
    [
        (TEAM, {}, "members"),
        (TEAM, [5], "members[0]"),
        (TEAM, [{"total": "x"}], "members[0].total"),
        (TEAM, [{"points": "1"}], "members[0].points"),
        (SECTIONS, [{"sections": []}], "members[0].sections"),
        (SECTIONS, [{"sections": {"A": "x", "B": "1"}}], "members[0].sections.A"),
    ],
)
def test_a_wrong_member_is_refused(rule: dict[str, Any], members: Any, path: str) -> None:
    with pytest.raises(InputError) as refusal:
        outcome_of(rule, {"members": members})
    assert refusal.value.path == path


def test_the_basis_of_a_team_tells_no_members_result() -> None:
    outcome = outcome_of(TEAM, {"members": [{"total": "81"}, {"total": "82"}]})
    assert sentences(outcome) == ["2 名成员总分之和 163,均值 81.5", "163 ÷ 2 ÷ 100 × 40 = 32.6", "得 32.60 分"]


def rating(group: str, value: object, key: str = "value") -> dict[str, Any]:
    return {"group": group, "by": "E007", key: value}


def test_raters_groups_weigh_as_the_scheme_says() -> None:
    ratings = [rating("superior", "80"), rating("peer", "90"), rating("peer", "75")]
    assert points_of(RATERS, {"ratings": ratings}) == "8.10"
    assert points_of(RATERS, None, ratings=ratings) == "8.10"


def test_raters_may_give_levels() -> None:
    assert points_of(LEVELS, {"ratings": [rating("peer", "优", "level"), rating("peer", "良", "level")]}) == "8.00"


@pytest.mark.parametrize(
    "ratings", [[], [rating("superior", "80"), rating("peer", "90")], [rating("peer", "1"), rating("peer", "1")]]
)
def test_too_few_ratings_leave_the_item_incomplete(ratings: list[Any]) -> None:
    assert outcome_of(RATERS, {"ratings": ratings}).missing is Missing.TOO_FEW_RATINGS


@pytest.mark.parametrize(
    ("rule", "one", "path"),
    [
        (RATERS, rating("customer", "80"), "group"),
        (RATERS, rating("peer", "101"), "value"),
        (RATERS, rating("peer", "-1"), "value"),
        (RATERS, rating("peer", "优", "level"), "value"),
        (LEVELS, rating("peer", "中", "level"), "level"),
        (LEVELS, rating("peer", "5"), "level"),
        (LEVELS, {"by": "E007", "level": "优"}, "group"),
        (LEVELS, {"grade": "优"}, "grade"),
    ],
)
def test_a_wrong_rating_by_a_rater_is_refused(rule: dict[str, Any], one: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refusal:
        outcome_of(rule, {"ratings": [one]})
    assert refusal.value.path == f"ratings[0].{path}"


def test_the_basis_of_raters_names_no_rater() -> None:
    outcome = outcome_of(RATERS, {"ratings": [rating("superior", "80"), rating("peer", "90"), rating("peer", "75")]})
    assert sentences(outcome) == [
        "上级:1 人,均值 80", "同级:2 人,均值 82.5", "(0.6 × 80 ÷ 1 + 0.4 × 165 ÷ 2) ÷ 100 × 10 = 8.1", "得 8.10 分",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("take", "out_of", "points"), [("average", 100, "42.00"), ("sum", 300, "42.00"), ("last", 100, "45.00")]
)
def test_totals_of_shorter_periods_are_rolled_up(take: str, out_of: int, points: str) -> None:
    rule = {"kind": "periods", "of": "day", "take": take, "out_of": out_of, "full": 50}
    assert points_of(rule, {"totals": ["80", "82", "90"]}) == points
    assert points_of(rule, None, totals=["80", "82", "90"]) == points
    assert outcome_of(rule, {"totals": []}).missing is Missing.NO_INPUT
    assert outcome_of(rule, None, totals=[]).missing is Missing.NO_INPUT
    assert "80 + 82 + 90" in sentences(outcome_of(rule, {"totals": ["80", "82", "90"]}))[0]


def test_a_wrong_total_is_refused() -> None:
    with pytest.raises(InputError) as refusal:
        outcome_of({"kind": "periods", "of": "day", "take": "sum", "out_of": 1, "full": 1}, {"totals": ["1", "x"]})
    assert refusal.value.path == "totals[1]"


EXAMPLES: list[dict[str, Any]] = [
    RATING, POINTS, LINEAR, BANDS, PLAIN, PARTS, TEAM, SECTIONS, RATERS, LEVELS,
    {"kind": "periods", "of": "day", "take": "sum", "out_of": 1, "full": 1},
    {"kind": "formula", "inputs": ["a"], "expression": "a * 2", "max": 5},
    {"kind": "adjustments", "step": 1},
    {
        "kind": "baseline", "baseline": "fixed", "value": 3, "better": "higher", "at_baseline": 15, "step": 1, "measure": "relative",
        "up": 1, "down": 1, "partial": "proportional",
    },
]  # fmt: skip


def test_there_is_an_example_of_every_kind() -> None:
    assert {example["kind"] for example in EXAMPLES} == RULES.keys()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_every_rule_is_said_in_both_languages_and_survives_being_stored(example: dict[str, Any]) -> None:
    rule = read_rule(example)
    assert read_rule(rule.to_data()) == rule
    chinese, english = rule.describe(Language.ZH), rule.describe(Language.EN)
    assert chinese
    assert english
    assert "{" not in chinese + english


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
@pytest.mark.parametrize("empty", [None, {}])
def test_nothing_put_in_is_never_zero(example: dict[str, Any], empty: object) -> None:
    assert outcome_of(example, empty)[:2] == (None, Missing.NO_INPUT)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
@pytest.mark.parametrize("wrong", ["", "5", 0, False, [], {"colour": "red"}])
def test_an_input_of_another_shape_is_refused(example: dict[str, Any], wrong: object) -> None:
    with pytest.raises(InputError):
        outcome_of(example, wrong)
