"""Pay that follows from a scored card: base wage, benefit wage, bonus, each with its arithmetic. Amounts to 0.01."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from workflow.numbers import EXACT, Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import BasisStep, Trace
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import number
from workflow.scoring.parts import MUST_BE_ONE_OF, MUST_NOT_BE_NEGATIVE
from workflow.scoring.rules.attainment import Amounts, AttainmentRule
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Benefit, BenefitOf, Bonus, BonusBase, BonusBy, Pay
from workflow.wording import Phrase

round_to_cents = Rounding().compile()
ZERO = Decimal("0.00")
PERCENT = Decimal("0.01")
MINUS = Decimal(-1)
# How what is measured is written out of actual, base, growth and target.
MEASURED = {
    BenefitOf.ACTUAL: "{0}",
    BenefitOf.INCREMENT: "({0} - {1})",
    BenefitOf.COMPLETION: "{0} ÷ {3}",
}
SHARE_RANGE = Phrase("必须在 0 至 1 之间", "must be from 0 to 1")


class PayFacts(NamedTuple):
    """What pay needs besides the card's points; `bonus_stopped` is a confirmed consequence with `bonus: none`."""

    level: str | None = None
    attendance: Decimal | None = None
    bonus_base: Decimal | None = None
    bonus_stopped: bool = False

    @classmethod
    def read(cls, level: str | None, attendance: object, bonus_base: object) -> "PayFacts":
        """Read from a card; an attended share outside 0 to 1 or a base below 0 raises InputError."""
        if level is attendance is bonus_base is None:
            return NO_FACTS
        return cls(level=level, attendance=_share(attendance), bonus_base=_amount(bonus_base))


NO_FACTS = PayFacts()


class Result(NamedTuple):
    """What pay needs of a scored card: its total and its grade, None while the card is incomplete."""

    total: Decimal | None
    grade: str | None


class PayResult(NamedTuple):
    """The parts of the pay that the scheme knows; a part that can't be known yet is None and named in `missing`."""

    parts: Mapping[str, Decimal | None]
    basis: tuple[BasisStep, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that can't be known yet."""
        return tuple(name for name, amount in self.parts.items() if amount is None)

    @property
    def total(self) -> Decimal | None:
        """The sum of the parts; None while one is missing."""
        total = ZERO
        for amount in self.parts.values():
            if amount is None:
                return None
            total = EXACT.add(total, amount)
        return total


def pay_of(
    scheme: Scheme, result: Result, inputs: Mapping[str, Any], facts: PayFacts, *, basis: bool = True
) -> PayResult | None:
    """The pay of a scored card; None where the scheme says nothing about pay. An unknown level raises InputError."""
    if scheme.pay is None:
        return None
    trace = Trace() if basis else None
    parts: dict[str, Decimal | None] = {}
    if scheme.pay.base is not None:
        parts["base"] = _base_wage(scheme.pay.base, facts, trace)
    if scheme.pay.benefit is not None:
        parts["benefit"] = _benefit(scheme, scheme.pay.benefit, inputs, trace)
    if scheme.pay.bonus is not None:
        parts["bonus"] = _bonus(scheme.pay, scheme.pay.bonus, result, facts, trace)
    return PayResult(parts=parts, basis=() if trace is None else tuple(trace.steps))


def _base_wage(wages: Mapping[str, Decimal], facts: PayFacts, trace: Trace | None) -> Decimal | None:
    if facts.level is None:
        return None
    if facts.level not in wages:
        raise InputError("level", MUST_BE_ONE_OF, choices=" / ".join(wages))
    wage = round_to_cents(wages[facts.level])
    if trace is not None:
        trace.add("pay", how="base", level=facts.level, amount=wage)
    return wage


def _benefit(scheme: Scheme, benefit: Benefit, inputs: Mapping[str, Any], trace: Trace | None) -> Decimal | None:
    rule, data = scheme.items[benefit.item].rule, inputs.get(benefit.item)
    if not isinstance(rule, AttainmentRule) or not data or "not_applicable" in data:
        return None
    amounts = rule.amounts(data)
    if amounts is None or (benefit.of is BenefitOf.COMPLETION and amounts.target <= 0):
        return None
    measured = _measured(benefit.of, amounts)
    wage = round_to_cents(multiply(measured, benefit.rate))
    if trace is not None:
        shown = MEASURED[benefit.of].format(*(plain(amount) for amount in (*amounts, amounts.target)))
        trace.add("pay", how="benefit", expression=f"{shown} × {plain(benefit.rate)}", amount=wage)
    return wage


def _measured(of: BenefitOf, amounts: Amounts) -> Exact:
    if of is BenefitOf.ACTUAL:
        return amounts.actual
    if of is BenefitOf.INCREMENT:
        return add(amounts.actual, multiply(amounts.base, MINUS))
    return divide(amounts.actual, amounts.target)


def _bonus(pay: Pay, bonus: Bonus, result: Result, facts: PayFacts, trace: Trace | None) -> Decimal | None:
    if facts.bonus_stopped:
        if trace is not None:
            trace.add("pay", how="stopped", amount=ZERO)
        return ZERO
    base, factor = _bonus_base(pay, bonus, facts), _factor(bonus, result)
    attended = facts.attendance if bonus.attendance else Decimal(1)
    if base is None or factor is None or attended is None:
        return None
    amount = round_to_cents(multiply(multiply(base, factor), attended))
    if trace is not None:
        shown = f"{result.total} ÷ 100" if bonus.by is BonusBy.SCORE else plain(factor)
        share = f" × {plain(attended)}" if bonus.attendance else ""
        trace.add("pay", how="bonus", expression=f"{plain(base)} × {shown}{share}", amount=amount)
    return amount


def _bonus_base(pay: Pay, bonus: Bonus, facts: PayFacts) -> Decimal | None:
    if isinstance(bonus.base, Decimal):
        return bonus.base
    if bonus.base is BonusBase.PERSON:
        return facts.bonus_base
    return None if facts.level is None else (pay.base or {}).get(facts.level)


def _factor(bonus: Bonus, result: Result) -> Decimal | None:
    """By what the base is multiplied; None while the total, or a coefficient for the grade, is not known."""
    if result.total is None:
        return None
    if bonus.by is BonusBy.SCORE:
        return EXACT.multiply(result.total, PERCENT)
    return None if result.grade is None else bonus.coefficients.get(result.grade)


def _share(data: object) -> Decimal | None:
    share = _amount(data, "attendance")
    if share is not None and share > 1:
        raise InputError("attendance", SHARE_RANGE)
    return share


def _amount(data: object, key: str = "bonus_base") -> Decimal | None:
    if data is None:
        return None
    try:
        amount = number(data)
    except InputError as error:
        raise error.under(key) from None
    if amount < 0:
        raise InputError(key, MUST_NOT_BE_NEGATIVE)
    return amount
