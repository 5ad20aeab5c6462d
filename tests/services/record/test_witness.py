"""A witness co-signs what goes on from what it saw, and nothing else; the log keeps what it signed (C2SP tlog-witness)."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.logs import ORIGIN, begin_log, record
from tests.support.settable_clock import SettableClock
from workflow.cli.witness import server
from workflow.errors import Refusal
from workflow.models.database import db
from workflow.models.log import LogCosignature
from workflow.records.checkpoints import Checkpoint, check_cosignature, cosigned_by, open_checkpoint
from workflow.records.merkle import HashAt, consistency_proof, leaf_hash, levels_above, root_of
from workflow.records.notes import NoteError, Signer, new_signer, read_note, read_signatures
from workflow.records.witnessing import AddCheckpoint, UnwitnessedError, read_request
from workflow.services.record import log_ahead, log_key, look_up_log
from workflow.services.record.ask_witnesses import UnwitnessedCheckpointError, ask_all
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.sequence_log import Sequencer
from workflow.services.record.witness import Witness, open_witness

LOG = new_signer(ORIGIN)
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
NAME = "witness.example/w1"


def hash_at() -> HashAt:
    levels = list(levels_above(LEAVES))
    return lambda level, number: levels[level][number]


def asked(old: int, new: int, signer: Signer = LOG, leaves: list[bytes] | None = None) -> AddCheckpoint:
    """What a log of `new` leaves asks a witness that has seen `old` of them."""
    note = Checkpoint(signer.name, new, root_of((leaves or LEAVES)[:new])).signed(signer)
    return AddCheckpoint(old, tuple(consistency_proof(old, new, hash_at())) if old <= new else (), str(note))


@pytest.fixture
def witness(tmp_path: Path, clock: SettableClock) -> Witness:
    return open_witness(tmp_path, NAME, [LOG.verifier], clock)


def refusal(witness: Witness, request: AddCheckpoint) -> tuple[HTTPStatus, str]:
    with pytest.raises(UnwitnessedError) as refused:
        witness.add_checkpoint(request)
    return refused.value.status, refused.value.body


def test_it_co_signs_what_goes_on_from_what_it_saw(witness: Witness, clock: SettableClock) -> None:
    for old, new in ((0, 5), (5, 5), (5, 8), (8, 33)):
        request = asked(old, new)
        (line,) = read_signatures(witness.add_checkpoint(request))
        at = check_cosignature(read_note(request.note), line, witness.signer.verifier)
        assert at == clock().replace(microsecond=0)


def test_it_refuses_a_fork(witness: Witness) -> None:
    witness.add_checkpoint(asked(0, 8))
    other = [*LEAVES[:3], leaf_hash(b"another"), *LEAVES[4:]]
    assert refusal(witness, asked(8, 8, leaves=other)) == (HTTPStatus.CONFLICT, "8\n")
    assert refusal(witness, asked(8, 20, leaves=other)) == (HTTPStatus.UNPROCESSABLE_ENTITY, "")
    witness.add_checkpoint(asked(8, 9))


def test_it_never_goes_back_also_not_after_a_restart(witness: Witness, clock: SettableClock) -> None:
    witness.add_checkpoint(asked(0, 8))
    again = open_witness(witness.folder, NAME, [LOG.verifier], clock)
    assert again.signer == witness.signer
    assert refusal(again, asked(0, 5)) == (HTTPStatus.CONFLICT, "8\n")
    assert refusal(again, asked(5, 20)) == (HTTPStatus.CONFLICT, "8\n")
    assert refusal(again, asked(9, 8)) == (HTTPStatus.BAD_REQUEST, "")
    assert refusal(again, replace(asked(8, 20), proof=())) == (HTTPStatus.UNPROCESSABLE_ENTITY, "")


def test_it_knows_its_logs_by_their_keys(witness: Witness) -> None:
    assert refusal(witness, asked(0, 5, new_signer("other.example")))[0] == HTTPStatus.NOT_FOUND
    assert refusal(witness, asked(0, 5, new_signer(ORIGIN)))[0] == HTTPStatus.FORBIDDEN
    assert refusal(witness, AddCheckpoint(0, (), "hello"))[0] == HTTPStatus.BAD_REQUEST


def test_a_request_is_read_as_it_is_written() -> None:
    request = asked(5, 33)
    assert read_request(request.text()) == request
    assert read_request(asked(0, 5).text()) == asked(0, 5)


@pytest.mark.parametrize(
    "text",
    ["", "old 5\n", "old 05\n\nx", "old -1\n\nx", "old x\n\nx", "old 1\n*\n\nx", "old 1\n" + "AA==\n" * 64 + "\nx"],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(UnwitnessedError):
        read_request(text)


# The log asks


@contextmanager
def serving(witness: Witness) -> Iterator[str]:
    with server(witness, "127.0.0.1", 0) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}"
        finally:
            listening.shutdown()
            thread.join()


def lines() -> list[tuple[int, str]]:
    db.session.rollback()  # what was read before belongs to another moment
    return [tuple(row) for row in db.session.execute(select(LogCosignature.size, LogCosignature.witness)).all()]


def test_the_log_has_its_checkpoints_co_signed(database: Database, tmp_path: Path, clock: SettableClock) -> None:
    with opened(database):
        sequencer = begin_log(tmp_path, clock)
        sequencer.catch_up()
        witness = open_witness(tmp_path / "witness", NAME, log_key.known(), clock)
        key = str(witness.signer.verifier)
        with serving(witness) as address:
            ask_all([(key, address)], clock)
            ask_all([(key, address)], clock)  # it has co-signed this one
            record(clock, 300)
            sequencer.catch_up()
            ask_all([(key, address)], clock)
        assert lines() == [(1, NAME), (301, NAME)]
        _, note = open_checkpoint(look_up_log.newest_checkpoint().note, log_key.known())
        assert cosigned_by(note, [witness.signer.verifier]).keys() == {witness.signer.verifier}


def test_a_witness_that_cannot_be_reached_is_told_of_and_keeps_nobody_from_the_others(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    with opened(sqlite_database):
        begin_log(tmp_path, clock).catch_up()
        witness = open_witness(tmp_path / "witness", NAME, log_key.known(), clock)
        key = str(witness.signer.verifier)
        with serving(witness) as address:
            gone = (key, "http://127.0.0.1:9")
            with pytest.raises(UnwitnessedCheckpointError, match=r"127\.0\.0\.1:9"):
                ask_all([gone, (key, address)], clock)
        assert lines() == [(1, NAME)]


def test_the_log_catches_up_with_a_witness_that_remembers_more_than_the_log_knows_of_it(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    """The witness had signed and the answer was lost."""
    with opened(sqlite_database):
        sequencer = begin_log(tmp_path, clock)
        sequencer.catch_up()
        witness = open_witness(tmp_path / "witness", NAME, log_key.known(), clock)
        witness.add_checkpoint(AddCheckpoint(0, (), look_up_log.newest_checkpoint().note))
        record(clock, 3)
        sequencer.catch_up()
        with serving(witness) as address:
            ask_all([(str(witness.signer.verifier), address)], clock)
        assert lines() == [(4, NAME)]


@pytest.mark.parametrize("more", [0, 9], ids=["behind", "another story"])
def test_a_database_behind_what_a_witness_has_seen_signs_nothing_until_it_is_there_again(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock, more: int
) -> None:
    path = Path(sqlite_database.url.removeprefix("sqlite:///"))
    with opened(sqlite_database):
        sequencer = begin_log(tmp_path, clock)
        sequencer.catch_up()
        witness = open_witness(tmp_path / "witness", NAME, log_key.known(), clock)
        key = str(witness.signer.verifier)
        with serving(witness) as address:
            ask_all([(key, address)], clock)
            with closing(connect(path)) as source, closing(connect(tmp_path / "old")) as old:
                source.backup(old)
            record(clock, 5)
            sequencer.catch_up()
            ask_all([(key, address)], clock)
    with serving(witness) as address, opened(Database("sqlite", f"sqlite:///{tmp_path}/old")):
        if more:
            record(clock, more)
            Sequencer(sequencer.keyholder, CheckpointFolder(tmp_path / "lost"), clock).catch_up()
        with pytest.raises(UnwitnessedCheckpointError):
            ask_all([(key, address)], clock, anew=True)
        with pytest.raises(Refusal) as refused:
            log_ahead.refuse_if_behind()
        assert refused.value.denied.facts == {"known_by": NAME, "size": 6}
    with serving(witness) as address, opened(sqlite_database):
        log_ahead.keep(NAME, 6, clock)
        ask_all([(key, address)], clock, anew=True)
        log_ahead.refuse_if_behind()
        assert lines() == [(1, NAME), (6, NAME)]


def test_an_answer_of_somebody_else_counts_for_nothing(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    with opened(sqlite_database):
        begin_log(tmp_path, clock).catch_up()
        witness = open_witness(tmp_path / "witness", NAME, log_key.known(), clock)
        other = open_witness(tmp_path / "other", NAME, log_key.known(), clock)
        with serving(other) as address, pytest.raises(UnwitnessedCheckpointError):
            ask_all([(str(witness.signer.verifier), address)], clock)
        assert lines() == []


def test_the_server_answers_what_it_does_not_know_and_goes_on(witness: Witness) -> None:
    with serving(witness) as address:
        host, port = address.removeprefix("http://").split(":")
        for method, path, body, status in (
            ("GET", "/", None, 200),
            ("GET", "/x", None, 404),
            ("POST", "/x", b"", 404),
            ("POST", "/add-checkpoint", b"\xff", 400),
            ("POST", "/add-checkpoint", b"x" * 70_000, 413),
            ("POST", "/add-checkpoint", asked(0, 5).text().encode(), 200),
        ):
            connection = HTTPConnection(host, int(port), timeout=10)
            connection.request(method, path, body)
            assert connection.getresponse().status == status
            connection.close()


def test_a_folder_without_a_readable_key_is_told(tmp_path: Path, clock: SettableClock) -> None:
    (tmp_path / "witness-key").write_text("hello")
    with pytest.raises(NoteError):
        open_witness(tmp_path, NAME, [], clock)
