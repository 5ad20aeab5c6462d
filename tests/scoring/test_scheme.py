"""A scheme can't be built invalid: whatever is wrong is refused with the path at which it is wrong."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from tests.support.schemes import scheme_data
from workflow.scoring.errors import SchemeError
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

BASELINE = {
    "kind": "baseline", "baseline": "history-min", "better": "lower", "at_baseline": 15, "step": 1, "measure": "points",
    "up": 1, "down": 1, "min": 0, "max": 20,
}  # fmt: skip
GOOD = scheme_data(
    {"code": "rated", "rule": {"kind": "rating", "levels": {"优秀": 5, "差": 0}, "reason_for": ["差"]}},
    {"code": "churn", "rule": BASELINE},
    {"code": "exam", "rule": {"kind": "linear", "through": [[70, 0], [90, 5]]}},
    {"code": "reply", "rule": {"kind": "bands", "better": "lower", "bands": [[30, 100], [60, 70]]}},
    {"code": "own", "rule": {"kind": "points", "min": 0, "max": 10, "step": 1}},
    {
        "code": "ledger",
        "rule": {
            "kind": "adjustments",
            "start": 5,
            "max": 5,
            "each": -1,
            "causes": [{"code": "late", "title": "迟到", "points": -2}],
        },
    },
    {"code": "profit", "rule": {"kind": "attainment", "full": 20, "max": 25, "parts": ["interest"]}},
    {
        "code": "peers",
        "rule": {"kind": "raters", "groups": {"peer": "0.4", "superior": "0.6"}, "scale": [0, 100], "full": 10},
    },
    {"code": "team", "rule": {"kind": "team", "of": "total", "out_of": 100, "full": 40}},
    {"code": "formula", "rule": {"kind": "formula", "inputs": ["a", "b"], "expression": "a / b", "max": 5}},
    document={"number": "X-1", "version": "1.0", "revision": 0},
    grades=[{"name": "优秀", "from": 90}, {"name": "合格", "from": 0}],
    consequences=[{"code": "talk", "title": "谈话", "bottom": 3, "months": 1, "by": "room-manager"}],
    vetoes=[{"code": "fraud", "title": "弄虚作假", "total_max": 0}],
    pay={"base": {"高级": 8000}, "bonus": {"base": 3000, "by": "score"}},
)
ITEMS = {item["code"]: place for place, item in enumerate(GOOD["sections"][0]["items"])}


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A change: the value at a path of keys and places; `...` takes the key away."""

    def change(data: Any) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        for part in way:
            data = data[part]
        if value is ...:
            del data[last]
        else:
            data[last] = value

    return change


def rule(code: str, **parameters: object) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        data["sections"][0]["items"][ITEMS[code]]["rule"].update(parameters)

    return change


def steps(*then: dict[str, object]) -> Callable[[dict[str, Any]], None]:
    """A change: these steps follow the consequence."""
    return put("consequences/0/then", [{"code": "next", "title": "培训", "by": "hr", **each} for each in then])


def at(code: str, path: str) -> str:
    return f"sections[0].items[{ITEMS[code]}].{path}"


