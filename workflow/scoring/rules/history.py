"""The earlier values of an item, from which a baseline is taken."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workflow.numbers import NumberError, parse_number
from workflow.scoring.errors import HistoryError
from workflow.scoring.parts import MUST_BE_LIST
from workflow.scoring.periods import FREQUENCY_NAMES, NOT_A_PERIOD, Frequency, Period, PeriodError
from workflow.wording import Phrase

WRONG_FREQUENCY = Phrase("期间应按{frequency}", "must be the label of a {frequency}")


@lru_cache(maxsize=4096)
def _ordinal(label: str, frequency: Frequency) -> int:
    try:
        period = Period.parse(label)
    except PeriodError as error:
        raise HistoryError(label, error.phrase) from None
    if period.frequency is not frequency:
        raise HistoryError(label, WRONG_FREQUENCY, frequency=FREQUENCY_NAMES[frequency])
    return period.ordinal


def values_between(
    history: Mapping[str, Any], frequency: Frequency, first: int | None, last: int, *, listed: bool
) -> list[Decimal]:
    """The values of the periods from `first` (None: from the beginning) to `last`, both by ordinal.

    With `listed` every period holds a list of values. A label or value that is wrong raises HistoryError.
    """
    found: list[Decimal] = []
    for label, value in history.items():
        ordinal = _ordinal(_text(label), frequency)
        if ordinal > last or (first is not None and ordinal < first) or value is None:
            continue
        try:
            if listed:
                found.extend(parse_number(one) for one in _list(label, value) if one is not None)
            else:
                found.append(parse_number(value))
        except NumberError as error:
            raise HistoryError(label, error.phrase) from None
    return found


def period_of(history: Mapping[str, Any], period: Period, baseline: Decimal, *, listed: bool) -> str:
    """The label of the newest earlier period in which the value stood."""
    earlier = sorted(_earlier(history, period), reverse=True)
    for _, label in earlier:
        values = history[label] if listed else [history[label]]
        if any(one is not None and parse_number(one) == baseline for one in values or []):
            return label
    raise LookupError(baseline)


def _earlier(history: Mapping[str, Any], period: Period) -> Iterator[tuple[int, str]]:
    for label in history:
        ordinal = _ordinal(label, period.frequency)
        if ordinal < period.ordinal:
            yield ordinal, label


def _text(label: object) -> str:
    if not isinstance(label, str):
        raise HistoryError(str(label), NOT_A_PERIOD)
    return label


def _list(label: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise HistoryError(label, MUST_BE_LIST)
    return value
