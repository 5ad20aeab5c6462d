"""Many values, a bounded number at a time: databases take only so many in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

MOST_AT_ONCE = 5000

T = TypeVar("T")


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the values in order, at most 5,000 at a time."""
    for start in range(0, len(values), MOST_AT_ONCE):
        yield values[start : start + MOST_AT_ONCE]