MALFORMED = [
    (put("code", ...), "code", "is required"),
    (put("title", ...), "title", "is required"),
    (put("frequency", ...), "frequency", "is required"),
    (put("subject", ...), "subject", "is required"),
    (put("sections", ...), "sections", "is required"),
    (put("sections", []), "sections", "must not be empty"),
    (put("sections", {"a": 1}), "sections", "must be a list"),
    (put("sections/0", "text"), "sections[0]", "must be a mapping"),
    (put("sections/0/items", []), "sections[0].items", "must not be empty"),
    (put("sections/0/colour", "red"), "sections[0].colour", "unknown key"),
    (put("colour", "red"), "colour", "unknown key"),
    (put("code", "a b"), "code", "must be a code"),
    (put("code", 5), "code", "must be text"),
    (put("title", "  "), "title", "must not be empty"),
    (put("frequency", "week"), "frequency", "must be one of"),
    (put("subject", "team"), "subject", "must be one of"),
    (put("rounding", {"step": 0}), "rounding.step", "greater than 0"),
    (put("rounding", {"step": "0.01", "mode": "up"}), "rounding.mode", "must be one of"),
    (put("total", {"min": 5, "max": 1}), "total.min", "greater than max"),
    (put("total", {"max": "99.999"}), "total.max", "multiple of the rounding step"),
    (put("total", {"max": 1.5}), "total.max", "is not a number"),
    (put("total", {"max": "1e400"}), "total.max", "out of range"),
    (put("total", {"max": "1e16"}), "total.max", "out of range"),
    (put("total", {"max": True}), "total.max", "is not a number"),
    (put("sections/0/max", "10.001"), "sections[0].max", "multiple of the rounding step"),
    (put("vetoes/0/total_max", "0.001"), "vetoes[0].total_max", "multiple of the rounding step"),
    (put("vetoes/0/total_max", ...), "vetoes[0].total_max", "needs total_max or grade"),
    (put("vetoes/0/grade", "差"), "vetoes[0].grade", "must be one of"),
    (put("sections/0/items/1/code", "rated"), "sections[0].items[1].code", "is used twice"),
    (put("sections/0/items/0/weight", 0), "sections[0].items[0].weight", "greater than 0"),
    (put("sections/0/items/0/weight", "-1"), "sections[0].items[0].weight", "greater than 0"),
    (put("sections/0/items/0/optional", "yes"), "sections[0].items[0].optional", "must be true or false"),
    (put("sections/0/items/0/rule", ...), "sections[0].items[0].rule", "is required"),
    (put("sections/0/items/0/rule/kind", ...), "sections[0].items[0].rule.kind", "is required"),
    (put("sections/0/items/0/rule/kind", "magic"), "sections[0].items[0].rule.kind", "must be one of"),
    (put("document/revision", "-1"), "document.revision", "must not be less than 0"),
    (put("document/revision", "1.5"), "document.revision", "must be a whole number"),
    (put("grades/1/from", 95), "grades[1].from", "lower than the grade before"),
    (put("grades/1/name", "优秀"), "grades[1].name", "is used twice"),
    (put("grades/0/share", 0), "grades[0].share", "greater than 0"),
    (put("ranking", {"tie_break": ["none"]}), "ranking.tie_break[0]", "must be one of"),
    (put("ranking", {"within": "world"}), "ranking.within", "must be one of"),
    (put("consequences/0/top", 3), "consequences[0].bottom", "exactly one"),
    (put("consequences/0/first_month_after", "off-post"), "consequences[0].months", "exactly one"),
    (put("consequences/0/bottom", 0), "consequences[0].bottom", "greater than 0"),
    (put("consequences/0/replaces", "none"), "consequences[0].replaces", "must be one of"),
    (put("consequences/0/replaces", "talk"), "consequences[0].replaces", "itself"),
    (put("consequences/0/by", ...), "consequences[0].by", "is required"),
    (put("consequences/0/kind", "magic"), "consequences[0].kind", "must be one of"),
    (steps({"kind": "test"}), "consequences[0].then[0].failed", "needs"),
    (steps({"kind": "training", "failed": 1}), "consequences[0].then[0].failed", "needs"),
    (steps({"kind": "test", "failed": 0}), "consequences[0].then[0].failed", "greater than 0"),
    (steps({"kind": "test", "failed": 1}), "consequences[0].lasts", "is required"),
    (steps({}, {}), "consequences[0].then[1].code", "is used twice"),
    (steps({"code": "talk"}), "consequences[0].then[0].code", "is used twice"),
    (put("pay/bonus/by", "grade"), "pay.bonus.coefficients", "by grade"),
    (put("pay/bonus/base", "unit"), "pay.bonus.base", "is not a number"),
    (put("pay/benefit", {"item": "rated", "of": "actual", "rate": "0.1"}), "pay.benefit.item", "attainment"),
    (put("pay/benefit", {"item": "none", "of": "actual", "rate": "0.1"}), "pay.benefit.item", "must be one of"),
    (rule("rated", levels={}), at("rated", "rule.levels"), "must not be empty"),
    (rule("rated", levels={"优秀": "五"}), at("rated", "rule.levels.优秀"), "is not a number"),
    (rule("rated", reason_for=["中"]), at("rated", "rule.reason_for[0]"), "must be one of"),
    (rule("churn", step=0), at("churn", "rule.step"), "must be greater than 0"),
    (rule("churn", better="worse"), at("churn", "rule.better"), "must be one of"),
    (rule("churn", up="-1"), at("churn", "rule.up"), "must not be less than 0"),
    (rule("churn", min=21), at("churn", "rule.min"), "greater than max"),
    (rule("churn", baseline="fixed"), at("churn", "rule.value"), "is required"),
    (rule("churn", since="soon"), at("churn", "rule.since"), "is not a period"),
    (rule("churn", since="2026-Q1"), at("churn", "rule.since"), "different frequencies"),
    (rule("churn", window=0), at("churn", "rule.window"), "greater than 0"),
    (put("sections/0/items/1/rule/measure", ...), at("churn", "rule.measure"), "is required"),
    (rule("exam", through=[[70, 0]]), at("exam", "rule.through"), "two points"),
    (rule("exam", through=[[90, 0], [70, 5]]), at("exam", "rule.through[1]"), "right of the point before"),
    (rule("exam", through=[[70, 0], [90]]), at("exam", "rule.through[1]"), "pair"),
    (rule("reply", bands=[[60, 70], [30, 100]]), at("reply", "rule.bands[1]"), "best first"),
    (rule("reply", bands=[[30, 70], [60, 100]]), at("reply", "rule.bands[1]"), "best first"),
    (rule("reply", bands=[]), at("reply", "rule.bands"), "must not be empty"),
    (rule("own", min=11), at("own", "rule.min"), "greater than max"),
    (rule("own", step="-1"), at("own", "rule.step"), "greater than 0"),
    (rule("ledger", step=1), at("ledger", "rule.step"), "beside each"),
    (rule("ledger", bonus_max="-1"), at("ledger", "rule.bonus_max"), "must not be less than 0"),
    (rule("profit", full=0), at("profit", "rule.full"), "greater than 0"),
    (rule("profit", parts=["a", "a"]), at("profit", "rule.parts[1]"), "is used twice"),
    (rule("peers", groups={"peer": "0.4"}), at("peers", "rule.groups"), "add up to 1"),
    (rule("peers", levels={"好": 5}), at("peers", "rule.scale"), "exactly one"),
    (rule("peers", at_least={"customer": 1}), at("peers", "rule.at_least.customer"), "must be one of"),
    (rule("peers", scale=[100, 0]), at("peers", "rule.scale"), "greater than max"),
    (rule("peers", scale=[-5, 0]), at("peers", "rule.scale[1]"), "greater than 0"),
    (rule("team", of=[]), at("team", "rule.of"), "must not be empty"),
    (rule("team", of="sections"), at("team", "rule.of"), "total or a list"),
    (rule("team", out_of=0), at("team", "rule.out_of"), "greater than 0"),
    (rule("formula", inputs=[]), at("formula", "rule.inputs"), "must not be empty"),
    (rule("formula", inputs=["a", "min"]), at("formula", "rule.inputs[1]"), "must be a name"),
    (rule("formula", inputs=["a", "a"]), at("formula", "rule.inputs[1]"), "is used twice"),
    (rule("formula", expression="a +"), at("formula", "rule.expression"), "is not finished"),
    (rule("formula", expression="c"), at("formula", "rule.expression"), "does not know"),
]


