"""A second engine, written from the contract alone: slow, plain, over fractions, sharing no code with the first.

It takes the plain data of a scheme and of a card, as they stand in the files, and knows valid inputs only.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

Json = dict[str, Any]


class Incomplete(Exception):
    """The item has no points; the argument says why."""


def score(scheme: Json, card: Json) -> Json:
    points: dict[str, Fraction | None] = {}
    missing: dict[str, str] = {}
    step, mode = rounding_of(scheme)
    for section in scheme["sections"]:
        for item in section["items"]:
            code = item["code"]
            try:
                exact = item_points(
                    item["rule"], card["inputs"].get(code), card["period"], card.get("history", {}).get(code, {})
                )
            except Incomplete as reason:
                missing[code] = str(reason)
                points[code] = None
            else:
                points[code] = None if exact is None else rounded(exact * weight_of(item), step, mode)
    sections = {section["code"]: section_points(section, points, missing, step, mode) for section in scheme["sections"]}
    limits = {"min": 0, "max": 100} | scheme.get("total", {})
    total = clamp(sum(sections.values(), Fraction(0)), limits)
    order = [section_item["code"] for section in scheme["sections"] for section_item in section["items"]]
    return {
        "items": points,
        "sections": sections,
        "missing": {code: missing[code] for code in order if code in missing},
        "provisional_total": total,
        "total": None if missing else total,
        "grade": None
        if missing
        else next((g["name"] for g in scheme.get("grades", []) if F(g["from"]) <= total), None),
    }


def F(number: Any) -> Fraction:  # noqa: N802 - as short as the arithmetic wants it
    return Fraction(str(number))


def rounding_of(scheme: Json) -> tuple[Fraction, str]:
    rounding = scheme.get("rounding", {})
    return F(rounding.get("step", "0.01")), rounding.get("mode", "half-up")


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    steps = value / step
    low = steps.numerator // steps.denominator
    rest = steps - low
    if mode == "down":
        whole = low if value >= 0 or rest == 0 else low + 1
    elif rest != Fraction(1, 2):
        whole = low if rest < Fraction(1, 2) else low + 1
    elif mode == "half-even":
        whole = low if low % 2 == 0 else low + 1
    else:
        whole = low + 1 if value >= 0 else low
    return whole * step


def weight_of(item: Json) -> Fraction:
    return F(item.get("weight", 1))


def clamp(value: Fraction, limits: Json) -> Fraction:
    if limits.get("max") is not None:
        value = min(value, F(limits["max"]))
    if limits.get("min") is not None:
        value = max(value, F(limits["min"]))
    return value


def section_points(
    section: Json, points: dict[str, Any], missing: dict[str, str], step: Fraction, mode: str
) -> Fraction:
    codes = [item["code"] for item in section["items"]]
    left_out = [code for code in codes if points[code] is None and code not in missing]
    added = sum((points[code] for code in codes if points[code] is not None), Fraction(0))
    if left_out:
        full = {item["code"]: most(item["rule"]) * weight_of(item) for item in section["items"]}
        kept = sum(full[code] for code in codes if code not in left_out)
        if kept <= 0:
            missing.update(dict.fromkeys(left_out, "not_applicable"))
        else:
            added = rounded(added * sum(full.values()) / kept, step, mode)
    return clamp(added, section)


def most(rule: Json) -> Fraction:
    match rule["kind"]:
        case "rating":
            return max(F(points) for points in rule["levels"].values())
        case "linear":
            return max(F(y) for _, y in rule["through"])
        case "bands":
            return max([F(rule.get("otherwise", 0)), *(F(points) for _, points in rule["bands"])])
        case "team" | "raters" | "periods":
            return F(rule["full"])
        case "adjustments":
            fixed = [rule.get("each", 0), *(cause.get("points", 0) for cause in rule.get("causes", []))]
            adds = "step" in rule or any(F(amount) > 0 for amount in fixed)
            if not adds or "bonus_max" in rule:
                return clamp(F(rule.get("start", 0)) + (F(rule["bonus_max"]) if adds else 0), rule)
        case "baseline" if F(rule["up"]) == 0:
            return clamp(F(rule["at_baseline"]), rule)
    return F(rule["max"])


def item_points(rule: Json, data: Any, period: str, history: Json) -> Fraction | None:
    if not data:
        raise Incomplete("no_input")
    if data.get("not_applicable"):
        return None
    return globals()[f"by_{rule['kind']}"](rule, data, period, history)


def by_rating(rule: Json, data: Json, *_: Any) -> Fraction:
    return F(rule["levels"][data["level"]])


def by_points(_: Json, data: Json, *__: Any) -> Fraction:
    return F(data["points"])


def month(label: str) -> int:
    return int(label[:4]) * 12 + int(label[5:])


def by_baseline(rule: Json, data: Json, period: str, history: Json) -> Fraction:
    value = F(data["value"])
    baseline = F(data["baseline"]) if "baseline" in data else find_baseline(rule, period, history)
    deviation = baseline - value if rule["better"] == "lower" else value - baseline
    if rule["measure"] == "relative":
        if baseline == 0:
            raise Incomplete("zero_baseline")
        deviation = deviation / abs(baseline) * 100
    steps = abs(deviation) / F(rule["step"])
    if rule.get("partial", "whole") == "whole":
        steps = Fraction(steps.numerator // steps.denominator)
    moved = steps * F(rule["up"]) if deviation > 0 else -steps * F(rule["down"])
    return clamp(F(rule["at_baseline"]) + moved, rule)


def find_baseline(rule: Json, period: str, history: Json) -> Fraction:
    if rule["baseline"] == "fixed":
        return F(rule["value"])
    now = month(period)
    earlier = {
        now - month(label): value for label, value in history.items() if month(label) < now and value is not None
    }
    if rule["baseline"] == "previous":
        values = [F(earlier[1])] if 1 in earlier else []
    else:
        within = {age: value for age, value in earlier.items() if age <= rule.get("window", 10**6)}
        if "since" in rule:
            within = {age: value for age, value in within.items() if now - age >= month(rule["since"])}
        values = [F(one) for value in within.values() for one in (value if isinstance(value, list) else [value])]
    if not values:
        raise Incomplete("no_baseline")
    return min(values) if rule["baseline"] == "history-min" else max(values)


def by_linear(rule: Json, data: Json, *_: Any) -> Fraction:
    value = F(data["value"])
    points = [(F(x), F(y)) for x, y in rule["through"]]
    if value <= points[0][0]:
        return points[0][1]
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 <= value <= x2:
            return y1 + (y2 - y1) * (value - x1) / (x2 - x1)
    return points[-1][1]


def by_bands(rule: Json, data: Json, *_: Any) -> Fraction:
    value = F(data["value"])
    for bound, points in rule["bands"]:
        if value >= F(bound) if rule["better"] == "higher" else value <= F(bound):
            return F(points)
    return F(rule.get("otherwise", 0))


def by_adjustments(rule: Json, data: Json, *_: Any) -> Fraction:
    causes = {cause["code"]: cause for cause in rule.get("causes", [])}
    amounts = []
    for entry in data["adjustments"]:
        if "points" in entry:
            amounts.append(F(entry["points"]))
            continue
        each = causes.get(entry.get("cause"), {}).get("points", rule.get("each"))
        amounts.append(F(entry.get("count", 1)) * F(each))
    additions = sum((amount for amount in amounts if amount > 0), Fraction(0))
    deductions = -sum((amount for amount in amounts if amount < 0), Fraction(0))
    if "bonus_max" in rule:
        additions = min(additions, F(rule["bonus_max"]))
    if "deduction_max" in rule:
        deductions = min(deductions, F(rule["deduction_max"]))
    return clamp(F(rule.get("start", 0)) + additions - deductions, rule)


def by_attainment(rule: Json, data: Json, *_: Any) -> Fraction:
    if "parts" in rule:
        parts = data["parts"].values()
        actual = sum((money(amount) for part in parts for amount in part["actual"]), Fraction(0))
        target = sum(
            (money(amount) for part in parts for side in ("base", "growth") for amount in part[side]), Fraction(0)
        )
    else:
        actual, target = F(data["actual"]), F(data["target"])
    if target <= 0:
        raise Incomplete("zero_target")
    return clamp(F(rule["full"]) * actual / target, rule)


def money(amount: Any) -> Fraction:
    return F(amount["amount"]) * F(amount["rate"]) if isinstance(amount, dict) else F(amount)


def by_team(rule: Json, data: Json, *_: Any) -> Fraction:
    values = []
    for member in data["members"]:
        if rule["of"] == "total":
            values.append(member.get("total"))
        else:
            parts = [member.get("sections", {}).get(code) for code in rule["of"]]
            values.append(None if None in parts else sum(F(part) for part in parts))
    if not values or None in values:
        raise Incomplete("members_open")
    return sum((F(value) for value in values), Fraction(0)) / len(values) / F(rule["out_of"]) * F(rule["full"])


def by_raters(rule: Json, data: Json, *_: Any) -> Fraction:
    result = Fraction(0)
    for group, weight in rule["groups"].items():
        given = [one for one in data["ratings"] if one["group"] == group]
        if len(given) < rule.get("at_least", {}).get(group, 1):
            raise Incomplete("too_few_ratings")
        values = [F(one["value"]) if "scale" in rule else F(rule["levels"][one["level"]]) for one in given]
        result += F(weight) * sum(values) / len(values)
    top = F(rule["scale"][1]) if "scale" in rule else max(F(points) for points in rule["levels"].values())
    return result / top * F(rule["full"])


def by_periods(rule: Json, data: Json, *_: Any) -> Fraction:
    totals = [F(total) for total in data["totals"]]
    if not totals:
        raise Incomplete("no_input")
    taken = {"sum": sum(totals), "average": Fraction(sum(totals)) / len(totals), "last": totals[-1]}[rule["take"]]
    return Fraction(taken) / F(rule["out_of"]) * F(rule["full"])


def by_formula(rule: Json, data: Json, *_: Any) -> Fraction:
    """Python's own evaluation, over fractions: good enough beside expressions that the tests themselves wrote."""
    inputs = {name: F(data[name]) for name in rule["inputs"]}
    exact = re.sub(r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)", r"Fraction('\1')", rule["expression"])
    names: Json = {"__builtins__": {}, "min": min, "max": max, "abs": abs, "Fraction": Fraction} | inputs
    try:
        return clamp(Fraction(eval(exact, names)), rule)  # noqa: S307
    except ZeroDivisionError:
        raise Incomplete("zero_divisor") from None
