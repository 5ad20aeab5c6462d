"""Lists by keyset: a page begins after the last row of the one before, however much came in between."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from workflow.errors import FieldError, invalid
from workflow.models.database import db
from workflow.wording import Phrase

MOST_ROWS = 200
MOST_COUNTED = 10_000

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
Keys = Sequence[InstrumentedAttribute[Any]]


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


def page(query: Select[*tuple[Any, ...]], keys: Keys, asked: PageAsked, make: Callable[[AnyRow], T]) -> Page[T]:
    """Run a query in the order of `keys`, which together are unique; raises Refusal for an impossible size or place."""
    if not 1 <= asked.per_page <= MOST_ROWS:
        phrase = Phrase("每页 1 到 {most} 行", "a page has 1 to {most} rows")
        raise invalid(FieldError("per_page", phrase, {"most": MOST_ROWS}))
    counted = select(func.count()).select_from(query.order_by(None).limit(MOST_COUNTED).subquery())
    total = db.session.scalar(counted) or 0
    ordered = query.add_columns(*keys).order_by(*keys).limit(asked.per_page + 1)
    if asked.after is not None:
        ordered = ordered.where(tuple_(*keys) > tuple_(*_place(asked.after, keys)))
    found = db.session.execute(ordered).all()
    shown = found[: asked.per_page]
    after = _told(tuple(shown[-1])[-len(keys) :]) if len(found) > len(shown) else None
    return Page(tuple(make(row) for row in shown), after, total)


def _told(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def _place(after: str, keys: Keys) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, UnicodeEncodeError):
        values = None
    if not isinstance(values, list) or [type(value) for value in values] != [key.type.python_type for key in keys]:
        raise invalid(FieldError("after", Phrase("不是列表中的位置", "this is no place in the list")))
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise invalid(FieldError("after", Phrase("不是列表中的位置", "this is no place in the list")))
    return values
