"""`attainment` over a year: what earlier months achieved counts too, yearly sides of the target by their months."""

from typing import Any

import pytest

from tests.support.schemes import outcome_of, points_of, scheme_data, sentences
from workflow.scoring.errors import HistoryError, InputError, SchemeError
from workflow.scoring.missing import Missing
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

WHOLE = {"kind": "attainment", "full": 100, "parts": ["interest", "fee"], "cumulative": "whole"}
SHARE = WHOLE | {"cumulative": "share"}
EARLIER = {"2026-08": "30", "2026-09": "50"}


def entered(actual: Any = "20", base: Any = "180", growth: Any = "20") -> dict[str, Any]:
    nothing: dict[str, list[Any]] = {"base": [], "growth": [], "actual": []}
    return {"parts": {"interest": {"base": [base], "growth": [growth], "actual": [actual]}, "fee": nothing}}


def test_earlier_months_count_against_the_whole_years_target() -> None:
    # (30 + 50 + 20) ÷ 200 = 50 %.
    assert points_of(WHOLE, entered(), history=EARLIER) == "50.00"


def test_the_target_may_be_the_years_by_the_months_so_far() -> None:
    # In October ten of twelve months count: 100 ÷ (240 × 10 ÷ 12) = 50 %.
    assert points_of(SHARE, entered(base="220"), history=EARLIER) == "50.00"


def test_what_lies_in_the_year_before_does_not_count() -> None:
    assert points_of(WHOLE, entered(), history=EARLIER | {"2025-12": "1000", "2026-11": "1000"}) == "50.00"


def test_an_earlier_month_that_is_known_to_be_missing_is_never_zero() -> None:
    outcome = outcome_of(WHOLE, entered(), history=EARLIER | {"2026-07": None})
    assert outcome.missing is Missing.NO_INPUT
    assert "2026-07 的实际尚未确定" in sentences(outcome)


def test_a_customer_taken_over_in_the_year_counts_for_the_months_looked_after() -> None:
    # 360 × 7 ÷ 12 = 210, and 90 for the whole year: 300; 100 ÷ 300.
    given = entered(growth={"amount": "90", "currency": "CNY", "rate": "1"})
    given["parts"]["interest"]["base"] = [{"amount": "360", "currency": "CNY", "rate": "1", "months": 7}]
    assert points_of(WHOLE, given, history=EARLIER) == "33.33"


def test_the_basis_shows_rates_parts_months_and_every_contribution() -> None:
    dollars = {"amount": "2", "currency": "USD", "rate": "7.1", "on": "2026-10-28", "source": "外汇牌价"}
    given = entered(actual=dollars, base={"amount": "360", "currency": "CNY", "rate": "1", "months": 6, "customers": 3})
    outcome = outcome_of(WHOLE, given, history=EARLIER)
    assert sentences(outcome) == [
        "汇率 1 USD = 7.1(2026-10-28,外汇牌价)",
        "interest:实际 14.2,基数 180(所管客户),增量 20",
        "fee:实际 0,基数 0,增量 0",
        "全年 360 计 6 个月:360 × 6 ÷ 12 = 180",
        "目标 = 基数 180 + 增量 20 = 200",
        "2026-08 实际 30",
        "2026-09 实际 50",
        "本期 2026-10 实际 14.2",
        "实际 94.2",
        "100 × 94.2 ÷ 200 = 47.1",
        "得 47.10 分",
    ]
    assert sentences(outcome, Language.EN)[5] == "2026-08 actual 30"


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        ({"rate": "7.1"}, "汇率 1 USD = 7.1(填报)"),
        ({"rate": "7.1", "on": "2026-10-28"}, "汇率 1 USD = 7.1(2026-10-28,填报)"),
    ],
)
def test_a_rate_that_was_put_in_says_so(rate: dict[str, str], sentence: str) -> None:
    money = {"amount": "2", "currency": "USD"} | rate
    assert sentences(outcome_of(WHOLE, entered(actual=money)))[0] == sentence


def test_without_parts_the_target_is_the_years() -> None:
    plain = {"kind": "attainment", "full": 100, "cumulative": "share"}
    assert points_of(plain, {"actual": "20", "target": "120"}, history=EARLIER) == "100.00"


def test_a_base_whose_rate_is_not_stored_yet_leaves_the_item_incomplete() -> None:
    outcome = outcome_of(WHOLE, entered(base={"amount": "9", "currency": "USD", "customers": 1}), history=EARLIER)
    assert outcome.missing is Missing.NO_INPUT
    assert sentences(outcome)[0] == "还没有 USD 的汇率"


@pytest.mark.parametrize(("months", "path"), [("13", "months"), ("0", "months"), ("2.5", "months")])
def test_a_year_has_twelve_months(months: str, path: str) -> None:
    with pytest.raises(InputError) as refused:
        outcome_of(WHOLE, entered(base={"amount": "1", "currency": "CNY", "rate": "1", "months": months}))
    assert refused.value.path == f"parts.interest.base[0].{path}"


def test_only_yearly_amounts_name_months() -> None:
    with pytest.raises(InputError, match=r"actual\[0\].months: is an unknown key"):
        outcome_of(WHOLE, entered(actual={"amount": "1", "currency": "CNY", "rate": "1", "months": 3}))


def test_an_earlier_actual_that_is_no_number_is_refused() -> None:
    with pytest.raises(HistoryError, match="2026-08"):
        outcome_of(WHOLE, entered(), history={"2026-08": "viel"})


@pytest.mark.parametrize(
    ("rule", "scheme", "path"),
    [
        ({"cumulative": "whole"}, {"frequency": "year"}, "cumulative"),
        ({"cumulative": "share"}, {"frequency": "day"}, "cumulative"),
        ({"cumulative": "later"}, {}, "cumulative"),
        ({"targets": "portfolio"}, {}, "targets"),
        ({"targets": "portfolio", "parts": ["fee"]}, {"subject": "unit"}, "targets"),
    ],
)
def test_what_does_not_fit_the_scheme_is_refused(rule: dict[str, Any], scheme: dict[str, Any], path: str) -> None:
    data = scheme_data({"rule": {"kind": "attainment", "full": 10} | rule}, **scheme)
    with pytest.raises(SchemeError) as refused:
        Scheme.from_data(data)
    assert refused.value.path == f"sections[0].items[0].rule.{path}"


def test_a_benefit_wage_of_what_adds_up_over_the_year_follows_the_months_own_actual() -> None:
    item = {"code": "profit", "rule": {"kind": "attainment", "full": 10, "cumulative": "whole"}}
    benefit = {"item": "profit", "rate": "0.02"}
    assert Scheme.from_data(scheme_data(item, pay={"benefit": benefit | {"of": "actual"}})).pay
    with pytest.raises(SchemeError, match=r"pay.benefit.of"):
        Scheme.from_data(scheme_data(item, pay={"benefit": benefit | {"of": "completion"}}))


@pytest.mark.parametrize(("rule", "chinese"), [(WHOLE, "目标为全年目标"), (SHARE, "按月份折算")])
def test_the_rule_in_words_says_over_which_time(rule: dict[str, Any], chinese: str) -> None:
    scheme = Scheme.from_data(scheme_data({"code": "only", "rule": rule | {"targets": "portfolio"}}))
    described = scheme.items["only"].describe(Language.ZH)
    assert chinese in described
    assert "基数与增量取自所管客户" in described
