"""Amounts of money as an item's input lists them: plain numbers, or sums in another currency at the rate of a day."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from workflow.numbers import EXACT, Exact, add, multiply
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import day_at, list_at, number_at, present, text_at
from workflow.scoring.parts import IS_REQUIRED, MUST_BE_POSITIVE
from workflow.wording import Phrase

MONTHS = 12
MONEY_KEYS = frozenset({"amount", "currency", "rate", "on", "source", "customers"})
YEARLY_KEYS = MONEY_KEYS | {"months"}
COUNT_OF_MONTHS = Phrase("必须是 1 至 12 的整数", "must be a whole number from 1 to 12")

NOT_FOREIGN = Decimal(1)


class Money(NamedTuple):
    """One amount: what it is worth in the company's currency, how many of twelve months count, and at which rate."""

    amount: Decimal
    rate: Decimal = NOT_FOREIGN
    currency: str = ""
    on: str | None = None
    source: str | None = None
    months: int | None = None
    customers: int | None = None

    @property
    def worth(self) -> Decimal:
        """The amount in the company's currency."""
        return EXACT.multiply(self.amount, self.rate)

    def counted(self, months: int) -> Exact:
        """What counts of a yearly amount: the months it names, or else so many of the twelve."""
        counting = months if self.months is None else self.months
        return self.worth if counting == MONTHS else multiply(self.worth, Fraction(counting, MONTHS))


def read_money(given: Mapping[str, Any], key: str, *, yearly: bool = False) -> list[Money]:
    """Read the amounts listed under a key; raises InputError naming the place. Only `yearly` ones may name months."""
    allowed = YEARLY_KEYS if yearly else MONEY_KEYS
    found = []
    for place, data in enumerate(list_at(given, key)):
        try:
            found.append(_money(data, allowed))
        except InputError as error:
            raise error.under(f"{key}[{place}]") from None
    return found


def _money(data: object, allowed: frozenset[str]) -> Money:
    """Read a number in the company's currency, or `{amount, currency, rate}` at the rate of its day."""
    if not isinstance(data, Mapping):
        return Money(number_at({"": data}, ""))
    fields = present(data, allowed)
    currency = text_at(fields, "currency", IS_REQUIRED)
    rate = number_at(fields, "rate")
    if rate <= 0:
        raise InputError("rate", MUST_BE_POSITIVE)
    return Money(
        number_at(fields, "amount"),
        rate,
        currency,
        day_at(fields, "on") if "on" in fields else None,
        text_at(fields, "source") if "source" in fields else None,
        _months(fields),
        int(number_at(fields, "customers")) if "customers" in fields else None,
    )


def _months(fields: Mapping[str, Any]) -> int | None:
    if "months" not in fields:
        return None
    months = number_at(fields, "months")
    if months != months.to_integral_value() or not 1 <= months <= MONTHS:
        raise InputError("months", COUNT_OF_MONTHS)
    return int(months)


def total_worth(amounts: Sequence[Money], months: int = MONTHS) -> Exact:
    """Add amounts up in the company's currency, of yearly ones what counts."""
    total: Exact = Decimal(0)
    for money in amounts:
        total = add(total, money.counted(months))
    return total


def note_rates(amounts: Iterator[Money], trace: Trace) -> None:
    """Note each rate that was used once: with its day, and whether it is a stored one."""
    used = {(money.currency, money.rate, money.on, money.source): None for money in amounts if money.currency}
    for currency, rate, on, source in used:
        if rate == NOT_FOREIGN and source is None:
            continue
        how = "stored" if source is not None and on is not None else "given" if on is None else "dated"
        trace.add("rate", how=how, currency=currency, rate=rate, on=on, source=source)
