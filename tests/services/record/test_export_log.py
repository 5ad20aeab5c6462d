"""The log as files: whoever has them and the log's key can prove every record without this product's database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pytest
from sqlalchemy import insert

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.logs import begin_log, leaves, record
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason, Refusal
from workflow.models.database import WRITER, db
from workflow.models.record import Record, RecordPending
from workflow.models.types import new_id
from workflow.policy import COMPANY, Actor, Grant, Role
from workflow.records.canonical import Envelope
from workflow.records.checkpoints import open_checkpoint
from workflow.records.merkle import check_inclusion, inclusion_proof, leaf_hash, root_at
from workflow.records.notes import read_verifier
from workflow.records.tiles import reading, tiles_of
from workflow.services.record import export_log
from workflow.services.record.export_log import AlteredEntryError, export

MANY = 300
NOW = datetime(2026, 11, 5, tzinfo=UTC)
AUDITOR = Actor(1, "auditor", "李强", None, (Grant(Role.AUDITOR, COMPANY),))


@pytest.fixture
def exported(database: Database, tmp_path: Path, clock: SettableClock) -> Iterator[Path]:
    with opened(database):
        sequencer = begin_log(tmp_path, clock)
        record(clock, MANY - 1)
        sequencer.catch_up()
        record(clock, 3)  # not in the log yet
        export(tmp_path / "export")
        yield tmp_path / "export"


def entries_in(bundle: bytes) -> Iterator[bytes]:
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def test_the_files_alone_give_the_root_that_was_signed(exported: Path) -> None:
    keys = [read_verifier(line) for line in (exported / "keys").read_text().splitlines()]
    tree, _ = open_checkpoint((exported / "checkpoint").read_text("utf-8"), keys)
    hash_at = reading(tree.size, lambda tile: (exported / tile.path).read_bytes())
    assert tree.size == MANY
    assert root_at(tree.size, hash_at) == tree.root
    for index in (0, 255, 256, MANY - 1):
        check_inclusion(leaves()[index], index, tree.size, inclusion_proof(index, tree.size, hash_at), tree.root)


def test_every_entry_is_the_one_that_its_leaf_stands_for(exported: Path) -> None:
    entries = [
        entry
        for tile in tiles_of(MANY)
        if tile.level == 0
        for entry in entries_in((exported / tile.entries_path).read_bytes())
    ]
    assert [leaf_hash(entry) for entry in entries] == leaves()[:MANY]
    assert b'"content"' in entries[0]
    assert b"changes" not in b"".join(entries)


def test_exactly_the_files_of_the_tree_are_there(exported: Path) -> None:
    found = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}
    paths = {tile.path for tile in tiles_of(MANY)} | {tile.entries_path for tile in tiles_of(MANY) if tile.level == 0}
    assert found == paths | {"checkpoint", "keys"}
    assert "tile/0/001.p/44" in found


def test_an_auditor_gets_the_same_files_as_one(exported: Path) -> None:
    packed = export_log.archive(AUDITOR)
    with ZipFile(BytesIO(b"".join(packed.pieces))) as archive:
        assert {path: archive.read(path) for path in archive.namelist()} == {
            str(path.relative_to(exported)): path.read_bytes() for path in exported.rglob("*") if path.is_file()
        }
        assert archive.namelist()[-1] == "checkpoint"
    assert packed.name == f"kaogong-log-{MANY}.zip"


def test_a_log_with_a_record_that_is_not_its_own_gives_no_archive_that_opens(
    database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    with opened(database):
        sequencer = begin_log(tmp_path, clock)
        append_by_hand(hash_of_it=b"\1" * 32)
        sequencer.catch_up()
        pieces = []
        with pytest.raises(AlteredEntryError):
            pieces.extend(export_log.archive(AUDITOR).pieces)
    with pytest.raises(BadZipFile):
        ZipFile(BytesIO(b"".join(pieces)))


def append_by_hand(hash_of_it: bytes) -> None:
    """Write a record that has another hash than it should, and have it wait for its place."""
    envelope = Envelope(new_id(), "unit", 1, 1, "unit.create", NOW, None, None, None, None, "", None, b"\2" * 32)
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        connection.execute(insert(Record), {**envelope._asdict(), "hash": hash_of_it})
        connection.execute(insert(RecordPending), {"record_id": envelope.id})


def test_only_an_auditor_of_the_company_takes_the_log_away(exported: Path) -> None:
    assert exported.is_dir()
    for grants in ((), (Grant(Role.ADMINISTRATOR, COMPANY),), (Grant(Role.AUDITOR, "/1/"),)):
        with pytest.raises(Refusal) as refused:
            export_log.archive(Actor(1, "a", "李强", None, grants))
        assert refused.value.denied.reason is Reason.NO_GRANT
