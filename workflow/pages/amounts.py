"""Amounts of money as they are typed on the card: `2000 + 800 USD`, or `800 USD @7.1` with a rate of one's own."""

from collections.abc import Mapping
from typing import Any

from workflow.pages.views.cards import AmountCell, PartAmounts
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.base import Rule
from workflow.scoring.rules.formula import FormulaRule
from workflow.scoring.rules.money import COMPANY_CURRENCY

SIDES = ("actual", "base", "growth")
PLAIN = ("actual", "target")


def named_inputs(rule: Rule) -> tuple[str, ...]:
    """Give what is put in by name: the inputs of a formula, actual and target of a plain ratio."""
    if isinstance(rule, FormulaRule):
        return rule.inputs
    return PLAIN if isinstance(rule, AttainmentRule) and not rule.parts else ()


def part_rows(rule: Rule, entered: Mapping[str, Any]) -> tuple[PartAmounts, ...]:
    """Show the amounts of each part of an attainment item."""
    if not isinstance(rule, AttainmentRule):
        return ()
    parts = entered.get("parts", {})
    return tuple(PartAmounts(name, tuple(_cell(key, parts.get(name, {})) for key in SIDES)) for name in rule.parts)


def _cell(key: str, part: Mapping[str, Any]) -> AmountCell:
    amounts = part.get(key, ())
    typed = [_text(each) for each in amounts if not _is_derived(each)]
    return AmountCell(key, " + ".join(typed), " + ".join(_text(each) for each in amounts if _is_derived(each)))


def _text(amount: Any) -> str:
    if not isinstance(amount, Mapping):
        return str(amount)
    foreign = "" if amount["currency"] == COMPANY_CURRENCY else f" {amount['currency']}"
    by_hand = f" @{amount['rate']}" if foreign and "rate" in amount and "source" not in amount else ""
    months = f" × {amount['months']}/12" if "months" in amount else ""
    return f"{amount['amount']}{foreign}{by_hand}{months}"


def _is_derived(amount: Any) -> bool:
    return isinstance(amount, Mapping) and "customers" in amount
