"""A column's value read strictly from what the database stores: what this system would not have written so is refused."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, String
from sqlalchemy.types import NullType

from workflow.models.types import Exact, Instant, instant_text
from workflow.records.canonical import LARGEST_EXACT, Json, canonical_text, plain

UNTOUCHED = NullType()
"""The type under which a value comes as the database's driver gives it."""

Read = Callable[[Any], Json]
Write = Callable[[Any], str]


def reader(column: Column[Any], dialect: str) -> Read:
    """Give the function that reads a stored value, which is not NULL, as records tell it; ValueError for what can't be one.

    Text comes as it is stored: only who compares it needs to know that the same characters can be written in two ways.
    """
    kinds = _IN_SQLITE if dialect == "sqlite" else _NATIVE
    return next(read for kind, read in kinds if isinstance(column.type, kind))


def writer(dialect: str) -> Write:
    """Give the function that gives a stored document as text: as it stands on SQLite, in canonical form on PostgreSQL."""
    return text if dialect == "sqlite" else lambda value: canonical_text(plain(value))


def moment(value: Any) -> str:
    """Read a stored moment as the text that stands for it; raises ValueError for anything else."""
    return instant_text(value) if isinstance(value, datetime) else text(value)


def document(value: Any) -> Any:
    """Read a stored document: text on SQLite, read by the driver on PostgreSQL."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def _stranger(value: Any) -> ValueError:
    return ValueError(f"{type(value).__name__} {value!r:.60}")


def text(value: Any) -> str:
    """Read a stored text; raises ValueError for anything else."""
    if not isinstance(value, str):
        raise _stranger(value)
    return value


def _whole(value: Any) -> Json:
    if not isinstance(value, int):
        raise _stranger(value)
    return value if -LARGEST_EXACT <= value <= LARGEST_EXACT else str(value)


def _truth(value: Any) -> bool:
    if value not in {0, 1} or not isinstance(value, int):
        raise _stranger(value)
    return bool(value)


def _native(kind: type) -> Read:
    def read(value: Any) -> Json:
        if not isinstance(value, kind):
            raise _stranger(value)
        return plain(value)

    return read


_IN_SQLITE: tuple[tuple[Any, Read], ...] = (
    ((Exact, Instant, Date, String), text),
    (Boolean, _truth),
    (Integer, _whole),
    (JSON, document),
)
_NATIVE: tuple[tuple[Any, Read], ...] = (
    (Exact, _native(Decimal)),
    (Instant, _native(datetime)),
    (Date, _native(date)),
    (String, text),
    (Boolean, _truth),
    (Integer, _whole),
    (JSON, document),
)
