"""A part of the pay that can't be known says why, and the others stay."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.schemes import scorer_for
from workflow.scoring.pay import PayFacts, Result
from workflow.scoring.pay_gaps import PayGap, Settled, settle

OWN = {"code": "own", "rule": {"kind": "points", "max": 100, "step": "0.5"}}
PROFIT = {"code": "profit", "rule": {"kind": "attainment", "full": 100, "max": 120, "parts": ["interest"]}}
GRADES = [{"name": "优秀", "from": 90}, {"name": "不合格", "from": 0}]
WAGES = {"高级": 8000, "中级": 6000}
NOTHING_KNOWN, EXCELLENT = PayFacts(), Result(Decimal(90), "优秀")
BY_SCORE = {"base": 3000, "by": "score"}


def settled(terms: dict[str, Any], facts: PayFacts = NOTHING_KNOWN, result: Result = EXCELLENT) -> Settled:
    found = settle(scorer_for(OWN, PROFIT, pay=terms, grades=GRADES).scheme, result, {}, facts)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("terms", "facts", "gaps"),
    [
        ({"base": WAGES}, PayFacts(), {"base": PayGap.NO_LEVEL}),
        ({"base": WAGES}, PayFacts(level="见习"), {"base": PayGap.NO_WAGE}),
        ({"benefit": {"item": "profit", "of": "actual", "rate": "0.1"}}, PayFacts(), {"benefit": PayGap.NO_AMOUNTS}),
        ({"bonus": {"base": "person", "by": "score"}}, PayFacts(), {"bonus": PayGap.NO_BONUS_BASE}),
        (
            {"base": WAGES, "bonus": {"base": "level", "by": "score"}},
            PayFacts(level="见习"),
            {"base": PayGap.NO_WAGE, "bonus": PayGap.NO_WAGE},
        ),
        ({"bonus": {**BY_SCORE, "attendance": True}}, PayFacts(), {"bonus": PayGap.NO_ATTENDANCE}),
        (
            {"bonus": {"base": 1, "by": "grade", "coefficients": {"不合格": 0}}},
            PayFacts(),
            {"bonus": PayGap.NO_COEFFICIENT},
        ),
    ],
)
def test_what_is_missing_is_named(terms: dict[str, Any], facts: PayFacts, gaps: dict[str, PayGap]) -> None:
    found = settled(terms, facts)
    assert found.gaps == gaps
    assert found.pay.total is None


def test_a_card_without_total_has_no_bonus() -> None:
    assert settled({"bonus": BY_SCORE}, result=Result(None, None)).gaps == {"bonus": PayGap.NO_TOTAL}


def test_what_is_known_stays_known_beside_what_is_missing() -> None:
    found = settled({"base": WAGES, "bonus": BY_SCORE})
    assert (found.gaps, found.pay.parts) == ({"base": PayGap.NO_LEVEL}, {"base": None, "bonus": Decimal("2700.00")})


def test_a_stopped_bonus_lacks_nothing() -> None:
    found = settled({"bonus": {"base": "person", "by": "score", "attendance": True}}, PayFacts(bonus_stopped=True))
    assert (found.gaps, found.pay.total) == ({}, Decimal("0.00"))


def test_a_scheme_without_pay_settles_nothing() -> None:
    assert settle(scorer_for(OWN).scheme, Result(Decimal(90), None), {}, PayFacts()) is None
