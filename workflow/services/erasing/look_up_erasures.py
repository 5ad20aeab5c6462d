"""Orders of erasure as they are told afterwards: which one, when, by what paper, and how much it took."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from workflow.models.database import db
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.organisation import Person
from workflow.models.personal import ERASED
from workflow.records.canonical import plain
from workflow.wording import Phrase

TOLD = Phrase(
    "删除令 {number}({on},依据:{order}):{person} 的 {records} 条记录的内容已删除,记录本身仍在且照样可证",
    "Order of erasure {number} ({on}, by: {order}): the content of {records} records of {person} was erased; the records"
    " themselves are there and proved as before",
)


@dataclass(frozen=True, slots=True)
class OrderTold:
    """One order: its number, when it was carried out, the paper it rests on, of whom (staff number), how many records."""

    number: int
    at: datetime
    order: str
    person: str
    records: int

    def facts(self) -> dict[str, object]:
        """What fills its sentence."""
        return {**self.as_data(), "on": self.at.date().isoformat()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "OrderTold":
        """Read what `as_data` gave."""
        return cls(**{**data, "at": datetime.fromisoformat(data["at"])})

    def as_data(self) -> dict[str, Any]:
        """Give the order as data."""
        return {
            "number": self.number,
            "at": plain(self.at),
            "order": self.order,
            "person": self.person,
            "records": self.records,
        }


def orders_of(connection: Connection) -> tuple[OrderTold, ...]:
    """Give every order that was ever carried out, the first first."""
    return tuple(_told(row) for row in connection.execute(_query()))


def order_about(person_id: int | None, name: str) -> OrderTold | None:
    """Give the order that erased a person who stands somewhere under this name; asks nothing of a name that is there."""
    if name != ERASED or person_id is None:
        return None
    row = db.session.execute(_query().where(Erasure.person_id == person_id)).first()
    return None if row is None else _told(row)


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(Erasure.number, Erasure.at, Erasure.order_text, Person.code, func.count(ErasedContent.id))
        .join(Person, Person.id == Erasure.person_id)
        .outerjoin(ErasedContent, ErasedContent.erasure_id == Erasure.id)
        .group_by(Erasure.number, Erasure.at, Erasure.order_text, Person.code)
        .order_by(Erasure.number)
    )


def _told(row: Row[Any]) -> OrderTold:
    number, at, order, person, records = tuple(row)
    return OrderTold(number, at, order, person, records)
