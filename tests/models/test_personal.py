"""Every column that can carry words or values is declared: an order erases it, and how, or it stays, and why."""

from collections import Counter

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.types import TypeEngine

from workflow.models.personal import DESTROYED, ERASABLE
from workflow.models.personal_kept import ANYWHERE, KEPT
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.models.types import Exact

Place = tuple[str, str]


def can_say(kind: TypeEngine[object]) -> bool:
    """Whether columns of a type can carry words or values: ids, days, moments, counts and truths only tie and order."""
    return isinstance(kind, (String, JSON, LargeBinary, Exact))


SAYING = {(table.name, column.name) for table in metadata.sorted_tables for column in table.c if can_say(column.type)}
DECLARED: Counter[Place] = Counter(
    [
        *((table, column) for table, speaks in ERASABLE.items() for column in speaks.columns),
        *((table, column) for table, names in DESTROYED.items() for column in names.split()),
        *((table, column) for kept in KEPT.values() for table, names in kept.items() for column in names.split()),
    ]
)


def test_each_column_that_can_say_something_is_declared() -> None:
    undecided = {place for place in SAYING - DECLARED.keys() if place[1] not in ANYWHERE}
    assert undecided == set(), "decide whether an order erases these, in models/personal.py or models/personal_kept.py"


def test_no_column_is_declared_twice_or_is_not_there() -> None:
    assert [place for place, times in DECLARED.items() if times > 1] == []
    assert DECLARED.keys() - SAYING == set()
    assert set(ANYWHERE) - {column for _, column in SAYING} == set()


def test_what_is_erased_is_recorded_and_what_is_destroyed_is_not() -> None:
    assert set(ERASABLE) <= set(RECORDED)
    assert set(DESTROYED).isdisjoint(RECORDED)


def test_a_part_is_reached_through_its_entity() -> None:
    for name, speaks in ERASABLE.items():
        assert (speaks.rows is None) == (RECORDED[name].parent_table is not None)
        if speaks.rows is None:
            assert RECORDED[name].parent_table in ERASABLE
