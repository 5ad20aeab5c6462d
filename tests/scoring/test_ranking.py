"""Ranks and grades by quota."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.schemes import scheme_data
from workflow.scoring.errors import InputError
from workflow.scoring.ranking import Competitor, grade_by_quota, rank
from workflow.scoring.ranking_input import rank_periods
from workflow.scoring.scheme import Scheme

TEN = {"rule": {"kind": "points", "max": 10}}


def scheme(**changes: Any) -> Scheme:
    return Scheme.from_data(scheme_data(TEN, **changes))


def ranks_of(totals: dict[str, Any], **changes: Any) -> dict[str, int]:
    data = {"periods": [{"period": "2026-08", "group": "G1", "totals": totals}]}
    ranks: dict[str, int] = rank_periods(scheme(**changes), data)["periods"][0]["ranks"]
    return ranks


def test_equals_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks_of({"E1": "90", "E2": "95", "E3": "90.0", "E4": "80"}) == {"E2": 1, "E1": 2, "E3": 2, "E4": 4}


def test_the_best_comes_first() -> None:
    assert list(ranks_of({"E1": "1", "E2": "3", "E3": "2"})) == ["E2", "E3", "E1"]


def test_who_is_absent_or_has_no_card_is_not_ranked() -> None:
    totals = {"E1": "90", "E2": {"absent": "leave"}, "E3": None, "E4": {"total": None}, "E5": {"total": "80"}}
    assert ranks_of(totals) == {"E1": 1, "E5": 2}


TIED = {
    "E1": {"total": "91", "tie_break": ["40", "30"]},
    "E2": {"total": "91", "tie_break": ["40", "38"]},
    "E3": {"total": "91", "tie_break": ["41"]},
    "E4": {"total": "91"},
    "E5": {"total": "91", "tie_break": [None, "99"]},
    "E6": {"total": "91", "tie_break": ["-5"]},
}


def test_sections_settle_equal_totals_in_turn_where_the_scheme_names_them() -> None:
    items = [{"code": code, "title": "指标", "items": [TEN | {"code": code, "title": "指标"}]} for code in ("a", "b")]
    ranks = ranks_of(TIED, sections=items, ranking={"tie_break": ["a", "b"]})
    assert ranks == {"E3": 1, "E2": 2, "E1": 3, "E6": 4, "E5": 5, "E4": 6}
    assert ranks_of(TIED, sections=items, ranking={"tie_break": ["a"]}) == {
        "E3": 1, "E1": 2, "E2": 2, "E6": 4, "E4": 5, "E5": 5,
    }  # fmt: skip


def test_otherwise_equal_totals_stay_equal() -> None:
    assert set(ranks_of(TIED).values()) == {1}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(0, 5)))
def test_a_rank_is_one_more_than_the_number_of_those_who_are_better(totals: dict[str, int]) -> None:
    ranks = rank([Competitor(subject=subject, total=Decimal(total)) for subject, total in totals.items()])
    assert ranks == {subject: 1 + sum(other > total for other in totals.values()) for subject, total in totals.items()}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], ""),
        ({}, "periods"),
        ({"periods": [5]}, "periods[0]"),
        ({"periods": [{"group": "G1", "totals": {}}]}, "periods[0].period"),
        ({"periods": [{"period": "soon", "totals": {}}]}, "periods[0].period"),
        ({"periods": [{"period": "2026-08"}]}, "periods[0].totals"),
        ({"periods": [{"period": "2026-08", "totals": {"E1": "x"}}]}, "periods[0].totals.E1"),
        ({"periods": [{"period": "2026-08", "totals": {"E1": {"absent": "ill"}}}]}, "periods[0].totals.E1.absent"),
        (
            {"periods": [{"period": "2026-08", "totals": {"E1": {"absent": "leave", "total": "1"}}}]},
            "periods[0].totals.E1.absent",
        ),
        ({"periods": [{"period": "2026-08", "totals": {"E1": {"rank": 1}}}]}, "periods[0].totals.E1.rank"),
        (
            {"periods": [{"period": "2026-08", "totals": {"E1": {"total": "1", "tie_break": ["x"]}}}]},
            "periods[0].totals.E1.tie_break",
        ),
        ({"periods": [{"period": "2026-08", "totals": {}}, {"period": "2026-Q4", "totals": {}}]}, "periods[1].period"),
        (
            {"periods": [{"period": "2026-08", "group": group, "totals": {"E1": "5"}} for group in ("G1", "G2")]},
            "periods[1].totals.E1",
        ),
        ({"periods": [], "plan": "x"}, "plan"),
    ],
)
def test_a_wrong_input_is_refused_at_its_path(data: object, path: str) -> None:
    with pytest.raises(InputError) as refusal:
        rank_periods(scheme(), data)
    assert refusal.value.path == path


def graded(totals: dict[str, int], *grades: tuple[str, int, str | None]) -> dict[str, str | None]:
    data = [{"name": name, "from": at_least} | ({"share": share} if share else {}) for name, at_least, share in grades]
    amounts = {subject: Decimal(total) for subject, total in totals.items()}
    ranks = rank([Competitor(subject=subject, total=total) for subject, total in amounts.items()])
    return grade_by_quota(scheme(grades=data), amounts, ranks)


TOTALS = {"E1": 99, "E2": 95, "E3": 95, "E4": 91, "E5": 85, "E6": 70, "E7": 70, "E8": 61, "E9": 60, "E0": 50}


def test_without_shares_a_grade_is_its_threshold() -> None:
    grades = graded(TOTALS, ("A", 90, None), ("B", 60, None))
    assert [grades[f"E{n}"] for n in (1, 4, 5, 9, 0)] == ["A", "A", "B", "B", None]


def test_a_share_takes_the_best_that_fit_and_the_others_fall() -> None:
    grades = graded(TOTALS, ("A", 90, "0.39"), ("B", 60, None), ("C", 0, None))
    assert [subject for subject, grade in grades.items() if grade == "A"] == ["E1", "E2", "E3"]
    assert grades["E4"] == "B"


def test_equals_at_the_edge_fall_together() -> None:
    grades = graded(TOTALS, ("A", 90, "0.2"), ("B", 60, "0.3"), ("C", 0, None))
    assert [grades[f"E{n}"] for n in (1, 2, 3, 4, 5)] == ["A", "B", "B", "B", "C"]


def test_a_share_is_cut_to_whole_people() -> None:
    assert set(graded({"E1": 95, "E2": 94, "E3": 93}, ("A", 90, "0.3"), ("B", 0, None)).values()) == {"B"}


def test_who_fits_nowhere_has_no_grade() -> None:
    assert graded({"E1": 95, "E2": 94}, ("A", 90, "0.5")) == {"E1": "A", "E2": None}
