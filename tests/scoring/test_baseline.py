"""`baseline`: every edge of the arithmetic around a baseline."""

from typing import Any

import pytest

from tests.support.schemes import OCTOBER, outcome_of, points_of, scorer_for, sentences
from workflow.scoring.errors import HistoryError, InputError
from workflow.scoring.missing import Missing
from workflow.scoring.periods import Period
from workflow.scoring.rules import read_rule
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.rules.baseline import history_window
from workflow.wording import Language

LOWEST = {
    "kind": "baseline", "baseline": "history-min", "better": "lower", "at_baseline": 15, "step": 1, "measure": "points",
    "up": 1, "down": 1, "min": 0, "max": 20,
}  # fmt: skip
HISTORY = {"2026-07": "3.4", "2026-08": "2.9", "2026-09": "3.1"}


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("2.9", "15.00"),
        ("2.4", "15.00"),
        ("3.89", "15.00"),
        ("1.9", "16.00"),
        ("1.90000001", "15.00"),
        ("3.9", "14.00"),
        ("4.0", "14.00"),
        ("17.9", "0.00"),
        ("20", "0.00"),
        ("-2.1", "20.00"),
        ("-50", "20.00"),
    ],
)
def test_every_whole_step_moves_the_points_up_to_the_limits(value: str, points: str) -> None:
    assert points_of(LOWEST, {"value": value}, history=HISTORY) == points


@pytest.mark.parametrize(
    ("value", "points"), [("2.4", "20.00"), ("2.88", "15.00"), ("2.871", "16.00"), ("2.929", "14.00")]
)
def test_a_relative_deviation_counts_in_percent_of_the_baseline(value: str, points: str) -> None:
    assert points_of(LOWEST | {"measure": "relative"}, {"value": value}, history=HISTORY) == points


def test_a_relative_deviation_uses_the_absolute_baseline() -> None:
    rule = LOWEST | {"measure": "relative"}
    assert points_of(rule, {"value": "-2.1"}, history={"2026-09": "-2"}) == "20.00"
    assert points_of(rule, {"value": "-1.9"}, history={"2026-09": "-2"}) == "10.00"


def test_a_zero_baseline_leaves_a_relative_item_incomplete() -> None:
    outcome = outcome_of(LOWEST | {"measure": "relative"}, {"value": "1"}, history={"2026-09": "0"})
    assert (outcome.points, outcome.missing) == (None, Missing.ZERO_BASELINE)
    assert points_of(LOWEST, {"value": "1"}, history={"2026-09": "0"}) == "14.00"


@pytest.mark.parametrize(
    ("value", "points"), [("2.4", "15.50"), ("2.9", "15.00"), ("3.15", "14.75"), ("2.895", "15.01")]
)
def test_a_part_of_a_step_counts_where_the_rule_is_proportional(value: str, points: str) -> None:
    assert points_of(LOWEST | {"partial": "proportional"}, {"value": value}, history=HISTORY) == points


def test_a_proportional_relative_deviation_is_rounded_once() -> None:
    rule = LOWEST | {"partial": "proportional", "measure": "relative", "max": 100}
    assert points_of(rule, {"value": "2"}, history={"2026-09": "3"}) == "48.33"


def test_steps_up_and_down_may_differ() -> None:
    rule = LOWEST | {"step": "0.5", "up": "0.5", "down": 2}
    assert points_of(rule, {"value": "1.8"}, history=HISTORY) == "16.00"
    assert points_of(rule, {"value": "4.1"}, history=HISTORY) == "11.00"


def test_without_limits_nothing_stops_the_points() -> None:
    rule = {key: value for key, value in LOWEST.items() if key not in {"min", "max"}}
    assert points_of(rule, {"value": "-97.1"}, history=HISTORY) == "115.00"
    assert points_of(rule, {"value": "102.9"}, history=HISTORY) == "-85.00"


@pytest.mark.parametrize(
    ("source", "better", "history", "value", "points"),
    [
        ("history-max", "higher", {"2026-07": "90", "2026-09": "80"}, "91", "16.00"),
        ("history-max", "higher", {"2026-07": "90", "2026-09": "80"}, "89", "14.00"),
        ("previous", "higher", {"2026-07": "90", "2026-09": "80"}, "82.5", "17.00"),
        ("previous", "higher", {"2026-07": "90"}, "82.5", None),
        ("history-min", "lower", {}, "1", None),
        ("history-min", "lower", {"2026-10": "1", "2026-11": "1", "2027-01": "0"}, "1", None),
        ("history-min", "lower", {"2026-09": None}, "1", None),
    ],
)
def test_the_baseline_comes_from_earlier_periods_alone(
    source: str, better: str, history: dict[str, Any], value: str, points: str | None
) -> None:
    assert points_of(LOWEST | {"baseline": source, "better": better}, {"value": value}, history=history) == points


