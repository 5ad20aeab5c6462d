"""A backup is one file, made while others write; what is restored from it proves its record and goes on from its log."""

import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from config import Settings
from tests.support.application import make_settings
from tests.support.bare_app import opened
from tests.support.databases import SQLITE, Database
from tests.support.elsewhere import another
from tests.support.logs import begin_log, record
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.models.log import LogAhead
from workflow.models.log_tree import tile_reader
from workflow.models.record import Record
from workflow.policy import SYSTEM
from workflow.records.checkpoints import Checkpoint, read_checkpoint
from workflow.records.faults import FaultCode
from workflow.records.merkle import check_consistency, consistency_proof
from workflow.records.notes import read_note
from workflow.records.tiles import reading
from workflow.services.backup import back_up, dump
from workflow.services.backup.backup_file import BackupError
from workflow.services.record import log_ahead, sequence_log
from workflow.services.record.sequence_log import BehindCheckpointError
from workflow.services.schemes import maintain_schemes
from workflow.services.scorecards.asking import Asked


@dataclass(frozen=True)
class Place:
    """An installation: its database and the folder of its files."""

    database: Database
    folder: Path

    def settings(self) -> Settings:
        """What the commands would read from the environment."""
        return make_settings(self.database, self.folder)


@pytest.fixture
def here(database: Database, tmp_path: Path, clock: SettableClock) -> Iterator[Place]:
    """Where people work: a log of twenty records, its database open."""
    place = Place(database, tmp_path / "here")
    place.folder.mkdir()
    with opened(database):
        begin_log(place.folder, clock)
        record(clock, 19)
        sequence_log.of(place.settings(), clock).catch_up()
        yield place


