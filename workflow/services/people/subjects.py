"""Whom something is about, by the code that people write: a person with the unit on a day, or a unit."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.organisation import Person, Unit
from workflow.services.people.look_up_organisation import responsible_person, unit_by_code, unit_of_person


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or a unit on a day; `person_id` is of a unit the person responsible for it."""

    kind: str
    id: int
    code: str
    name: str
    unit: Unit
    person_id: int | None


def find_subject(code: str, on: date) -> Subject | None:
    """Give the person with this number, or else the unit with this code, as they are on a day."""
    return _person(code, on) or _unit(code, on)


def _person(code: str, on: date) -> Subject | None:
    person = db.session.scalar(select(Person).where(Person.code == code))
    unit = unit_of_person(person.id, on) if person else None
    return Subject("person", person.id, person.code, person.name, unit, person.id) if person and unit else None


def _unit(code: str, on: date) -> Subject | None:
    unit = unit_by_code(code)
    if unit is None:
        return None
    head = responsible_person(unit.id, on)
    return Subject("unit", unit.id, unit.code, unit.title, unit, head.id if head else None)
