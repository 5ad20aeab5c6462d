"""Lists by keyset: a page begins after the last row of the one before, however much came in between."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from workflow.errors import FieldError, invalid
from workflow.models.database import db
from workflow.wording import Phrase

MOST_ROWS = 200
MOST_COUNTED = 10_000
BITS_OF_A_KEY = 63

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
Keys = Sequence[InstrumentedAttribute[Any] | ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, where the next ones begin (None at the end), and how many there are, counted up to 10,000."""

    rows: tuple[T, ...]
    after: str | None
    total: int


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page is asked for: how many rows (1 to 200), and after which place."""

    per_page: int = 50
    after: str | None = None


def page(
    query: Select[*tuple[Any, ...]],
    keys: Keys,
    asked: PageAsked,
    make: Callable[[AnyRow], T],
    *,
    newest_first: bool = False,
    total: int | None = None,
) -> Page[T]:
    """Run a query in the order of `keys`, which together are unique; raises Refusal for an impossible size or place.

    With `newest_first` from the greatest keys down; who has counted the rows already gives their `total`.
    """
    if not 1 <= asked.per_page <= MOST_ROWS:
        phrase = Phrase("每页 1 到 {most} 行", "a page has 1 to {most} rows")
        raise invalid(FieldError("per_page", phrase, {"most": MOST_ROWS}))
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.limit(MOST_COUNTED).subquery())) or 0
    order = [key.desc() for key in keys] if newest_first else keys
    ordered = query.add_columns(*keys).order_by(*order).limit(asked.per_page + 1)
    if asked.after is not None:
        here, place = tuple_(*keys), tuple_(*_place(asked.after, keys), types=[key.type for key in keys])
        ordered = ordered.where(here < place if newest_first else here > place)
    found = db.session.execute(ordered).all()
    shown = found[: asked.per_page]
    after = _told(tuple(shown[-1])[-len(keys) :]) if len(found) > len(shown) else None
    return Page(tuple(make(row) for row in shown), after, total)


def _told(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _place(after: str, keys: Keys) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return [_read(value, key.type.python_type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError):
        raise invalid(FieldError("after", Phrase("不是列表中的位置", "this is no place in the list"))) from None


def _read(value: Any, kind: type) -> Any:
    """Read one key of a place; raises ValueError or TypeError for what no row can have."""
    read = kind.fromisoformat(value) if issubclass(kind, date) else value
    match read:
        case str():
            possible = read.isprintable()
        case datetime():
            possible = read.tzinfo is not None
        case _:
            possible = not isinstance(read, int) or read.bit_length() <= BITS_OF_A_KEY
    if type(read) is not kind or not possible:
        raise ValueError(value)
    return read
