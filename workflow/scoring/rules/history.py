"""The earlier values of an item, from which a baseline is taken."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workflow.numbers import NumberError, parse_number, parse_text
from workflow.scoring.errors import HistoryError
from workflow.scoring.periods import FREQUENCY_NAMES, Frequency, Period, PeriodError, read_label
from workflow.wording import Phrase

WRONG_FREQUENCY = Phrase("期间应按{frequency}", "must be the label of a {frequency}")


@lru_cache(maxsize=4096)
def ordinal_of(label: object, frequency: Frequency) -> int:
    """The place of an earlier period in time; a label that is none of the frequency raises HistoryError."""
    try:
        period = read_label(label)
    except PeriodError as error:
        raise HistoryError(str(label), error.phrase) from None
    if period.frequency is not frequency:
        raise HistoryError(str(label), WRONG_FREQUENCY, frequency=FREQUENCY_NAMES[frequency])
    return period.ordinal


def values_between(
    history: Mapping[str, Any], frequency: Frequency, first: int, last: int, *, listed: bool
) -> list[Decimal]:
    """The values of the periods from `first` to `last`, both by ordinal; with `listed` a period may hold several.

    A label or value that is wrong raises HistoryError.
    """
    labels = _labels_between(tuple(history), frequency, first, last)
    values = [history[label] for label in labels]
    try:
        return list(map(parse_text, values))
    except (TypeError, ValueError):
        return [number for label in labels for number in _numbers(label, history[label], listed=listed)]


@lru_cache(maxsize=256)
def _labels_between(labels: tuple[Any, ...], frequency: Frequency, first: int, last: int) -> tuple[str, ...]:
    """The labels of those periods; the histories of many subjects have the same ones."""
    return tuple(label for label in labels if first <= ordinal_of(label, frequency) <= last)


def _numbers(label: str, value: object, *, listed: bool) -> list[Decimal]:
    """The values of one period where they are not all plain texts: null is no value."""
    try:
        return [parse_number(one) for one in _each(value, listed=listed) if one is not None]
    except NumberError as error:
        raise HistoryError(label, error.phrase) from None


def _each(value: object, *, listed: bool) -> list[Any]:
    return value if listed and isinstance(value, list) else [value]


def ordered_values(history: Mapping[str, Any], first: Period, last: Period) -> dict[str, Decimal | None]:
    """The values of the periods from `first` to `last` by label, oldest first; None where one is known to be missing.

    A label or value that is wrong raises HistoryError.
    """
    frequency = first.frequency
    found: dict[str, Decimal | None] = {}
    for label in sorted(history, key=lambda label: ordinal_of(label, frequency)):
        if first.ordinal <= ordinal_of(label, frequency) <= last.ordinal:
            found[label] = next(iter(_numbers(label, history[label], listed=False)), None)
    return found


def period_of(history: Mapping[str, Any], period: Period, baseline: Decimal, *, listed: bool) -> str:
    """The label of the newest earlier period in which the value stood."""
    earlier = (label for label in history if ordinal_of(label, period.frequency) < period.ordinal)
    for label in sorted(earlier, reverse=True):
        if any(one is not None and parse_number(one) == baseline for one in _each(history[label], listed=listed)):
            return label
    raise LookupError(baseline)
