"""Every kind that records speak of, and every column of their tables, has a name for people."""

from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.records.naming import FIELD_NAMES, KIND_NAMES


def test_every_kind_has_a_name() -> None:
    assert KIND_NAMES.keys() == {tie.kind for tie in RECORDED.values()}


def test_every_column_of_a_recorded_table_has_a_name() -> None:
    columns = {column.name for name in RECORDED for column in metadata.tables[name].columns}
    assert columns == FIELD_NAMES.keys()