def test_the_example_itself_is_good() -> None:
    assert Scheme.from_data(GOOD).code == "example"


@pytest.mark.parametrize(("change", "path", "says"), MALFORMED, ids=[f"{path} {says}" for _, path, says in MALFORMED])
def test_what_is_wrong_is_refused_at_its_path(change: Callable[[Any], None], path: str, says: str) -> None:
    data = deepcopy(GOOD)
    change(data)
    with pytest.raises(SchemeError) as refusal:
        Scheme.from_data(data)
    (problem,) = refusal.value.problems
    assert problem.path == path
    assert says in problem.say(Language.EN)
    assert problem.say(Language.ZH) != problem.say(Language.EN)


def test_an_adjustment_needs_an_amount() -> None:
    data = scheme_data(
        {"rule": {"kind": "adjustments", "start": 5, "max": 5, "causes": [{"code": "a", "title": "甲"}]}}
    )
    with pytest.raises(SchemeError, match=r"rule.each: needs one of each, step"):
        Scheme.from_data(data)


def test_a_roll_up_takes_shorter_periods_only() -> None:
    rolled = {"kind": "periods", "of": "month", "take": "average", "out_of": 100, "full": 100}
    with pytest.raises(SchemeError, match=r"rule.of: must be shorter"):
        Scheme.from_data(scheme_data({"rule": rolled}))
    assert Scheme.from_data(scheme_data({"rule": rolled}, frequency="quarter")).full_marks == 100


