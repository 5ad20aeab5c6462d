"""Whoever rewrites the whole record with every hash in it, but lacks the log's key, is found by what was signed before."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.support.attacks import Prey, prey_of
from tests.support.bare_app import opened
from tests.support.databases import SqliteTemplates
from tests.support.rewriting import drop_checkpoints, rebuild_tree, rename_key, retell, sign
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from workflow.models.database import db
from workflow.models.log import LogCheckpoint
from workflow.records.checkpoints import read_checkpoint
from workflow.records.faults import FaultCode
from workflow.records.notes import Signer, new_signer, read_note
from workflow.services.record import log_key
from workflow.services.record.verify_log import Outside
from workflow.services.record.verify_records import NOTHING_OUTSIDE, verify


@pytest.fixture(scope="module")
def prey(sqlite_templates: SqliteTemplates) -> Iterator[Prey]:
    with sqlite_templates.fresh() as database:
        with opened(database):
            stock(SettableClock())
        with prey_of(database) as prey:
            yield prey


@pytest.fixture(scope="module")
def outside(prey: Prey) -> Outside:
    """What lies outside the database: the key's public half and the newest checkpoint."""
    prey.restore()
    note = db.session.scalars(select(LogCheckpoint.note)).one()
    return Outside(log_key.known()[-1], read_checkpoint(read_note(note)))


@pytest.fixture
def forger(outside: Outside) -> Signer:
    """A key under the log's own name."""
    assert outside.key is not None
    return new_signer(outside.key.name)


def found(outside: Outside = NOTHING_OUTSIDE) -> FaultCode | None:
    fault = verify(outside).fault
    return None if fault is None else fault.code


def test_the_untouched_copy_holds(prey: Prey, outside: Outside) -> None:
    prey.restore()
    assert (found(), found(outside)) == (None, None)


def test_chains_rebuilt_are_found_by_the_log(prey: Prey) -> None:
    with prey.attacked() as connection:
        retell(connection, "customer", "客户中心")
    assert found() is FaultCode.LEAF_DIFFERS


def test_a_tree_rebuilt_is_found_by_its_checkpoint(prey: Prey) -> None:
    with prey.attacked() as connection:
        retell(connection, "customer", "客户中心")
        rebuild_tree(connection)
    assert found() is FaultCode.CHECKPOINT_DIFFERS


def test_a_checkpoint_signed_by_another_key_is_found_by_the_key_in_the_record(prey: Prey, forger: Signer) -> None:
    with prey.attacked() as connection:
        retell(connection, "customer", "客户中心")
        sign(connection, rebuild_tree(connection), forger)
    assert found() is FaultCode.SIGNATURE_FALSE


def test_a_key_exchanged_in_the_record_is_found_by_the_key_outside(
    prey: Prey, outside: Outside, forger: Signer
) -> None:
    with prey.attacked() as connection:
        retell(connection, "customer", "客户中心")
        rename_key(connection, forger)
        sign(connection, rebuild_tree(connection), forger)
    assert found() is None  # so much is rewritten that nothing in the database tells
    assert found(outside) is FaultCode.KEY_DIFFERS
    assert found(Outside(newest=outside.newest)) is FaultCode.BEHIND


def test_checkpoints_taken_away_are_found_by_the_one_outside(prey: Prey, outside: Outside) -> None:
    with prey.attacked() as connection:
        retell(connection, "customer", "客户中心")
        rebuild_tree(connection)
        drop_checkpoints(connection)
    assert found(outside) is FaultCode.BEHIND


def test_an_older_database_is_found_by_the_checkpoint_outside(prey: Prey, outside: Outside) -> None:
    """The newest records are cut off as if they had never been."""
    assert outside.newest is not None
    prey.restore()
    later = Outside(outside.key, type(outside.newest)(outside.newest.origin, outside.newest.size + 1, b"\0" * 32))
    assert found(later) is FaultCode.BEHIND
