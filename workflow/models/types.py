"""Column types that mean the same on SQLite and PostgreSQL, and the ids of rows."""

import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from workflow.records.canonical import canonical_bytes

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01: 41 bits of milliseconds last until 2093
_RANDOM_BITS = 22


class Exact(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC on PostgreSQL, its text on SQLite, whose own NUMERIC is a binary float."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose NUMERIC or text by database."""
        return dialect.type_descriptor(String(48) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write the decimal as text on SQLite, as it is elsewhere."""
        if value is None or dialect.name != "sqlite":
            return value
        return format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 — SQLAlchemy's signature
        """Read the decimal from either form."""
        return value if value is None or isinstance(value, Decimal) else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, RFC 3339 text that sorts on SQLite."""

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are, for who keeps them outside the database."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose timestamptz or text by database."""
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write the moment in UTC; raises ValueError for one without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs its time zone"
            raise ValueError(message)
        return instant_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 — SQLAlchemy's signature
        """Read the moment as an aware datetime in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 UTC with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


BigId = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER PRIMARY KEY is the rowid on SQLite


class _Canonical(sqlite.JSON):
    """A document that SQLite keeps in canonical form, which can be hashed and compared as it stands."""

    def adapt(self, cls: Any, **_: Any) -> Any:  # noqa: ARG002 — SQLAlchemy's signature
        """Stay what it is: the dialect would put its own type here."""
        return type(self)()

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:  # noqa: ARG002 — SQLAlchemy's signature
        """Write the canonical form."""
        return lambda value: canonical_bytes(value).decode()


Document = _Canonical().with_variant(JSONB(), "postgresql")


class _Ids:
    """Gives ids that grow with time and never repeat within a process; the random start keeps machines apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def take(self, above: int = 0) -> int:
        fresh = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = max(self._last + 1, above + 1, fresh)
            return self._last


new_id = _Ids().take
"""Give a new row's id: 63 bits, made by the application because a record names its entity before the row exists.

It is greater than `above`, however the clock was set since that one was made.
"""