@pytest.mark.parametrize(
    "unbounded",
    [
        {k: v for k, v in BASELINE.items() if k != "max"},
        {"kind": "attainment", "full": 10},
        {"kind": "adjustments", "step": 1},
        {"kind": "formula", "inputs": ["a"], "expression": "a"},
    ],
)
def test_an_optional_item_needs_full_marks(unbounded: dict[str, Any]) -> None:
    assert Scheme.from_data(scheme_data({"rule": unbounded})).full_marks is None
    with pytest.raises(SchemeError, match=r"sections\[0\].items\[0\].rule.max"):
        Scheme.from_data(scheme_data({"rule": unbounded, "optional": True}))


def test_a_scheme_survives_being_stored() -> None:
    scheme = Scheme.from_data(GOOD)
    stored = scheme.to_data()
    assert Scheme.from_data(stored) == scheme
    assert Scheme.from_data(stored).to_data() == stored
    assert stored["sections"][0]["items"][1]["rule"]["at_baseline"] == "15"


def test_what_is_left_out_has_its_default() -> None:
    scheme = Scheme.from_data({key: GOOD[key] for key in ("code", "title", "frequency", "subject", "sections")})
    assert (scheme.rounding.step, scheme.rounding.mode) == (Decimal("0.01"), "half-up")
    assert (scheme.total.min, scheme.total.max) == (0, 100)
    assert scheme.ranking.within == "unit"
    assert scheme.family == "example"
    assert (scheme.consequences, scheme.pay, scheme.vetoes, scheme.document) == ((), None, (), None)


def test_an_unreachable_total_gets_a_warning() -> None:
    scheme = Scheme.from_data(scheme_data({"rule": {"kind": "points", "max": 10}}, total={"max": 20}))
    (warning,) = scheme.warnings
    assert (warning.path, warning.say(Language.EN)) == ("total.max", "can't be reached: the full marks add up to 10")


def test_weights_that_do_not_add_up_to_one_get_a_warning() -> None:
    item = {"rule": {"kind": "points", "max": 100}}
    off = Scheme.from_data(scheme_data(item | {"weight": "0.5"}, item | {"weight": "0.4"}, total={"max": 90}))
    even = Scheme.from_data(scheme_data(item | {"weight": "0.6"}, item | {"weight": "0.4"}, total={"max": 100}))
    assert [str(warning.path) for warning in off.warnings] == ["sections"]
    assert even.warnings == ()


def test_a_parameter_without_effect_gets_a_warning() -> None:
    scheme = Scheme.from_data(
        scheme_data({"rule": BASELINE | {"baseline": "previous", "window": 3}}, total={"max": 20})
    )
    assert [warning.path for warning in scheme.warnings] == ["sections[0].items[0].rule.window"]


def test_full_marks_follow_weights_and_clamps() -> None:
    data = scheme_data({"rule": {"kind": "points", "max": 100}, "weight": "0.3"}, {"rule": BASELINE})
    scheme = Scheme.from_data(data)
    assert scheme.items["item-1"].full_marks == 30
    assert scheme.full_marks == 50
    data["sections"][0]["max"] = 40
    assert Scheme.from_data(data).full_marks == 40
