"""Numbers are exact decimals from text, rounded once, printed plainly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.numbers import (
    NumberError,
    NumberText,
    Rounding,
    RoundingMode,
    add,
    divide,
    multiply,
    parse_number,
    plain,
)

IN_RANGE = st.builds(
    lambda coefficient, exponent: Decimal(coefficient).scaleb(exponent),
    st.integers(-(10**12), 10**12),
    st.integers(-6, 6),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", "0.1"),
        ("-3", "-3"),
        ("+2.50", "2.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("1E-15", "0.000000000000001"),
        ("1234567890123456789012345678", "1234567890123456789012345678"),
        ("0" * 50 + "7", "7"),
    ],
)
def test_a_number_is_read_exactly_from_its_text(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)
    assert parse_number(NumberText(text)) == Decimal(number)


@pytest.mark.parametrize(
    "wrong",
    [
        "", " ", "1 ", "abc", "NaN", "nan", "inf", "-Infinity", "1e400", "1e16", "1e-16", "1_000", "0x10", "1,5", "٣", "1e", "--1",
        "12345678901234567890123456789", "1" * 101, True, False, None, 1.5, [], {}, Decimal("NaN"), Decimal("Infinity"), 10**28,
    ],
)  # fmt: skip
def test_what_is_no_number_in_range_is_refused(wrong: object) -> None:
    with pytest.raises(NumberError):
        parse_number(wrong)


def test_a_negative_zero_is_zero() -> None:
    assert str(parse_number("-0")) == "0"
    assert plain(parse_number("-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("mode", "value", "rounded"),
    [
        ("half-up", "2.345", "2.35"),
        ("half-up", "-2.345", "-2.35"),
        ("half-up", "2.3449999999999999999999999", "2.34"),
        ("half-even", "2.345", "2.34"),
        ("half-even", "2.355", "2.36"),
        ("half-even", "-2.345", "-2.34"),
        ("down", "2.349", "2.34"),
        ("down", "-2.349", "-2.34"),
    ],
)
def test_points_are_rounded_to_the_step_by_the_mode(mode: str, value: str, rounded: str) -> None:
    rounding = Rounding(mode=RoundingMode(mode))
    assert rounding.show(rounding.round(Decimal(value))) == rounded
    assert rounding.round(Fraction(Decimal(value))) == Decimal(rounded)


@pytest.mark.parametrize(
    ("step", "value", "shown"),
    [
        ("1", "2.5", "3"),
        ("0.5", "2.25", "2.5"),
        ("0.5", "2.2", "2.0"),
        ("0.25", "1.3", "1.25"),
        ("5", "12.5", "15"),
        ("0.10", "1.26", "1.30"),
        ("0.01", "7", "7.00"),
        ("0.0000001", "0", "0.0000000"),
    ],
)
def test_points_print_with_the_decimals_of_the_step(step: str, value: str, shown: str) -> None:
    rounding = Rounding(step=Decimal(step))
    assert rounding.show(rounding.round(Decimal(value))) == shown


def test_rounding_never_gives_minus_zero() -> None:
    assert str(Rounding().round(Decimal("-0.001"))) == "0.00"
    assert str(Rounding().round(Fraction(-1, 1000))) == "0.00"


@pytest.mark.parametrize("step", ["0", "-1", "NaN"])
def test_a_step_must_be_above_zero(step: str) -> None:
    with pytest.raises(ValueError, match="step"):
        Rounding(step=Decimal(step))


@given(value=IN_RANGE, step=st.sampled_from(["0.01", "0.05", "0.25", "1", "3"]))
def test_a_rounded_value_is_the_nearest_multiple_of_the_step(value: Decimal, step: str) -> None:
    rounding = Rounding(step=Decimal(step))
    rounded = rounding.round(value)
    assert rounding.holds(rounded)
    assert abs(Fraction(rounded) - Fraction(value)) * 2 <= Fraction(step)


@given(value=IN_RANGE)
def test_a_ratio_and_the_decimal_it_equals_round_alike(value: Decimal) -> None:
    assert Rounding().round(Fraction(value)) == Rounding().round(value)


def test_arithmetic_loses_no_digit() -> None:
    large, small = Decimal("9" * 28), Decimal("1e-15")
    assert Fraction(add(large, small)) == Fraction(large) + Fraction(small)
    assert Fraction(multiply(large, small)) == Fraction(large) * Fraction(small)
    assert divide(Decimal(1), Decimal(3)) * 3 == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "≈0.333333"),
        (Fraction(-2, 3), "≈-0.666667"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_a_number_prints_in_full_or_says_that_it_does_not_end(number: Fraction | Decimal, text: str) -> None:
    assert plain(number) == text
