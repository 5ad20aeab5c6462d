"""`adjustments`: written additions and deductions, each side capped on its own."""

from typing import Any

import pytest

from tests.support.schemes import outcome_of, points_of, sentences
from workflow.scoring.errors import InputError
from workflow.scoring.missing import Missing
from workflow.scoring.rules import read_rule
from workflow.wording import Language

FREE = {"kind": "adjustments", "start": 40, "min": 0, "bonus_max": 15, "step": 1}
EACH = {
    "kind": "adjustments", "start": 10, "min": 0, "max": 10, "each": -2, "causes": [{"code": "late", "title": "迟到", "points": -3}],
}  # fmt: skip


def entries(*amounts: object, key: str = "points") -> dict[str, Any]:
    return {"adjustments": [{"on": "2026-10-15", "reason": "记录", key: amount} for amount in amounts]}


@pytest.mark.parametrize(
    ("amounts", "points"),
    [
        ([], "40.00"),
        (["2", "-1"], "41.00"),
        (["10", "10"], "55.00"),
        (["20", "-10"], "45.00"),
        (["-50"], "0.00"),
        (["-50", "20"], "5.00"),
        ([1, 2], "43.00"),
        (["0"], "40.00"),
    ],
)
def test_additions_are_capped_before_deductions_count(amounts: list[object], points: str) -> None:
    assert points_of(FREE, entries(*amounts)) == points


def test_deductions_may_be_capped_too() -> None:
    assert points_of(FREE | {"deduction_max": 5}, entries("-9", "3")) == "38.00"


@pytest.mark.parametrize(("counts", "points"), [([1], "8.00"), ([2, "3"], "0.00"), ([], "10.00"), ([9], "0.00")])
def test_every_occurrence_counts_the_same(counts: list[object], points: str) -> None:
    assert points_of(EACH, entries(*counts, key="count")) == points


def test_a_count_of_one_is_meant_where_none_is_given() -> None:
    assert points_of(EACH, {"adjustments": [{"on": "2026-10-15", "reason": "漏报"}]}) == "8.00"


def test_a_cause_stands_for_a_reason_and_brings_its_points() -> None:
    assert points_of(EACH, {"adjustments": [{"on": "2026-10-15", "cause": "late", "count": 2}]}) == "4.00"
    assert (
        points_of(EACH | {"max": 99}, {"adjustments": [{"on": "2026-10-15", "cause": "late", "reason": "堵车"}]})
        == "7.00"
    )


def test_a_cause_without_points_leaves_each_in_force() -> None:
    rule = EACH | {"causes": [{"code": "other", "title": "其他"}]}
    assert points_of(rule, {"adjustments": [{"on": "2026-10-15", "cause": "other"}]}) == "8.00"


def test_free_points_may_name_a_cause() -> None:
    rule = FREE | {"causes": [{"code": "praise", "title": "表扬", "points": 2}]}
    assert points_of(rule, {"adjustments": [{"on": "2026-10-15", "cause": "praise", "points": "3"}]}) == "43.00"
    assert points_of(rule, {"adjustments": [{"on": "2026-10-15", "cause": "praise", "count": 3}]}) == "46.00"


def test_evidence_is_one_reference_or_several() -> None:
    entry = {"on": "2026-10-15", "reason": "记录", "points": "1"}
    assert points_of(FREE, {"adjustments": [entry | {"evidence": "abc"}, entry | {"evidence": ["a", "b"]}]}) == "42.00"


