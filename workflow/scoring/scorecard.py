"""A scored card, and how it is written out."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from workflow.numbers import Rounding, plain
from workflow.scoring.basis import render_basis
from workflow.scoring.card import ItemOutcome, SectionTotal, Totals, VetoEffect
from workflow.scoring.missing import say_missing
from workflow.scoring.pay import PayResult
from workflow.scoring.periods import Period
from workflow.wording import Language

PLACES_OF_STR = 6


class Scorecard(NamedTuple):
    """A scored card: the outcome of every item by code, in the order of the scheme, and the totals; `show` prints points."""

    scheme: str
    period: Period
    show: Callable[[Decimal], str]
    items: Mapping[str, ItemOutcome]
    totals: Totals
    pay: PayResult | None = None

    def to_data(self, language: Language, *, basis: bool = True) -> dict[str, Any]:
        """The JSON structure that `kaogong score` prints; points as text with the step's decimals."""
        totals, show = self.totals, self.show
        data: dict[str, Any] = {
            "scheme": self.scheme,
            "period": self.period.label,
            "complete": totals.complete,
            "total": None if totals.total is None else show(totals.total),
            "provisional_total": show(totals.provisional_total),
            "grade": totals.grade,
            "pay": None if self.pay is None else pay_data(self.pay, language, basis=basis),
            "missing": [
                {"item": code, "reason": reason.value, "text": say_missing(reason, language)}
                for code, reason in totals.missing
            ],
            "sections": [section_data(section, show) for section in totals.sections],
            "items": [
                {"code": code, "points": None if outcome.points is None else show(outcome.points)}
                for code, outcome in self.items.items()
            ],
        }
        if basis:
            for item in data["items"]:
                item["basis"] = render_basis(self.items[item["code"]].basis, language)
        return data | {"vetoes": [veto_data(veto) for veto in totals.vetoes]} if totals.vetoes else data


def shower(rounding: Rounding) -> Callable[[Decimal], str]:
    """How rounded points are printed; `str` does it for up to six decimals, beyond which it would use exponents."""
    return str if rounding.places <= PLACES_OF_STR else rounding.show


def section_data(section: SectionTotal, show: Callable[[Decimal], str]) -> dict[str, Any]:
    """A section as plain data; `scaling` only where items were left out."""
    data: dict[str, Any] = {"code": section.code, "points": show(section.points)}
    return data if section.scaling is None else data | {"scaling": show(section.scaling)}


def veto_data(veto: VetoEffect) -> dict[str, Any]:
    """A veto that stood, with what it limits."""
    return {
        "code": veto.code,
        "total_max": None if veto.total_max is None else plain(veto.total_max),
        "grade": veto.grade,
    }


def pay_data(pay: PayResult, language: Language, *, basis: bool) -> dict[str, Any]:
    """The parts of the pay and their sum; null what can't be known yet."""
    data: dict[str, Any] = {name: None if amount is None else str(amount) for name, amount in pay.parts.items()}
    total = pay.total
    data["total"] = None if total is None else str(total)
    return data | {"basis": render_basis(pay.basis, language)} if basis else data
