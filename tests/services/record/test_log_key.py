"""The log's key: made once, outside the database; another one takes over by a record in the log that both keys sign for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.logs import begin_log, record
from tests.support.settable_clock import SettableClock
from workflow.models.database import db
from workflow.models.log import LogCheckpoint
from workflow.records.checkpoints import open_checkpoint
from workflow.records.notes import NoteError
from workflow.services.record import log_key
from workflow.services.record.log_key import Keyholder
from workflow.services.record.sequence_log import Sequencer


@pytest.fixture
def sequencer(sqlite_database: Database, tmp_path: Path, clock: SettableClock) -> Iterator[Sequencer]:
    with opened(sqlite_database):
        sequencer = begin_log(tmp_path, clock)
        sequencer.catch_up()
        yield sequencer


def newest_note() -> str:
    return db.session.scalars(select(LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)).one()


def test_only_its_owner_may_read_the_key(sequencer: Sequencer) -> None:
    assert sequencer.keyholder.path.stat().st_mode & 0o777 == 0o600


def test_the_key_is_made_once(sequencer: Sequencer, clock: SettableClock) -> None:
    before = sequencer.keyholder.path.read_bytes()
    assert log_key.begin(sequencer.keyholder, clock) is None
    assert sequencer.keyholder.path.read_bytes() == before


def test_the_private_half_is_nowhere_in_the_database(sequencer: Sequencer, sqlite_database: Database) -> None:
    signer = sequencer.keyholder.signer()
    assert signer is not None
    path = Path(sqlite_database.url.removeprefix("sqlite:///"))
    everything = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert str(signer.verifier).encode() in everything
    assert signer.secret().split("+", 4)[4].encode() not in everything  # the key itself may hold a plus
    assert signer.seed not in everything


def test_another_key_takes_over_and_the_old_one_signs_for_it(sequencer: Sequencer, clock: SettableClock) -> None:
    old = sequencer.keyholder.signer()
    assert old is not None
    new = log_key.rotate(sequencer.keyholder, clock, "每年更换")
    sequencer.catch_up()
    for key in (old.verifier, new):
        assert open_checkpoint(newest_note(), [key])[0].size == 2
    assert log_key.known() == [old.verifier, new]
    assert sequencer.keyholder.path.read_text().count(old.seed.hex()) == 0
    record(clock, 1)
    sequencer.catch_up()
    assert open_checkpoint(newest_note(), [new])[0].size == 3
    with pytest.raises(NoteError):
        open_checkpoint(newest_note(), [old.verifier])


def test_a_change_of_keys_that_was_broken_off_is_finished(sequencer: Sequencer, clock: SettableClock) -> None:
    """The record is written, and then the machine goes down: nothing has been signed yet."""
    new = log_key.rotate(sequencer.keyholder, clock, "每年更换")
    restarted = Sequencer(Keyholder(sequencer.keyholder.path), sequencer.folder, clock)
    restarted.catch_up()
    signer = restarted.keyholder.signer()
    assert signer is not None
    assert signer.verifier == new
    assert sorted(each.name for each in restarted.keyholder.path.parent.iterdir()) == ["checkpoints", "log-key"]


def test_a_key_that_is_not_the_logs_signs_nothing(sequencer: Sequencer, clock: SettableClock, tmp_path: Path) -> None:
    other = Keyholder(tmp_path / "other" / "log-key")
    other.make("log.example/record")
    assert other.signers(log_key.current()) == ()
    with pytest.raises(NoteError):
        log_key.rotate(other, clock, "试试")
    record(clock, 1)
    Sequencer(other, sequencer.folder, clock).catch_up()
    assert db.session.scalars(select(LogCheckpoint.size)).all() == [1]


def test_a_file_that_holds_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "log-key").write_text("hello")
    with pytest.raises(NoteError):
        Keyholder(tmp_path / "log-key").signer()
