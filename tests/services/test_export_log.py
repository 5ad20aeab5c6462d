"""The log as files: whoever has them and the log's key can prove every record without this product's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.logs import begin_log, leaves, record
from tests.support.settable_clock import SettableClock
from workflow.records.checkpoints import open_checkpoint
from workflow.records.merkle import check_inclusion, inclusion_proof, leaf_hash, root_at
from workflow.records.notes import read_verifier
from workflow.records.tiles import reading, tiles_of
from workflow.services.export_log import export

MANY = 300


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
