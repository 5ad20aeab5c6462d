"""Inputs that hold for several periods: the examination of a quarter counts in its three months."""

from typing import Any

import pytest

from tests.support.schemes import card, scheme_data, scorer_for, sentences
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.missing import Missing
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

EXAM = {"code": "exam", "holds_for": "quarter", "rule": {"kind": "linear", "through": [[70, 0], [90, 5]]}}


@pytest.mark.parametrize("entered", [{"value": "80"}, {"value": "80", "period": "2026-Q4"}])
def test_the_value_counts_and_the_basis_names_the_period_it_came_from(entered: dict[str, str]) -> None:
    outcome = scorer_for(EXAM).score(card({"exam": entered})).items["exam"]
    assert str(outcome.points) == "2.50"
    assert sentences(outcome)[0] == "取 2026-Q4 的值"
    assert sentences(outcome, Language.EN)[0] == "the value of 2026-Q4 holds"


def test_a_value_of_another_period_is_refused() -> None:
    with pytest.raises(InputError, match=r"inputs.exam.period: must be 2026-Q4"):
        scorer_for(EXAM).score(card({"exam": {"value": "80", "period": "2026-Q3"}}))


def test_the_period_alone_is_no_input() -> None:
    outcome = scorer_for(EXAM).score(card({"exam": {"period": "2026-Q4"}})).items["exam"]
    assert outcome.missing is Missing.NO_INPUT


@pytest.mark.parametrize(
    "change",
    [
        {"holds_for": "month"},
        {"holds_for": "day"},
        {"rule": {"kind": "adjustments", "start": 5, "each": -1}},
        {"rule": {"kind": "attainment", "full": 5}},
        {"rule": {"kind": "rating", "levels": {"优秀": 5}}},
    ],
)
def test_only_longer_periods_and_plain_inputs_hold(change: dict[str, Any]) -> None:
    with pytest.raises(SchemeError, match="holds_for"):
        Scheme.from_data(scheme_data(EXAM | change))


def test_the_item_in_words_says_for_how_long() -> None:
    said = Scheme.from_data(scheme_data(EXAM)).items["exam"].describe
    assert said(Language.ZH).endswith(";一个值在所在季度的各期内有效")
    assert said(Language.EN).endswith("; one value holds for all periods of the quarter")