def test_without_history_the_item_waits_for_a_baseline() -> None:
    outcome = outcome_of(LOWEST, {"value": "1"})
    assert outcome.missing is Missing.NO_BASELINE
    assert sentences(outcome)[-1].startswith("暂不计分:没有可用的历史基数")


def test_a_window_counts_the_periods_directly_before() -> None:
    history = {"2026-06": "1", "2026-07": "2", "2026-09": "3"}
    assert points_of(LOWEST | {"window": 3}, {"value": "2"}, history=history) == "15.00"
    assert points_of(LOWEST | {"window": 2}, {"value": "2"}, history=history) == "16.00"
    assert points_of(LOWEST | {"window": 4}, {"value": "2"}, history=history) == "14.00"


def test_since_leaves_older_periods_out() -> None:
    history = {"2026-06": "1", "2026-07": "2", "2026-09": "3"}
    assert points_of(LOWEST | {"since": "2026-07"}, {"value": "2"}, history=history) == "15.00"
    assert points_of(LOWEST | {"since": "2026-08"}, {"value": "2"}, history=history) == "16.00"
    assert points_of(LOWEST | {"since": "2026-06", "window": 1}, {"value": "2"}, history=history) == "16.00"


@pytest.mark.parametrize("narrowing", [{"window": 3}, {"since": "2026-06"}, {"scope": "unit"}])
def test_nothing_narrows_or_widens_the_previous_period(narrowing: dict[str, Any]) -> None:
    rule = LOWEST | {"baseline": "previous"} | narrowing
    assert points_of(rule, {"value": "2"}, history={"2026-07": "1", "2026-09": "3"}) == "16.00"


@pytest.mark.parametrize("scope", ["unit", "company"])
def test_a_wider_scope_takes_every_subjects_values(scope: str) -> None:
    history = {"2026-08": ["4", "2.5"], "2026-09": ["3", None], "2026-07": None}
    assert points_of(LOWEST | {"scope": scope}, {"value": "1.5"}, history=history) == "16.00"


def test_a_fixed_baseline_needs_no_history() -> None:
    rule = LOWEST | {"baseline": "fixed", "value": "3"}
    assert points_of(rule, {"value": "2"}) == "16.00"
    assert points_of(rule, {"value": "2", "baseline": "2", "reason": "调整"}) == "15.00"


def test_a_baseline_by_hand_needs_a_reason_and_goes_before_history() -> None:
    assert points_of(LOWEST, {"value": "3", "baseline": "4", "reason": "首月"}, history=HISTORY) == "16.00"
    assert points_of(LOWEST, {"value": "3", "baseline": "4", "reason": "首月"}) == "16.00"
    with pytest.raises(InputError, match="reason: needs a reason"):
        outcome_of(LOWEST, {"value": "3", "baseline": "4"})
    with pytest.raises(InputError, match="reason: must not be empty"):
        outcome_of(LOWEST, {"value": "3", "baseline": "4", "reason": " "})
    with pytest.raises(InputError, match="reason"):
        outcome_of(LOWEST, {"value": "3", "reason": "没有基数"}, history=HISTORY)


