"""`formula`: a small language of arithmetic, exact and harmless."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.schemes import OCTOBER, outcome_of, points_of, scorer_for, sentences
from workflow.scoring.errors import InputError
from workflow.scoring.missing import Missing
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.rules.expression import ExpressionError, parse_expression


def value(expression: str, **inputs: str) -> Fraction:
    node = parse_expression(expression, list(inputs), lambda number, _: number)
    return node({name: Fraction(number) for name, number in inputs.items()})


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("12 / 4 / 3", "1"),
        ("-2 * -3", "6"),
        ("2 - -3", "5"),
        ("--2", "2"),
        ("-(1 + 2)", "-3"),
        ("0.1 + 0.2", "0.3"),
        ("1e2", "100"),
        ("1 / 3 * 3", "1"),
        ("3 > 2", "1"),
        ("3 < 2", "0"),
        ("2 >= 2", "1"),
        ("2 <= 1", "0"),
        ("2 == 2.0", "1"),
        ("2 != 2", "0"),
        ("1 + 1 > 1", "1"),
        ("not 0", "1"),
        ("not not 5", "1"),
        ("not 1 > 2", "1"),
        ("5 and 0", "0"),
        ("5 and 3", "1"),
        ("0 or 3", "1"),
        ("0 or 0", "0"),
        ("1 or 0 and 0", "1"),
        ("7 if 1 else 8", "7"),
        ("7 if 0 else 8", "8"),
        ("1 if 0 else 2 if 0 else 3", "3"),
        ("min(3, 1, 2)", "1"),
        ("max(3)", "3"),
        ("abs(-2.5)", "2.5"),
        ("max(1, 2) + min(3, 4) * 2", "8"),
    ],
)
def test_an_expression_has_its_value(expression: str, result: str) -> None:
    assert value(expression) == Fraction(result)


def test_inputs_go_by_their_names() -> None:
    assert value("min(20, 15 + (a - b))", a="3.5", b="2") == Fraction("16.5")
    assert value("本月 - 上月", 本月="3", 上月="1") == 2


@pytest.mark.parametrize("expression", ["0 and 1 / 0", "1 or 1 / 0", "1 if 1 else 1 / 0", "1 / 0 if 0 else 1"])
def test_what_is_not_needed_is_not_computed(expression: str) -> None:
    assert value(expression) in {0, 1}


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "not finished"),
        ("1 +", "not finished"),
        ("(1", "not finished"),
        ("min(", "not finished"),
        ("1 if 2", "not finished"),
        ("1)", r"does not expect \)"),
        ("1 2", "does not expect 2"),
        ("2 ** 3", r"does not expect \*"),
        ("1 // 2", "does not expect /"),
        ("a.b", r"does not expect \."),
        ("a[0]", r"does not expect \["),
        ("'a'", "does not expect '"),
        ("1 = 1", "does not expect ="),
        ("min()", r"does not expect \)"),
        ("if", "does not expect if"),
        ("x", "does not know the name x"),
        ("__import__", "does not know the name __import__"),
        ("sum(1)", "does not know the name sum"),
        ("abs(1, 2)", "abs the wrong number"),
        ("round(1, 2, 3)", "round the wrong number"),
        ("round(1, a)", "whole number of places"),
        ("round(1, 16)", "whole number of places"),
        ("1 < 2 < 3", "chain"),
        ("1e99", "out of range"),
        ("1 + " * 200 + "1", "too long"),
        ("(" * 60 + "1" + ")" * 60, "too deeply"),
    ],
)
def test_anything_else_is_refused(expression: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        parse_expression(expression, ["a"], lambda number, _: number)


@given(st.text(alphabet="0123456789ab+-*/()<>=!., ifelsenotandormxu", max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        node = parse_expression(text, ["a", "b"], lambda number, _: number)
        node({"a": Fraction(1), "b": Fraction(2)})
    except (ExpressionError, ZeroDivisionError):
        return


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 99))
def test_arithmetic_binds_as_usual(a: int, b: int, c: int) -> None:
    assert value("a + b * a - b / c", a=str(a), b=str(b), c=str(c)) == a + b * a - Fraction(b, c)


FORMULA = {"kind": "formula", "inputs": ["a", "b"], "expression": "min(20, 15 + (a - b))", "min": 0, "max": 18}


@pytest.mark.parametrize(("a", "b", "points"), [("2", "1", "16.00"), ("9", "0", "18.00"), ("0", "99", "0.00")])
def test_the_value_is_clamped(a: str, b: str, points: str) -> None:
    assert points_of(FORMULA, {"a": a, "b": b}) == points


def test_every_input_is_needed() -> None:
    assert outcome_of(FORMULA, {"a": "1"}).missing is Missing.NO_INPUT
    with pytest.raises(InputError, match="c: is an unknown key"):
        outcome_of(FORMULA, {"a": "1", "b": "1", "c": "1"})


def test_a_division_by_zero_leaves_the_item_incomplete() -> None:
    assert outcome_of(FORMULA | {"expression": "a / b"}, {"a": "1", "b": "0"}).missing is Missing.ZERO_DIVISOR


def test_a_result_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="out of range"):
        outcome_of(FORMULA | {"expression": "a * a * a * a * a"}, {"a": "9" * 28, "b": "1"})


@pytest.mark.parametrize(
    ("expression", "mode", "points"),
    [
        ("round(a)", "half-up", "3.00"),
        ("round(a)", "half-even", "2.00"),
        ("round(a)", "down", "2.00"),
        ("round(a / 3, 1)", "half-up", "0.80"),
        ("round(a * 10, -1)", "half-up", "30.00"),
    ],
)
def test_rounding_inside_a_formula_follows_the_scheme(expression: str, mode: str, points: str) -> None:
    assert rounded_by(expression, mode) == points


def rounded_by(expression: str, mode: str) -> str:
    rule = {"kind": "formula", "inputs": ["a"], "expression": expression}
    scorer = scorer_for({"code": "only", "rule": rule}, rounding={"step": "0.01", "mode": mode})
    return str(scorer.score_item("only", {"a": "2.5"}, ItemContext(period=OCTOBER)).points)


def test_the_basis_shows_inputs_and_expression() -> None:
    assert sentences(outcome_of(FORMULA, {"a": "2", "b": "1"})) == [
        "a = 2, b = 1", "min(20, 15 + (a - b)) = 16", "在 0 至 18 之内", "得 16.00 分",
    ]  # fmt: skip
