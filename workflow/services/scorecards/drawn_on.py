"""What an item drew on when it was scored, read back from its basis, so that it can be scored again as it was then."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflow.scoring.periods import Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.base import ItemContext, Rule
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.rules.periods import PeriodsRule
from workflow.scoring.rules.team import TeamRule

Basis = Sequence[Mapping[str, Any]]

DRAWING = (AttainmentRule, BaselineRule, PeriodsRule, TeamRule)
"""The kinds of rules that draw on more than their input: of all others the basis need not be read."""


def context_of_basis(rule: Rule, basis: Basis, period: Period) -> ItemContext:
    """Give a context in which the rule finds again what it drew on, whatever has been measured or revised since."""
    if isinstance(rule, BaselineRule):
        return ItemContext(period=period, history=history_of_basis(rule, basis))
    if isinstance(rule, AttainmentRule):
        return ItemContext(period=period, history=_earlier(basis))
    if isinstance(rule, TeamRule):
        return ItemContext(period=period, members=_members(rule, basis))
    if isinstance(rule, PeriodsRule):
        values = _values(basis, "totals")
        return ItemContext(period=period, totals=values["totals"].split(" + ") if values else None)
    return ItemContext(period=period)


def history_of_basis(rule: BaselineRule, basis: Basis) -> Mapping[str, Any]:
    """Give the history that gives this baseline again; nothing where it came from none."""
    values = _values(basis, "baseline")
    if "period" not in values:
        return {}
    return {values["period"]: [values["baseline"]] if rule.is_listed else values["baseline"]}


def _earlier(basis: Basis) -> Mapping[str, Any]:
    """Give the actuals of the earlier periods that were added up."""
    steps = (each["values"] for each in basis if each["step"] == "contribution")
    return {values["period"]: values.get("amount") for values in steps if values["how"] != "own"}


def _members(rule: TeamRule, basis: Basis) -> list[dict[str, Any]] | None:
    """Give as many members with the same sum: the first has all of it, since only the mean counts."""
    values = _values(basis, "members")
    if not values:
        return None
    sums = [values["total"], *["0"] * (int(values["count"]) - 1)]
    if isinstance(rule.of, str):
        return [{"total": each} for each in sums]
    first, *others = rule.of
    return [{"sections": {first: each, **dict.fromkeys(others, "0")}} for each in sums]


def _values(basis: Basis, step: str) -> Mapping[str, Any]:
    return next((each["values"] for each in basis if each["step"] == step), {})
