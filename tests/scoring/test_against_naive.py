"""Two engines, written apart, must agree on every card that hypothesis can think of."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.scoring import naive
from tests.support.schemes import scheme_data
from workflow.scoring.card import Card
from workflow.scoring.engine import compile_scheme
from workflow.scoring.scheme import Scheme
from workflow.wording import Language


def numbers(low: int = -200, high: int = 200) -> st.SearchStrategy[str]:
    """Numbers as text, with up to three decimals, often on the steps where something happens."""
    fine = st.integers(low * 1000, high * 1000).map(lambda thousandths: str(Decimal(thousandths).scaleb(-3)))
    return st.one_of(st.integers(low, high).map(str), fine)


def ordered(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(-50, 150), min_size=count, max_size=count, unique=True).map(sorted)


LIMITS = st.one_of(
    st.just({}),
    st.just({"min": "0"}),
    st.just({"max": "20"}),
    st.just({"min": "-5", "max": "12.5"}),
)
LABELS = [f"2025-{month:02}" for month in range(6, 13)] + [f"2026-{month:02}" for month in range(1, 6)]


@st.composite
def rated(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    levels = draw(st.dictionaries(st.sampled_from(["优秀", "良好", "一般", "差"]), numbers(), min_size=1))
    return {"kind": "rating", "levels": levels}, {"level": draw(st.sampled_from(sorted(levels)))}, {}


@st.composite
def pointed(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    points = draw(st.integers(0, 200)) / Decimal(10)
    return {"kind": "points", "max": 20, "step": "0.1"}, {"points": str(points), "reason": "按记录"}, {}


@st.composite
def measured(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    source = draw(st.sampled_from(["history-min", "history-max", "previous", "fixed"]))
    rule: dict[str, Any] = {
        "kind": "baseline",
        "baseline": source,
        "better": draw(st.sampled_from(["lower", "higher"])),
        "at_baseline": draw(numbers(0, 20)),
        "step": draw(st.sampled_from(["1", "0.5", "0.03", "7"])),
        "measure": draw(st.sampled_from(["points", "relative"])),
        "up": draw(numbers(0, 3)),
        "down": draw(numbers(0, 3)),
        "partial": draw(st.sampled_from(["whole", "proportional"])),
    } | draw(LIMITS)
    rule |= {"value": draw(numbers(-9, 9))} if source == "fixed" else {}
    rule |= draw(st.sampled_from([{}, {"window": 2}, {"since": "2025-11"}, {"window": 4, "since": "2025-10"}]))
    scope = draw(st.sampled_from(["own", "unit"]))
    value = numbers(-9, 9) if scope == "own" or source == "previous" else st.lists(numbers(-9, 9), max_size=3)
    history = draw(st.dictionaries(st.sampled_from(LABELS), st.none() | value))
    data = {"value": draw(numbers(-9, 9))}
    if draw(st.booleans()):
        data |= {"baseline": draw(numbers(-9, 9)), "reason": "首月"}
    return rule | {"scope": scope}, data, history


@st.composite
def lined(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    through = [[str(x), draw(numbers())] for x in draw(ordered(draw(st.integers(2, 4))))]
    return {"kind": "linear", "through": through}, {"value": draw(numbers())}, {}


@st.composite
def banded(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    count = draw(st.integers(1, 4))
    better = draw(st.sampled_from(["lower", "higher"]))
    bounds = draw(ordered(count))
    bounds = bounds if better == "lower" else bounds[::-1]
    bands = [list(band) for band in zip(bounds, draw(ordered(count))[::-1], strict=True)]
    rule = {"kind": "bands", "better": better, "bands": bands} | draw(st.sampled_from([{}, {"otherwise": "-3"}]))
    return rule, {"value": draw(numbers())}, {}


@st.composite
def adjusted(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    is_free = draw(st.booleans())
    rule: dict[str, Any] = {"kind": "adjustments", "start": draw(numbers(0, 40))} | draw(LIMITS)
    rule |= {"step": "0.5"} if is_free else {"each": draw(numbers(-3, 3))}
    rule |= draw(
        st.sampled_from([{}, {"bonus_max": "5"}, {"deduction_max": "4"}, {"bonus_max": 0, "deduction_max": "7.5"}])
    )
    rule |= {"causes": [{"code": "late", "title": "迟到", "points": -2}, {"code": "other", "title": "其他"}]}
    free = st.integers(-20, 20).map(lambda halves: {"reason": "x", "points": str(Decimal(halves) / 2)})
    counted = st.integers(1, 4).map(lambda count: {"reason": "x", "count": count})
    caused = st.integers(1, 4).map(lambda count: {"cause": "late", "count": str(count)})
    simple = st.just({"cause": "late"})
    one = st.one_of(free if is_free else counted, caused, simple).map(lambda entry: {"on": "2026-01-15"} | entry)
    return rule, {"adjustments": draw(st.lists(one, max_size=6))}, {}


@st.composite
def attained(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    rule: dict[str, Any] = {"kind": "attainment", "full": draw(numbers(1, 40))} | draw(LIMITS)
    if draw(st.booleans()):
        return rule, {"actual": draw(numbers()), "target": draw(numbers())}, {}
    foreign = st.builds(
        lambda amount, rate: {"amount": amount, "currency": "USD", "rate": rate}, numbers(), numbers(1, 9)
    )
    amounts = st.lists(numbers() | foreign, max_size=3)
    parts = {name: {side: draw(amounts) for side in ("base", "growth", "actual")} for name in ("interest", "fee")}
    return rule | {"parts": ["interest", "fee"]}, {"parts": parts}, {}


@st.composite
def teamed(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    of = draw(st.sampled_from(["total", ["A"], ["A", "B"]]))
    member = st.fixed_dictionaries(
        {"total": st.none() | numbers(0)},
        optional={"sections": st.fixed_dictionaries({"A": numbers(0), "B": numbers(0)})},
    )
    rule = {"kind": "team", "of": of, "out_of": draw(numbers(1)), "full": draw(numbers(1, 40))}
    return rule, {"members": draw(st.lists(member, max_size=4))}, {}


@st.composite
def judged(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    rule: dict[str, Any] = {
        "kind": "raters",
        "groups": {"superior": "0.7", "peer": "0.3"},
        "full": draw(numbers(1, 40)),
    }
    rule |= draw(st.sampled_from([{}, {"at_least": {"peer": 2}}]))
    group = st.sampled_from(["superior", "peer"])
    if draw(st.booleans()):
        ratings = st.builds(lambda group, value: {"group": group, "value": value}, group, numbers(0, 100))
        return rule | {"scale": [0, 100]}, {"ratings": draw(st.lists(ratings, max_size=6))}, {}
    ratings = st.builds(lambda group, level: {"group": group, "level": level}, group, st.sampled_from(["优", "良"]))
    return rule | {"levels": {"优": "5", "良": "3.3"}}, {"ratings": draw(st.lists(ratings, max_size=6))}, {}


@st.composite
def rolled_up(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    rule = {
        "kind": "periods", "of": "day", "take": draw(st.sampled_from(["average", "sum", "last"])), "out_of": draw(numbers(1)),
        "full": draw(numbers(1, 40)),
    }  # fmt: skip
    return rule, {"totals": draw(st.lists(numbers(), max_size=4))}, {}


@st.composite
def computed(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    expression = draw(
        st.sampled_from(
            [
                "min(20, 15 + (a - b))", "a / b", "a * b - a / 3", "max(a, b, 0) if a > b else -a", "abs(a) + (a <= b) * 2.5",
                "1 if a == b or not b else 2", "(a > 0 and b > 0) * 7", "-(a + b) / (a - b)",
            ]
        )
    )  # fmt: skip
    data = {"a": draw(numbers()), "b": draw(numbers())}
    return {"kind": "formula", "inputs": ["a", "b"], "expression": expression} | draw(LIMITS), data, {}


ITEMS = st.one_of(
    rated(),
    pointed(),
    measured(),
    lined(),
    banded(),
    adjusted(),
    attained(),
    teamed(),
    judged(),
    rolled_up(),
    computed(),
)


def has_most(rule: dict[str, Any]) -> bool:
    try:
        Scheme.from_data(scheme_data({"rule": rule, "optional": True}))
    except ValueError:
        return False
    return True


@st.composite
def schemes_and_cards(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    inputs: dict[str, Any] = {}
    history: dict[str, Any] = {}
    for place in range(draw(st.integers(1, 3))):
        items = []
        drawn = draw(st.lists(ITEMS, min_size=1, max_size=4))
        may_leave_out = all(has_most(rule) for rule, _, _ in drawn) and draw(st.booleans())
        for number, (rule, data, past) in enumerate(drawn):
            code = f"item-{place}-{number}"
            weight = draw(st.sampled_from([{}, {}, {"weight": "0.35"}, {"weight": "2"}]))
            items.append({"code": code, "title": "指标", "rule": rule, "optional": may_leave_out} | weight)
            absent = [None, {}] + ([{"not_applicable": True, "reason": "无此业务"}] * 3 if may_leave_out else [])
            inputs[code] = draw(st.sampled_from(absent)) if draw(st.integers(0, 7)) == 0 else data
            history[code] = past
        limits = draw(st.sampled_from([{}, {"min": 0}, {"max": 60}, {"min": -30, "max": 45}]))
        sections.append({"code": f"section-{place}", "title": "部分", "items": items} | limits)
    scheme = scheme_data(
        sections=sections,
        total=draw(st.sampled_from([{"min": 0, "max": 100}, {"min": -600, "max": 90}])),
        rounding={
            "step": draw(st.sampled_from(["0.01", "1", "0.5", "0.1", "0.25", "5"])),
            "mode": draw(st.sampled_from(["half-up", "half-even", "down"])),
        },
        grades=[{"name": "优秀", "from": 50}, {"name": "合格", "from": "12.5"}, {"name": "不合格", "from": 0}],
    )
    return scheme, {"period": "2026-01", "inputs": inputs, "history": history}


def fraction(points: str | None) -> Fraction | None:
    return None if points is None else Fraction(points)


@given(schemes_and_cards())
def test_both_engines_agree(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    scheme, card = drawn
    scorer = compile_scheme(Scheme.from_data(scheme))
    expected = naive.score(scheme, card)
    for basis in (True, False):
        result = scorer.score(Card.from_data(card), basis=basis).to_data(Language.EN, basis=basis)
        assert {item["code"]: fraction(item["points"]) for item in result["items"]} == expected["items"]
        assert {one["item"]: one["reason"] for one in result["missing"]} == expected["missing"]
        assert {section["code"]: fraction(section["points"]) for section in result["sections"]} == expected["sections"]
        assert fraction(result["provisional_total"]) == expected["provisional_total"]
        assert fraction(result["total"]) == expected["total"]
        assert result["grade"] == expected["grade"]