@pytest.mark.parametrize(
    ("data", "path"),
    [({"value": "NaN"}, "value"), ({"value": ""}, "value"), ({"value": True}, "value"), ({"level": "优秀"}, "level")],
)
def test_a_wrong_input_is_refused(data: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refusal:
        outcome_of(LOWEST, data, history=HISTORY)
    assert refusal.value.path == path


def test_a_baseline_alone_is_no_input() -> None:
    with pytest.raises(InputError, match="value: is required"):
        outcome_of(LOWEST, {"baseline": "4", "reason": "首月"})


@pytest.mark.parametrize("empty", [None, {}, {"value": None}])
def test_nothing_put_in_is_never_zero(empty: object) -> None:
    assert outcome_of(LOWEST, empty, history=HISTORY)[:2] == (None, Missing.NO_INPUT)


@pytest.mark.parametrize(
    "history", [{"2026-13": "1"}, {"2026-Q3": "1"}, {"2026-09": "x"}, {"2026-09": ["1"]}, {5: "1"}]
)
def test_a_wrong_history_is_refused(history: dict[Any, Any]) -> None:
    with pytest.raises(HistoryError):
        outcome_of(LOWEST, {"value": "1"}, history=history)


@pytest.mark.parametrize(
    ("changes", "first", "last"),
    [
        ({}, None, "2026-09"),
        ({"window": 3}, "2026-07", "2026-09"),
        ({"since": "2026-08"}, "2026-08", "2026-09"),
        ({"baseline": "previous"}, "2026-09", "2026-09"),
    ],
)
def test_the_window_tells_which_measurements_are_needed(changes: dict[str, Any], first: str | None, last: str) -> None:
    window = history_window(read_rule(LOWEST | changes), OCTOBER)
    assert window == (None if first is None else Period.parse(first), Period.parse(last))


def test_no_measurements_are_needed_for_a_fixed_baseline_or_another_rule() -> None:
    assert history_window(read_rule(LOWEST | {"baseline": "fixed", "value": 3}), OCTOBER) is None
    assert history_window(read_rule({"kind": "points", "max": 5}), OCTOBER) is None
    assert history_window(read_rule(LOWEST), Period.parse("0001-01")) is None


def test_a_window_may_reach_before_the_calendar() -> None:
    assert points_of(LOWEST | {"window": 10**9}, {"value": "2.9"}, history=HISTORY) == "15.00"
    assert history_window(read_rule(LOWEST | {"window": 10**9}), OCTOBER) == (None, OCTOBER.previous())


def test_the_basis_leads_from_input_to_points() -> None:
    scorer = scorer_for({"code": "churn", "unit": "%", "rule": LOWEST})
    context = ItemContext(period=OCTOBER, history=HISTORY, source="客户系统 2026-11-01 导入")
    outcome = scorer.score_item("churn", {"value": "1.9"}, context)
    assert sentences(outcome) == [
        "来源:客户系统 2026-11-01 导入",
        "本期 1.9%",
        "历史最低 2.9%(2026-08)",
        "比基数低 1.0 个百分点",
        "每 1 一档,好 1 档,加 1 分",
        "15 + 1 = 16",
        "在 0 至 20 之内",
        "得 16.00 分",
    ]
    assert sentences(outcome, Language.EN)[2:4] == [
        "lowest in history 2.9% (2026-08)",
        "1.0 percentage points below the baseline",
    ]


def test_the_basis_names_the_newest_period_of_the_baseline() -> None:
    outcome = outcome_of(LOWEST, {"value": "2.9"}, history=HISTORY | {"2026-05": "2.90", "2026-06": None})
    assert outcome.basis[1].values["period"] == "2026-08"
    assert outcome.basis[1].values["baseline"] in {"2.9", "2.90"}


def test_the_basis_shows_a_relative_deviation_and_its_cap() -> None:
    outcome = outcome_of(LOWEST | {"measure": "relative"}, {"value": "2.4"}, history=HISTORY)
    assert sentences(outcome)[2:] == [
        "比基数低 ≈17.241379%:0.5 ÷ 2.9 × 100 = ≈17.241379%",
        "每 1% 一档,好 17 档,加 17 分",
        "15 + 17 = 32",
        "超过上限 20,取 20",
        "得 20.00 分",
    ]


def test_the_basis_marks_a_baseline_set_by_hand() -> None:
    outcome = outcome_of(LOWEST, {"value": "4", "baseline": "4", "reason": "首月"})
    assert sentences(outcome) == [
        "本期 4", "人工设定的基数 4,理由:首月", "与基数持平", "不足一档或持平,取基数分 15", "在 0 至 20 之内", "得 15.00 分",
    ]  # fmt: skip


def test_the_rule_is_said_in_words() -> None:
    rule = read_rule(LOWEST)
    assert rule.describe(Language.ZH) == (
        "以历史最低水平为基数,达到基数得 15 分;每低 1 加 1 分,每高 1 扣 1 分(不足一档不计),20 分为上限,不低于 0 分"
    )
    assert "15 at the baseline; +1 for each 1 lower, -1 for each 1 higher" in rule.describe(Language.EN)
