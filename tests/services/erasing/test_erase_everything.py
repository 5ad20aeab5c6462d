"""Whatever table speaks of somebody: an order leaves no word of it, and leaves what is said of others."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import company_after
from tests.support.everything_about import Told, unguarded, written
from tests.support.storage_fixtures import BOTH_KINDS
from tests.support.stories import Stories, october_open
from workflow.models.database import db
from workflow.models.imports import ImportContent
from workflow.models.personal import DESTROYED, ERASABLE, ERASED, Way
from workflow.policy import SYSTEM
from workflow.services.erasing.erase import erase_person
from workflow.services.record import verify_records

MARKS = ("aaaaaaaa", "bbbbbbbb")
MENTIONED = [
    (table, column)
    for table, speaks in ERASABLE.items()
    for column, way in speaks.columns.items()
    if way is Way.MENTION
]


@dataclass(frozen=True)
class Erased:
    """Two people of whom everything was told, before and after the first was erased."""

    going: Told
    staying: Told
    before: frozenset[tuple[str, str, str]]
    after: frozenset[tuple[str, str, str]]


@pytest.fixture(scope="module", params=BOTH_KINDS)
def erased(request: pytest.FixtureRequest) -> Iterator[Erased]:
    """Erase one of two people of whom everything is told."""
    stories: Stories = request.getfixturevalue(f"{request.param}_stories")
    with company_after(october_open, stories) as company:
        going, staying = (Told(mark, f"E{mark}", f"某{mark}", company.clock) for mark in MARKS)
        with unguarded(company.database):
            for each in (going, staying):
                each.everywhere()
        before = frozenset(written())
        erase_person(SYSTEM, company.clock, going.code, "人力〔2026〕12 号")
        db.session.rollback()
        yield Erased(going, staying, before, frozenset(written()))


def places(values: frozenset[tuple[str, str, str]], said: str) -> set[str]:
    """Where something is said."""
    return {f"{table}.{column}" for table, column, value in values if said in value}


def test_no_word_is_left_in_any_column_of_any_table(erased: Erased) -> None:
    said = f"{erased.going.mark}-tells-"
    expected = {
        f"{table}.{column}"
        for table, speaks in ERASABLE.items()
        for column, way in speaks.columns.items()
        if way is not Way.MENTION and (table, column) != ("person", "name")
    }
    expected |= {f"{table}.{name}" for table, names in DESTROYED.items() for name in names.split()}
    expected -= {"record_content.salt", "import_content.file"}  # never words; a workbook, asked for below
    assert places(erased.before, said) == expected
    assert places(erased.after, said) == set()


def test_the_name_is_left_nowhere_and_the_words_around_it_are(erased: Erased) -> None:
    assert places(erased.after, erased.going.name) == set()
    for table, column in MENTIONED:
        assert f"{table}.{column}" in places(erased.after, f"{ERASED}在{table}.{column}")


def test_files_of_imports_go_only_where_they_name_the_person(erased: Erased) -> None:
    ids = (erased.going.rows["import_batch"], erased.staying.rows["import_batch"])
    files = [
        db.session.scalars(select(ImportContent.file).where(ImportContent.import_id == each)).one() for each in ids
    ]
    assert files[0] == b""
    assert files[1]


def test_of_others_everything_stays(erased: Erased) -> None:
    for said in (f"{erased.staying.mark}-tells-", erased.staying.name):
        assert {each for each in erased.before if said in each[2]} == {each for each in erased.after if said in each[2]}


def test_the_record_verifies(erased: Erased) -> None:
    assert erased.after
    assert verify_records.verify().fault is None
