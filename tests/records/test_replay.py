"""The records of every entity tell all of it: replayed from the first, they give the row as it is now (source: records.md)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from workflow.models.database import Base, db
from workflow.models.record import Record, RecordContent
from workflow.models.recorded import RECORDED
from workflow.records.canonical import plain

MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
ENTITIES = sorted(name for name, tie in RECORDED.items() if tie.parent_table is None)
PARTS = sorted(name for name, tie in RECORDED.items() if tie.parent_table is not None)
TIES = {"id", "version", "record_id"}

Told = list[tuple[Record, dict[str, Any]]]


@pytest.fixture(scope="module")
def told(module_database: Database) -> Iterator[dict[tuple[str, int], Told]]:
    """The records of each entity of a company with rows in every table, oldest first, with their contents."""
    with opened(module_database):
        stock(SettableClock())
        found: dict[tuple[str, int], Told] = defaultdict(list)
        query = select(Record, RecordContent.content).join(RecordContent, RecordContent.record_id == Record.id)
        for record, content in db.session.execute(query.order_by(Record.id)):
            found[record.entity_kind, record.entity_id].append((record, content))
        yield found


def replay(records: Told) -> dict[str, Any]:
    """The entity's own fields; those of its parts are told by place, which several rows may take in turn."""
    state: dict[str, Any] = {}
    for _, content in records:
        for change in content["changes"]:
            if "/" not in change["field"]:
                assert state.get(change["field"]) == change["from"], change
                state[change["field"]] = change["to"]
    return {field: value for field, value in state.items() if value is not None}


@pytest.mark.parametrize("name", ENTITIES)
def test_what_the_records_replay_to_is_what_the_row_says(told: dict[tuple[str, int], Told], name: str) -> None:
    rows = db.session.scalars(select(MODELS[name])).all()
    assert rows
    for row in rows:
        now = {
            column.key: plain(getattr(row, column.key))
            for column in row.__table__.columns
            if column.key not in TIES and getattr(row, column.key) is not None
        }
        assert replay(told[RECORDED[name].kind, row.id]) == now


@pytest.mark.parametrize("name", ENTITIES)
def test_the_versions_of_every_entity_are_dense_and_the_last_one_is_its_rows(
    told: dict[tuple[str, int], Told], name: str
) -> None:
    for row in db.session.scalars(select(MODELS[name])):
        made = [record for record, _ in told[RECORDED[name].kind, row.id] if record.version is not None]
        assert [record.version for record in made] == list(range(1, row.version + 1))
        assert [record.previous_hash for record in made] == [None, *(record.hash for record in made[:-1])]
        assert row.record_id == made[-1].id


@pytest.mark.parametrize("name", PARTS)
def test_every_part_was_told_by_the_record_that_it_carries(told: dict[tuple[str, int], Told], name: str) -> None:
    tie = RECORDED[name]
    for row in db.session.scalars(select(MODELS[name])):
        records = told[tie.kind, getattr(row, str(tie.parent_column))]
        (content,) = [content for record, content in records if record.id == row.record_id]
        values = [change["to"] for change in content["changes"] if "/" in change["field"]]
        assert values, (name, row.id)


def test_every_kind_of_record_belongs_to_a_table(told: dict[tuple[str, int], Told]) -> None:
    assert {kind for kind, _ in told} == {tie.kind for tie in RECORDED.values()}