@pytest.fixture
def elsewhere(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty place for a database of the same kind."""
    with another(database, tmp_path / "elsewhere", request) as empty:
        yield Place(empty, tmp_path / "elsewhere")


@pytest.fixture
def file(
    here: Place,
    elsewhere: Place,  # noqa: ARG001 — it puts the right programs on the path
    clock: SettableClock,
    tmp_path: Path,
) -> Path:
    """A backup of the place where people work."""
    back_up.back_up(here.settings(), clock, tmp_path / "backup")
    return tmp_path / "backup"


def newest_in(folder: Path) -> Checkpoint:
    return read_checkpoint(read_note((folder / "checkpoints" / "checkpoint").read_text()))


def records() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Record)) or 0


def test_what_is_restored_elsewhere_holds_and_goes_on_from_the_last_checkpoint(
    here: Place, elsewhere: Place, file: Path, clock: SettableClock
) -> None:
    last = newest_in(here.folder)
    with opened(elsewhere.database):
        restored = back_up.restore(elsewhere.settings(), clock, file)
        assert restored.verdict.holds
        assert (restored.verdict.records, restored.verdict.log.compared) == (20, True)
        (elsewhere.folder / "log-key").write_bytes((here.folder / "log-key").read_bytes())
        record(clock, 5)
        assert sequence_log.of(elsewhere.settings(), clock).catch_up() == 5
        head = newest_in(elsewhere.folder)
        with db.engine.connect() as connection:
            proof = consistency_proof(last.size, head.size, reading(head.size, tile_reader(connection)))
    assert (last.size, head.size) == (20, 25)
    check_consistency(last.size, last.root, head.size, head.root, tuple(proof))


def test_it_is_of_one_moment_while_others_write(
    here: Place, elsewhere: Place, tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes after the checkpoint was read and before the database is; the backup is not behind it."""
    true_dump = dump.database_of

    def written_to(settings: Settings) -> dump.SqliteFile | dump.PostgresDatabase:
        record(clock, 7)
        sequence_log.of(settings, clock).catch_up()
        return true_dump(settings)

    with monkeypatch.context() as patch:
        patch.setattr(back_up, "database_of", written_to)
        back_up.back_up(here.settings(), clock, tmp_path / "backup")
    record(clock, 3)
    with opened(elsewhere.database):
        restored = back_up.restore(elsewhere.settings(), clock, tmp_path / "backup")
        assert (restored.verdict.holds, records()) == (True, 27)


def test_the_guards_and_rights_are_there_again(elsewhere: Place, file: Path, clock: SettableClock) -> None:
    with opened(elsewhere.database):
        back_up.restore(elsewhere.settings(), clock, file)
        with db.engine.connect() as connection, pytest.raises(Exception, match=r"kaogong: record|permission denied"):
            connection.execute(delete(Record))


def test_nothing_is_overwritten(here: Place, file: Path, clock: SettableClock) -> None:
    before = file.read_bytes()
    with pytest.raises(BackupError, match="不会覆盖"):
        back_up.back_up(here.settings(), clock, file)
    with pytest.raises(BackupError, match="不会覆盖"):
        back_up.restore(here.settings(), clock, file)
    assert (file.read_bytes(), records()) == (before, 20)
    assert list(file.parent.glob("tmp*")) == []


def test_only_its_owner_reads_it_and_it_holds_no_key(here: Place, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert names == ["manifest.json", "checkpoint", "database"]
    assert (here.folder / "log-key").exists()


def rewritten(file: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Give a copy of a backup in which somebody has changed what is in it."""
    target = file.with_name("rewritten")
    with tarfile.open(file) as source, tarfile.open(target, "w:gz") as copy:
        for member in source.getmembers():
            stream = source.extractfile(member)
            assert stream is not None
            data = change(member.name, stream.read())
            member.size = len(data)
            copy.addfile(member, BytesIO(data))
    return target


def test_a_damaged_file_is_refused_before_anything_is_restored(
    elsewhere: Place, file: Path, clock: SettableClock
) -> None:
    flipped = rewritten(file, lambda name, data: data[:-1] + b"!" if name == "database" else data)
    cut = file.with_name("cut")
    cut.write_bytes(file.read_bytes()[:-200])
    for damaged in (flipped, cut):
        with pytest.raises(BackupError, match="损坏"):
            back_up.restore(elsewhere.settings(), clock, damaged)
    assert list(elsewhere.folder.glob("kaogong.db*")) == []
    assert not (elsewhere.folder / "checkpoints").exists()


@pytest.mark.parametrize("changed", [{"format": "other"}, {"files": {"../x": {"size": 1, "sha256": ""}}}, {"files": 1}])
def test_what_is_no_backup_is_refused(
    elsewhere: Place, file: Path, clock: SettableClock, changed: dict[str, object]
) -> None:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **changed}).encode() if name == "manifest.json" else data

    with pytest.raises(BackupError, match="不是考功的备份"):
        back_up.restore(elsewhere.settings(), clock, rewritten(file, change))


def test_a_backup_of_a_newer_version_or_of_another_kind_is_refused(
    elsewhere: Place, file: Path, clock: SettableClock
) -> None:
    for change, says in (({"migration": "9999"}, "更新的版本"), ({"kind": "oracle"}, "同类数据库")):

        def changed(name: str, data: bytes, change: dict[str, str] = change) -> bytes:
            return json.dumps({**json.loads(data), **change}).encode() if name == "manifest.json" else data

        with pytest.raises(BackupError, match=says):
            back_up.restore(elsewhere.settings(), clock, rewritten(file, changed))


def test_a_restored_database_that_lies_behind_a_known_checkpoint_signs_nothing(
    here: Place, elsewhere: Place, file: Path, clock: SettableClock
) -> None:
    record(clock, 5)
    sequence_log.of(here.settings(), clock).catch_up()
    settings = replace(elsewhere.settings(), checkpoint_dir=here.folder / "checkpoints")
    with opened(elsewhere.database):
        restored = back_up.restore(settings, clock, file)
        assert restored.verdict.fault is not None
        assert restored.verdict.fault.code is FaultCode.BEHIND
        assert newest_in(here.folder).size == 25  # the known checkpoint stays
        with pytest.raises(Refusal) as refused:
            maintain_schemes.move(SYSTEM, clock, "any", 1, Asked("approve"), seen_version=1)
        assert refused.value.denied.reason is Reason.LOG_BEHIND


def test_a_database_that_was_put_back_by_hand_is_found_out_with_nothing_new_in_it(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    place = Place(sqlite_database, tmp_path)
    settings = place.settings()
    with opened(sqlite_database):
        sequencer = begin_log(tmp_path, clock)
        record(clock, 5)
        sequencer.catch_up()
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(tmp_path / "old")) as old:
            source.backup(old)
        record(clock, 5)
        sequencer.catch_up()
        log_ahead.refuse_if_behind()
    with opened(Database(SQLITE, f"sqlite:///{tmp_path}/old")):
        with pytest.raises(BehindCheckpointError, match="11"):
            sequencer.catch_up()
        with pytest.raises(Refusal, match="log_behind"):
            log_ahead.refuse_if_behind()
        sequencer.folder.path.rename(tmp_path / "set-aside")  # somebody has looked into it, and takes it on
        sequencer.catch_up()
        db.session.rollback()  # what was read before belongs to another moment
        log_ahead.refuse_if_behind()
        assert db.session.scalars(select(LogAhead)).all() == []


def test_without_postgresqls_programs_their_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database = dump.PostgresDatabase("postgresql+psycopg://kaogong@db.example/kaogong", tmp_path)
    with pytest.raises(BackupError) as refused:
        database.dump(tmp_path / "x")
    assert refused.value.facts == {"program": "pg_dump", "package": "postgresql-client"}
