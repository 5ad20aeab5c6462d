"""Consequences over successive periods: who is proposed for what, and on which evidence."""

from typing import Any

import pytest

from tests.support.schemes import scheme_data
from workflow.scoring.consequences import Round, propose
from workflow.scoring.ranking_input import rank_periods
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Absence, Consequence

TEN = {"rule": {"kind": "points", "max": 10}}
LABELS = [f"2026-{month:02}" for month in range(1, 13)]


def proposed(consequences: list[dict[str, Any]], *periods: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """What each period proposes, as pairs of code and subject; periods are months unless they name theirs."""
    full = [{"title": "谈话", "by": "hr"} | consequence for consequence in consequences]
    rounds = [period if "totals" in period else {"totals": period} for period in periods]
    data = {"periods": [{"period": label, "group": "G1"} | one for label, one in zip(LABELS, rounds, strict=False)]}
    result = rank_periods(Scheme.from_data(scheme_data(TEN, consequences=full)), data)
    return [[(one["code"], one["subject"]) for one in period["consequences"]] for period in result["periods"]]


def people(last: str, count: int = 6) -> dict[str, Any]:
    """A group in which one is last and all others are equal."""
    return {f"E{n}": "9" for n in range(count)} | {last: "1"}


LAST = {"code": "talk", "bottom": 1, "months": 1}


def test_the_bottom_takes_in_everyone_tied_at_its_edge() -> None:
    totals = {"E1": "9", "E2": "8", "E3": "5", "E4": "5", "E5": "1"}
    assert proposed([LAST | {"bottom": 2}], totals) == [[("talk", "E3"), ("talk", "E4"), ("talk", "E5")]]
    assert proposed([LAST], totals) == [[("talk", "E5")]]


def test_the_top_takes_in_everyone_up_to_its_rank() -> None:
    totals = {"E1": "9", "E2": "8", "E3": "8", "E4": "5"}
    top = {"code": "commend", "months": 1}
    assert proposed([top | {"top": 2}], totals) == [[("commend", "E1"), ("commend", "E2"), ("commend", "E3")]]
    assert proposed([top | {"top": 1}], totals) == [[("commend", "E1")]]


def test_the_better_half_may_be_protected() -> None:
    small = {"E1": "9", "E2": "8", "E3": "7", "E4": "6"}
    assert [subject for _, subject in proposed([LAST | {"bottom": 3}], small)[0]] == ["E2", "E3", "E4"]
    protected = LAST | {"bottom": 3, "protect": "better-half"}
    assert [subject for _, subject in proposed([protected], small)[0]] == ["E3", "E4"]


def test_a_run_needs_consecutive_periods() -> None:
    talk = LAST | {"months": 2}
    assert proposed([talk], people("E1"), people("E1"), people("E2"), people("E1")) == [[], [("talk", "E1")], [], []]
    assert proposed([talk], *[people("E1")] * 4) == [[], *[[("talk", "E1")]] * 3]


def test_a_run_may_lead_to_one_proposal_only() -> None:
    talk = LAST | {"months": 2, "once_per_run": True}
    months = [people("E1")] * 4 + [people("E2")] + [people("E1")] * 2
    assert proposed([talk], *months) == [[], [("talk", "E1")], [], [], [], [], [("talk", "E1")]]


@pytest.mark.parametrize(
    "absence", [{"absent": "leave"}, {"absent": "partial"}, {"absent": "off-post"}, {"absent": "probation"}, None]
)
def test_a_period_without_a_rank_breaks_a_run(absence: dict[str, str] | None) -> None:
    talk = LAST | {"months": 2}
    away = people("E2") | {"E1": absence}
    assert proposed([talk], people("E1"), away, people("E1"))[2] == []


@pytest.mark.parametrize(
    ("absence", "holds"), [("leave", True), ("partial", True), ("off-post", False), ("probation", False), (None, False)]
)
def test_a_gap_may_be_passed_over_for_leave_and_partial_attendance(absence: str | None, holds: bool) -> None:
    talk = LAST | {"months": 2, "gap": "skip"}
    away = people("E2") | {"E1": absence and {"absent": absence}}
    found = proposed([talk], people("E1"), away, people("E1"))
    assert (("talk", "E1") in found[2]) is holds
    assert ("talk", "E1") not in found[1]


def test_a_calendar_gap_and_a_change_of_group_do_not_break_a_run() -> None:
    talk = LAST | {"months": 2}
    found = proposed(
        [talk],
        {"period": "2026-01", "group": "G1", "totals": people("E1")},
        {"period": "2026-05", "group": "G1", "totals": {"E2": "5", "E3": "6"}},
        {"period": "2026-05", "group": "G2", "totals": {"E1": "1", "E9": "5"}},
    )
    assert found == [[], [], [("talk", "E1")]]


def test_a_group_met_late_in_the_input_belongs_to_its_period() -> None:
    talk = LAST | {"months": 2}
    found = proposed(
        [talk],
        {"period": "2026-02", "group": "G1", "totals": {"E2": "5", "E3": "6"}},
        {"period": "2026-01", "group": "G3", "totals": {"E2": "5", "E8": "6"}},
    )
    assert found == [[("talk", "E2")], []]


BACK = {"code": "dismissal", "bottom": 1, "first_month_after": "off-post"}


def test_the_first_ranked_period_after_an_absence_counts_alone() -> None:
    away = people("E2") | {"E1": {"absent": "off-post"}}
    assert proposed([BACK], people("E1"), away, people("E1"), people("E1")) == [[], [], [("dismissal", "E1")], []]


def test_unranked_periods_between_do_not_matter() -> None:
    away = people("E2") | {"E1": {"absent": "off-post"}}
    leave = people("E2") | {"E1": {"absent": "leave"}}
    gone = {subject: total for subject, total in people("E2").items() if subject != "E1"}
    assert proposed([BACK], away, leave, gone, people("E1"))[3] == [("dismissal", "E1")]


def test_a_good_first_period_back_ends_the_wait() -> None:
    away = people("E2") | {"E1": {"absent": "off-post"}}
    assert proposed([BACK], away, people("E3"), people("E1")) == [[], [], []]


def test_a_replacement_drops_the_other_even_if_it_is_replaced_itself() -> None:
    first = {"code": "a", "bottom": 1, "months": 1}
    second = {"code": "b", "bottom": 1, "months": 1, "replaces": "a"}
    third = {"code": "c", "bottom": 1, "months": 2, "replaces": "b"}
    assert proposed([first, second, third], people("E1"), people("E1"), people("E2")) == [
        [("b", "E1")],
        [("c", "E1")],
        [("b", "E2")],
    ]


def test_the_evidence_names_the_periods_and_ranks_of_the_run() -> None:
    consequence = Consequence.from_data(
        {"code": "talk", "title": "谈话", "bottom": 1, "months": 2, "by": "hr", "gap": "skip"}
    )
    rounds = [
        Round(period="2026-01", group="G1", ranks={"E1": 3, "E2": 1, "E3": 1}, absences={}),
        Round(period="2026-02", group="G1", ranks={"E2": 1, "E3": 2}, absences={"E1": Absence.LEAVE}),
        Round(period="2026-03", group="G2", ranks={"E1": 2, "E9": 1}, absences={}),
    ]
    (proposal,) = propose([consequence], rounds)[2]
    assert [(one.period, one.group, one.rank, one.ranked) for one in proposal.evidence] == [
        ("2026-01", "G1", 3, 3),
        ("2026-03", "G2", 2, 2),
    ]