@pytest.mark.parametrize(
    ("rule", "entry", "path"),
    [
        (FREE, {"reason": "x", "points": "1"}, "on"),
        (FREE, {"on": "2026-10", "reason": "x", "points": "1"}, "on"),
        (FREE, {"on": "2026-10-32", "reason": "x", "points": "1"}, "on"),
        (FREE, {"on": 20261015, "reason": "x", "points": "1"}, "on"),
        (FREE, {"on": "2026-10-15", "points": "1"}, "reason"),
        (FREE, {"on": "2026-10-15", "reason": "", "points": "1"}, "reason"),
        (FREE, {"on": "2026-10-15", "reason": " ", "points": "1"}, "reason"),
        (FREE, {"on": "2026-10-15", "reason": "x"}, "points"),
        (FREE, {"on": "2026-10-15", "reason": "x", "points": "1.5"}, "points"),
        (FREE, {"on": "2026-10-15", "reason": "x", "points": "viele"}, "points"),
        (FREE, {"on": "2026-10-15", "reason": "x", "points": "1", "count": 1}, "count"),
        (FREE, {"on": "2026-10-15", "reason": "x", "points": "1", "by": "me"}, "by"),
        (FREE, {"on": "2026-10-15", "reason": "x", "points": "1", "evidence": 5}, "evidence"),
        (EACH, {"on": "2026-10-15", "reason": "x", "points": "1"}, "points"),
        (EACH, {"on": "2026-10-15", "reason": "x", "count": 0}, "count"),
        (EACH, {"on": "2026-10-15", "reason": "x", "count": "1.5"}, "count"),
        (EACH, {"on": "2026-10-15", "cause": "early"}, "cause"),
    ],
)
@pytest.mark.parametrize("basis", [True, False])
def test_a_wrong_entry_is_refused_at_its_place(
    rule: dict[str, Any], entry: dict[str, Any], path: str, basis: bool
) -> None:
    good = {"on": "2026-10-15", "reason": "x"} | ({"points": "1"} if rule is FREE else {})
    ask = outcome_of if basis else points_of
    with pytest.raises(InputError) as refusal:
        ask(rule, {"adjustments": [good, entry]})
    assert refusal.value.path == f"adjustments[1].{path}"


@pytest.mark.parametrize(
    ("data", "path"), [({"adjustments": {}}, "adjustments"), ({"adjustments": [5]}, "adjustments[0]"), ({"x": 1}, "x")]
)
def test_the_entries_are_a_list_of_mappings(data: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refusal:
        outcome_of(FREE, data)
    assert refusal.value.path == path


@pytest.mark.parametrize("empty", [None, {}, {"adjustments": None}])
def test_nothing_put_in_is_not_the_same_as_nothing_happened(empty: object) -> None:
    assert outcome_of(FREE, empty)[:2] == (None, Missing.NO_INPUT)
    assert points_of(FREE, {"adjustments": []}) == "40.00"


def test_the_basis_shows_base_additions_and_deductions_apart() -> None:
    outcome = outcome_of(FREE, entries("20", "-3"))
    assert sentences(outcome) == [
        "2026-10-15 +20 分:记录",
        "2026-10-15 -3 分:记录",
        "起始 40 分",
        "加分共 20,至多计 15",
        "扣分共 3",
        "40 + 15 - 3 = 52",
        "下限 0",
        "得 52.00 分",
    ]


def test_the_basis_shows_how_often_and_why() -> None:
    outcome = outcome_of(EACH, {"adjustments": [{"on": "2026-10-15", "cause": "late", "reason": "堵车", "count": 2}]})
    assert sentences(outcome)[0] == "2026-10-15 2 次 × -3 = -6 分:迟到: 堵车"
    assert sentences(outcome_of(EACH, {"adjustments": []}), Language.EN)[0] == "nothing was recorded in this period"


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        (FREE, 55),
        (FREE | {"max": 50}, 50),
        ({"kind": "adjustments", "step": 1}, None),
        ({"kind": "adjustments", "start": 5, "each": -1}, 5),
        ({"kind": "adjustments", "start": 5, "each": 1}, None),
        (EACH | {"max": None, "causes": [{"code": "a", "title": "甲", "points": 3}]}, None),
    ],
)
def test_full_marks_are_known_where_something_bounds_them(rule: dict[str, Any], most: int | None) -> None:
    assert read_rule(rule).most == most


def test_the_rule_is_said_in_words() -> None:
    assert read_rule(FREE).describe(Language.ZH) == "起始 40 分;加减分以 1 分为单位;加分至多 15 分,不低于 0 分"
    assert (
        read_rule(EACH).describe(Language.EN) == "starts at 10; -2 for each occurrence; 迟到 -3, at most 10, at least 0"
    )
