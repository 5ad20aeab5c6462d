"""Committed records get their places in the log, once and without a gap, and what the log then is gets signed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.logs import ORIGIN, begin_log, leaves, record
from tests.support.settable_clock import SettableClock
from workflow.models.database import db
from workflow.models.log import LogCheckpoint, LogEntry
from workflow.models.log_tree import size_of, tile_reader
from workflow.models.organisation import Unit
from workflow.models.record import Record, RecordPending
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.records.checkpoints import Checkpoint, open_checkpoint
from workflow.records.merkle import root_at, root_of
from workflow.records.tiles import reading
from workflow.services.record import log_key
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.sequence_log import BATCH, BehindCheckpointError, Sequencer
from workflow.services.unit_of_work import unit_of_work


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    with opened(database) as app:
        yield app


@pytest.fixture
def sequencer(app: Flask, tmp_path: Path, clock: SettableClock) -> Sequencer:  # noqa: ARG001 — the database is open
    return begin_log(tmp_path, clock)


def newest(sequencer: Sequencer) -> Checkpoint:
    """The newest checkpoint outside the database, which a key of the log has signed."""
    text = (sequencer.folder.path / "checkpoint").read_text("utf-8")
    return open_checkpoint(text, log_key.known())[0]


def test_every_committed_record_gets_one_place(sequencer: Sequencer, clock: SettableClock) -> None:
    record(clock, 300)
    assert sequencer.catch_up() == 301  # with the record of the log's own key
    assert db.session.scalars(select(LogEntry.log_index).order_by(LogEntry.log_index)).all() == list(range(301))
    assert set(db.session.scalars(select(LogEntry.record_id))) == set(db.session.scalars(select(Record.id)))
    assert db.session.scalars(select(RecordPending)).all() == []


def test_the_checkpoint_is_signed_and_kept_outside_the_database(sequencer: Sequencer, clock: SettableClock) -> None:
    record(clock, 300)
    sequencer.catch_up()
    found = newest(sequencer)
    assert found == Checkpoint(ORIGIN, 301, root_of(leaves()))
    assert (sequencer.folder.path / "000000000301").read_text() == (sequencer.folder.path / "checkpoint").read_text()
    with db.engine.connect() as connection:
        assert size_of(connection) == 301
        assert root_at(301, reading(301, tile_reader(connection))) == found.root


def test_more_than_a_batch_is_placed_batch_by_batch_each_with_its_checkpoint(
    sequencer: Sequencer, clock: SettableClock
) -> None:
    record(clock, BATCH + 500)
    sequencer.catch_up()
    sizes = db.session.scalars(select(LogCheckpoint.size).order_by(LogCheckpoint.size)).all()
    assert sizes == [BATCH, BATCH + 501]
    assert newest(sequencer).root == root_of(leaves())


def test_with_nothing_new_nothing_is_signed(sequencer: Sequencer) -> None:
    assert [sequencer.catch_up(), sequencer.catch_up()] == [1, 0]
    assert db.session.scalars(select(LogCheckpoint.size)).all() == [1]


def test_a_record_that_commits_late_is_not_passed_over(sequencer: Sequencer, clock: SettableClock) -> None:
    """Its id is smaller than those that stand in the log already."""
    early = new_id()
    record(clock, 3)
    sequencer.catch_up()
    with unit_of_work(SYSTEM, clock) as work:
        work.create(Unit(id=new_id(), code="late", title="", parent_id=None, path="/late/"), "unit.create")
        written = work.session.scalars(select(Record).order_by(Record.id.desc()).limit(1)).one()
        assert early < written.id
    assert sequencer.catch_up() == 1


def test_sequencers_at_once_take_turns(app: Flask, sequencer: Sequencer, clock: SettableClock) -> None:
    record(clock, 700)

    def run() -> None:
        with app.app_context():
            sequencer.catch_up()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(leaves()) == 701
    assert newest(sequencer).root == root_of(leaves())


def test_without_its_key_records_are_placed_and_nothing_is_signed(sequencer: Sequencer, clock: SettableClock) -> None:
    sequencer.keyholder.path.unlink()
    record(clock, 3)
    assert sequencer.catch_up() == 4
    assert db.session.scalars(select(LogCheckpoint)).all() == []


def test_once_the_key_is_back_what_was_placed_meanwhile_is_signed(sequencer: Sequencer, clock: SettableClock) -> None:
    secret = sequencer.keyholder.path.read_bytes()
    sequencer.keyholder.path.unlink()
    record(clock, 3)
    sequencer.catch_up()
    sequencer.keyholder.path.write_bytes(secret)
    sequencer.catch_up()
    assert newest(sequencer).size == 4


@pytest.mark.parametrize("size", [5, 5_000], ids=["another story", "behind"])
def test_a_database_that_does_not_go_on_from_a_known_checkpoint_signs_nothing_more(
    sequencer: Sequencer, clock: SettableClock, size: int
) -> None:
    signer = sequencer.keyholder.signer()
    assert signer is not None
    sequencer.folder.keep(size, str(Checkpoint(ORIGIN, size, b"\x01" * 32).signed(signer)))
    record(clock, 10)
    with pytest.raises(BehindCheckpointError, match=str(size)):
        sequencer.catch_up()
    assert leaves() == []


def test_a_checkpoint_that_was_not_written_out_before_a_crash_is_written_at_the_next_start(
    sequencer: Sequencer, clock: SettableClock, tmp_path: Path
) -> None:
    record(clock, 10)
    sequencer.catch_up()
    elsewhere = Sequencer(sequencer.keyholder, CheckpointFolder(tmp_path / "elsewhere"), clock)
    elsewhere.catch_up()
    assert newest(elsewhere) == newest(sequencer)
