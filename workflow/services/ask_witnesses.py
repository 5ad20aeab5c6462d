"""Asking witnesses to co-sign the newest checkpoint; one that can't be reached stops nothing, and is told of."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import bindparam, func, insert, select

from workflow.models.database import WRITER, db
from workflow.models.log import LogCheckpoint, LogCosignature
from workflow.models.log_tree import tile_reader
from workflow.records.checkpoints import check_cosignature
from workflow.records.merkle import consistency_proof
from workflow.records.notes import NoteError, Signature, Verifier, read_note, read_signatures, read_verifier
from workflow.records.tiles import reading
from workflow.records.witnessing import SIZE_TYPE, AddCheckpoint
from workflow.services.clock import Clock

PATIENCE_SECONDS = 5
LARGEST_ANSWER = 64 * 1024

_NEWEST = select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
_SEEN = select(func.coalesce(func.max(LogCosignature.size), 0)).where(LogCosignature.witness == bindparam("witness"))
_KEEP = insert(LogCosignature)

Addresses = Sequence[tuple[str, str]]
"""Each witness as its public key (vkey) and its address, as in the settings."""


class UnwitnessedCheckpointError(OSError):
    """Some witness did not co-sign the newest checkpoint; names each with the reason."""


def ask_all(witnesses: Addresses, clock: Clock) -> None:
    """Have each witness co-sign the newest checkpoint unless it has; raises UnwitnessedCheckpointError once all were asked."""
    wrong = []
    for key, address in witnesses:
        try:
            _ask(read_verifier(key), address, clock)
        except (OSError, http.client.HTTPException, ValueError) as error:
            wrong.append(f"{address}: {str(error) or type(error).__name__}")
    if wrong:
        raise UnwitnessedCheckpointError("; ".join(wrong))


def _ask(witness: Verifier, address: str, clock: Clock) -> None:
    """Get one co-signature and keep it; raises OSError, HTTPException, NoteError or ValueError where there is none."""
    with db.engine.connect() as connection:
        newest = connection.execute(_NEWEST).one_or_none()
        seen = int(connection.execute(_SEEN, {"witness": witness.name}).scalar_one())
    if newest is None or newest.size <= seen:
        return
    answer = _post(address, _request(newest.size, newest.note, seen))
    if answer.strip().isdigit():  # it has seen more of the log than we know, or less
        answer = _post(address, _request(newest.size, newest.note, int(answer)))
    line = _own_line(answer, newest.note, witness)
    row = {"size": newest.size, "witness": witness.name, "line": str(line), "at": clock()}
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        connection.execute(_KEEP, row)


def _request(size: int, note: str, old: int) -> str:
    """Write the request for a witness that has seen `old` records; raises ValueError where it has seen more than there are."""
    with db.engine.connect() as connection:
        proof = consistency_proof(old, size, reading(size, tile_reader(connection)))
    return AddCheckpoint(old, tuple(proof), note).text()


def _post(address: str, body: str) -> str:
    """Send a request; gives the answer's text, also where it only tells the size that was seen last."""
    request = urllib.request.Request(f"{address}/add-checkpoint", body.encode(), method="POST")  # noqa: S310 — the settings take http and https alone
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            return str(answer.read(LARGEST_ANSWER).decode())
    except urllib.error.HTTPError as refused:
        if refused.code == HTTPStatus.CONFLICT and refused.headers.get("Content-Type") == SIZE_TYPE:
            return str(refused.read(LARGEST_ANSWER).decode())
        raise


def _own_line(answer: str, note: str, witness: Verifier) -> Signature:
    """Give the line of an answer that is this witness's co-signature of the note; raises NoteError where there is none."""
    for line in read_signatures(answer):
        if line.is_of(witness):
            check_cosignature(read_note(note), line, witness)
            return line
    message = f"{witness.name} answered without its co-signature"
    raise NoteError(message)
