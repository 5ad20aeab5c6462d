"""Pay that follows from a scored card."""

from typing import Any

import pytest

from tests.support.schemes import card, scorer_for
from workflow.scoring.errors import InputError
from workflow.scoring.pay import PayFacts
from workflow.wording import Language

TEN = {"code": "own", "rule": {"kind": "points", "max": 100, "step": "0.5"}}
PROFIT = {"code": "profit", "rule": {"kind": "attainment", "full": 100, "max": 120, "parts": ["interest"]}}
GRADES = [{"name": "优秀", "from": 90}, {"name": "合格", "from": 60}, {"name": "不合格", "from": 0}]
WAGES = {"高级": 8000, "中级": 6000}


def pay(terms: dict[str, Any], points: str | None = "90", **more: Any) -> dict[str, Any]:
    inputs: dict[str, Any] = {} if points is None else {"own": {"points": points, "reason": "按记录"}}
    profit = more.pop("profit", None)
    items = [TEN] if profit is None else [TEN, PROFIT]
    inputs |= {} if profit is None else {"profit": {"parts": {"interest": profit}}}
    scorer = scorer_for(*items, pay=terms, grades=GRADES)
    result: dict[str, Any] = scorer.score(card(inputs, **more)).to_data(Language.ZH)["pay"]
    return result


def amounts(terms: dict[str, Any], points: str | None = "90", **more: Any) -> dict[str, Any]:
    return {name: amount for name, amount in pay(terms, points, **more).items() if name != "basis"}


def test_a_scheme_without_pay_says_nothing() -> None:
    assert scorer_for(TEN).score(card({})).to_data(Language.ZH)["pay"] is None


def test_the_base_wage_follows_the_level() -> None:
    assert amounts({"base": WAGES}, level="中级") == {"base": "6000.00", "total": "6000.00"}
    assert amounts({"base": WAGES}) == {"base": None, "total": None}
    with pytest.raises(InputError, match="level: must be one of 高级 / 中级"):
        amounts({"base": WAGES}, level="初级")


ACHIEVED = {"base": ["100"], "growth": ["20"], "actual": ["150.55"]}


@pytest.mark.parametrize(("of", "benefit"), [("actual", "15.06"), ("increment", "5.06"), ("completion", "0.13")])
def test_the_benefit_wage_follows_what_was_achieved(of: str, benefit: str) -> None:
    terms = {"benefit": {"item": "profit", "of": of, "rate": "0.1"}}
    assert amounts(terms, profit=ACHIEVED)["benefit"] == benefit


@pytest.mark.parametrize(
    "profit", [{"base": ["100"], "growth": ["20"]}, {"base": ["0"], "growth": [], "actual": ["5"]}]
)
def test_what_is_not_known_yet_pays_nothing_yet(profit: dict[str, Any]) -> None:
    terms = {"base": WAGES, "benefit": {"item": "profit", "of": "completion", "rate": "0.1"}}
    assert amounts(terms, profit=profit, level="高级") == {"base": "8000.00", "benefit": None, "total": None}


def test_a_bonus_by_score() -> None:
    terms = {"bonus": {"base": 3000, "by": "score"}}
    assert amounts(terms, "92.5") == {"bonus": "2775.00", "total": "2775.00"}
    assert amounts(terms, None) == {"bonus": None, "total": None}


def test_a_bonus_by_grade() -> None:
    terms = {"bonus": {"base": 3000, "by": "grade", "coefficients": {"优秀": "1.2", "合格": 1}}}
    assert amounts(terms, "90")["bonus"] == "3600.00"
    assert amounts(terms, "89")["bonus"] == "3000.00"
    assert amounts(terms, "5")["bonus"] is None


def test_a_bonus_by_the_share_of_days_attended() -> None:
    terms = {"bonus": {"base": 3000, "by": "score", "attendance": True}}
    assert amounts(terms, "100", attendance="0.5")["bonus"] == "1500.00"
    assert amounts(terms, "100")["bonus"] is None


@pytest.mark.parametrize(
    ("key", "value"), [("attendance", "1.1"), ("attendance", "-1"), ("attendance", "x"), ("bonus_base", "-1")]
)
def test_facts_out_of_range_are_refused(key: str, value: str) -> None:
    with pytest.raises(InputError) as refusal:
        pay({"bonus": {"base": 3000, "by": "score"}}, **{key: value})
    assert refusal.value.path == key


def test_the_base_of_a_bonus_may_be_the_levels_or_the_persons_own() -> None:
    assert amounts({"base": WAGES, "bonus": {"base": "level", "by": "score"}}, "50", level="中级") == {
        "base": "6000.00", "bonus": "3000.00", "total": "9000.00",
    }  # fmt: skip
    assert amounts({"bonus": {"base": "person", "by": "score"}}, "50", bonus_base="2000.10")["bonus"] == "1000.05"
    assert amounts({"bonus": {"base": "person", "by": "score"}}, "50")["bonus"] is None
    assert amounts({"base": WAGES, "bonus": {"base": "level", "by": "score"}}, "50")["bonus"] is None


def test_a_stopped_bonus_leaves_the_wage() -> None:
    scorer = scorer_for(TEN, pay={"base": WAGES, "bonus": {"base": 3000, "by": "score"}})
    inputs = {"own": {"points": "100"}}
    result = scorer.pay(scorer.score(card(inputs)).totals, inputs, PayFacts(level="高级", bonus_stopped=True))
    assert result is not None
    assert {name: str(amount) for name, amount in result.parts.items()} == {"base": "8000.00", "bonus": "0.00"}
    assert str(result.total) == "8000.00"


def test_the_basis_shows_the_arithmetic() -> None:
    terms = {
        "base": WAGES,
        "benefit": {"item": "profit", "of": "increment", "rate": "0.1"},
        "bonus": {"base": 3000, "by": "score", "attendance": True},
    }
    basis = pay(terms, "92", profit=ACHIEVED, level="高级", attendance="0.9")["basis"]
    assert [step["text"] for step in basis] == [
        "高级基本工资 8000.00 元",
        "效益工资:(150.55 - 100) × 0.1 = 5.06 元",
        "绩效奖金:3000 × 212.00 ÷ 100 × 0.9 = 5724.00 元",
    ]
