"""Amounts of money as an item's input lists them: plain numbers, or sums in another currency at the rate of a day."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from workflow.numbers import EXACT, Exact, add, multiply
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import day_at, list_at, number_at, present, text_at
from workflow.scoring.parts import IS_REQUIRED, MUST_BE_POSITIVE
from workflow.wording import Phrase

COMPANY_CURRENCY = "CNY"
"""The currency in which the company reckons: a plain number is an amount in it."""

MONTHS = 12
MONEY_KEYS = frozenset({"amount", "currency", "rate", "on", "source"})
COUNT_OF_MONTHS = Phrase("必须是 1 至 12 的整数", "must be a whole number from 1 to 12")

NOT_FOREIGN = Decimal(1)


class Money(NamedTuple):
    """One amount, in which currency and at which rate; of a yearly one how many of twelve months count.

    What comes from the portfolio says from how many `customers`, a stored rate says its `source`; both follow what
    is stored, and the rate may not be known yet.
    """

    amount: Decimal
    rate: Decimal | None = NOT_FOREIGN
    currency: str = ""
    on: str | None = None
    source: str | None = None
    months: int | None = None
    customers: int | None = None

    @property
    def worth(self) -> Decimal:
        """The amount in the company's currency; raises ValueError while its rate is not known."""
        if self.rate is None:
            raise ValueError(self.currency)
        return EXACT.multiply(self.amount, self.rate)

    def counted(self, months: int) -> Exact:
        """What counts of a yearly amount: the months it names, or else so many of the twelve."""
        counting = months if self.months is None else self.months
        return self.worth if counting == MONTHS else multiply(self.worth, Fraction(counting, MONTHS))


def read_money(given: Mapping[str, Any], key: str, also: frozenset[str]) -> list[Money]:
    """Read the amounts listed under a key, which may have further keys too; raises InputError naming the place."""
    allowed = MONEY_KEYS | also
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
    return Money(
        number_at(fields, "amount"),
        _rate(fields),
        currency,
        day_at(fields, "on") if "on" in fields else None,
        text_at(fields, "source") if "source" in fields else None,
        _months(fields),
        int(number_at(fields, "customers")) if "customers" in fields else None,
    )


def _rate(fields: Mapping[str, Any]) -> Decimal | None:
    """Read the rate; only what comes from the portfolio, or names where its rate is stored, may wait for one."""
    if "rate" not in fields and not fields.keys().isdisjoint({"customers", "source"}):
        return None
    rate = number_at(fields, "rate")
    if rate <= 0:
        raise InputError("rate", MUST_BE_POSITIVE)
    return rate


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


def note_rates(amounts: Iterable[Money], trace: Trace) -> None:
    """Note each rate that was used once: with its day, and whether it is a stored one."""
    used = {(money.currency, money.rate, money.on, money.source): None for money in amounts if money.currency}
    for currency, rate, on, source in used:
        if rate == NOT_FOREIGN and source is None:
            continue
        how = "missing" if rate is None else "given" if on is None else "dated" if source is None else "stored"
        trace.add("rate", how=how, currency=currency, rate=rate, on=on, source=source)
