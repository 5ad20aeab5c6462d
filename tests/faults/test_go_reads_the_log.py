"""Nobody need trust our tools: Go's `sumdb/note` and `tlog` open the checkpoints, and check every proof that we give."""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.support import missing
from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.go import PROGRAM, build_reader
from tests.support.logs import begin_log, record
from tests.support.settable_clock import SettableClock
from workflow.models.database import db
from workflow.models.log_tree import tile_reader
from workflow.records.checkpoints import cosign
from workflow.records.merkle import consistency_proof
from workflow.records.notes import Kind, new_signer, read_note
from workflow.records.tiles import reading
from workflow.services.record import log_key, look_up_log
from workflow.services.record.export_log import export
from workflow.services.record.keep_checkpoints import NEWEST
from workflow.services.record.sequence_log import Sequencer

SIZES = (1, 2, 3, 4, 7, 8, 100, 255, 256, 257, 511, 512, 513, 1000, 1024, 1025, 1200)
"""How large the log is at each checkpoint: about full tiles, full trees and what lies between."""
ROTATED_AT = 100
"""The size at whose end another key takes over."""
WITNESS = new_signer("witness.example", Kind.COSIGNATURE)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that checks an exported log with nothing but Go's own packages."""
    with missing.named():
        return build_reader(tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="module")
def exported(module_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A log as files, with every checkpoint it had and the proofs that the service gives."""
    own, folder, clock = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("exported"), SettableClock()
    with opened(module_database):
        sequencer = begin_log(own, clock)
        sequencer.catch_up()
        for before, after in pairwise(SIZES):
            grow(sequencer, clock, before, after)
        tree = export(folder)
        (folder / "proofs.json").write_text(json.dumps(proofs(tree.size)), "utf-8")
    note = read_note(tree.note)
    seen = note.with_signatures([cosign(note, WITNESS, clock())])
    (folder / "checkpoint").write_text(str(seen), "utf-8")
    shutil.copytree(own / "checkpoints", folder / "checkpoints", ignore=shutil.ignore_patterns(NEWEST))
    return folder


def grow(sequencer: Sequencer, clock: SettableClock, before: int, after: int) -> None:
    """Let the log grow from one size to another and be signed."""
    if after == ROTATED_AT:
        record(clock, after - before - 1)
        log_key.rotate(sequencer.keyholder, clock, "yearly")
    else:
        record(clock, after - before)
    sequencer.catch_up()


def proofs(size: int) -> dict[str, object]:
    """The proofs of every record, and of every two checkpoints, with hashes in base64."""
    hash_at = reading(size, tile_reader(db.session.connection()))
    return {
        "inclusion": [hashes(proof.path) for proof in look_up_log.prove_all(list(range(size)))],
        "consistency": [
            {"old": old, "new": new, "path": hashes(consistency_proof(old, new, hash_at))}
            for old, new in combinations(SIZES, 2)
        ],
    }


def hashes(path: list[bytes] | tuple[bytes, ...]) -> list[str]:
    return [b64encode(each).decode("ascii") for each in path]


def read(reader: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([reader, folder], capture_output=True, text=True, check=False, timeout=60)


def test_go_opens_every_checkpoint_and_checks_every_proof(reader: Path, exported: Path) -> None:
    pairs = len(list(combinations(SIZES, 2)))
    found = read(reader, exported)
    assert found.stderr == ""
    assert found.stdout == f"{len(SIZES)} checkpoints, {SIZES[-1]} records, {pairs} pairs\n"


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    """The same files, to be altered."""
    return Path(shutil.copytree(exported, tmp_path / "altered"))


def refuses(reader: Path, folder: Path, said: str) -> bool:
    found = read(reader, folder)
    return (found.returncode, found.stdout) == (1, "") and found.stderr.startswith(said)


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        pytest.param("checkpoint", 1, "checkpoint: ", id="the name of the log"),
        pytest.param("checkpoint", 19, "checkpoint: ", id="the size"),
        pytest.param("checkpoint", 40, "checkpoint: ", id="the root"),
        pytest.param("checkpoint", 110, "checkpoint: ", id="the signature"),
        pytest.param("checkpoints/000000000257", 40, "checkpoint: ", id="an earlier root"),
        pytest.param("tile/0/000", 5000, "tiles: ", id="a leaf"),
        pytest.param("tile/0/004.p/176", 0, "tiles: ", id="a leaf of the last tile"),
        pytest.param("tile/1/000.p/4", 127, "tiles: ", id="the root of a tile"),
        pytest.param("tile/entries/002", 300, "record 512: ", id="an entry"),
    ],
)
def test_go_refuses_one_flipped_byte(reader: Path, copy: Path, name: str, at: int, said: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[at] ^= 1
    (copy / name).write_bytes(data)
    assert refuses(reader, copy, said)


@pytest.mark.parametrize(
    ("kind", "one", "another", "said"),
    [("inclusion", 700, 701, "record 700: "), ("consistency", 17, 18, "trees of 2 and 4: ")],
)
def test_go_refuses_the_proof_of_another(
    reader: Path, copy: Path, kind: str, one: int, another: int, said: str
) -> None:
    given = json.loads((copy / "proofs.json").read_text("utf-8"))
    if kind == "inclusion":
        given[kind][one] = given[kind][another]
    else:
        given[kind][one]["path"] = given[kind][another]["path"]
    (copy / "proofs.json").write_text(json.dumps(given), "utf-8")
    assert refuses(reader, copy, said)


def test_the_program_is_formatted(reader: Path) -> None:
    assert reader.exists()  # and so is gofmt
    formatted = subprocess.run(["gofmt", "-l", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert formatted.stdout == ""
