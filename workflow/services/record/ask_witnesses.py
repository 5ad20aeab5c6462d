"""Asking witnesses to co-sign the newest checkpoint; one that can't be reached stops nothing, and is told of."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import Row, bindparam, func, insert, select

from workflow.models.database import WRITER, db
from workflow.models.log import LogCheckpoint, LogCosignature
from workflow.models.log_tree import tile_reader
from workflow.records.checkpoints import check_cosignature
from workflow.records.merkle import consistency_proof
from workflow.records.notes import NoteError, Signature, Verifier, read_note, read_signatures, read_verifier
from workflow.records.tiles import reading
from workflow.records.witnessing import SIZE_TYPE, AddCheckpoint
from workflow.services.clock import Clock
from workflow.services.record import log_ahead

PATIENCE_SECONDS = 5
LARGEST_ANSWER = 64 * 1024

_NEWEST = select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
_SEEN = select(func.coalesce(func.max(LogCosignature.size), 0)).where(LogCosignature.witness == bindparam("witness"))
_KEEP = insert(LogCosignature)
_SAW_MORE = (
    "{0} has seen a log of {1} records, and this database has fewer: it may come from an old backup, nothing is signed"
)

Addresses = Sequence[tuple[str, str]]
"""Each witness as its public key (vkey) and its address, as in the settings."""


class UnwitnessedCheckpointError(OSError):
    """Some witness did not co-sign the newest checkpoint; names each with the reason."""


def ask_all(witnesses: Addresses, clock: Clock, *, anew: bool = False) -> None:
    """Have each witness co-sign the newest checkpoint unless it has; raises UnwitnessedCheckpointError once all were asked.

    `anew` asks also those that have: a database from an old backup learns so that they have seen more.
    """
    wrong = []
    for key, address in witnesses:
        try:
            _ask(read_verifier(key), address, clock, anew=anew)
        except (OSError, http.client.HTTPException, ValueError) as error:
            wrong.append(f"{address}: {str(error) or type(error).__name__}")
    if wrong:
        raise UnwitnessedCheckpointError("; ".join(wrong))


def _ask(witness: Verifier, address: str, clock: Clock, *, anew: bool) -> None:
    """Get one co-signature and keep it; raises OSError, HTTPException, NoteError or ValueError where there is none."""
    newest, seen = _newest(), _seen(witness)
    if newest is None or (newest.size <= seen and not anew):
        return
    answer = _propose(witness, address, newest, seen, clock)
    if answer.strip().isdigit():  # it has seen more of the log than we know, or less
        answer = _propose(witness, address, newest, _not_ahead(witness, int(answer), clock), clock)
    line = _own_line(answer, newest.note, witness)
    log_ahead.forget(witness.name)
    if newest.size > seen:
        row = {"size": newest.size, "witness": witness.name, "line": str(line), "at": clock()}
        with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
            connection.execute(_KEEP, row)


def _newest() -> Row[int, str] | None:
    with db.engine.connect() as connection:
        return connection.execute(_NEWEST).one_or_none()


def _seen(witness: Verifier) -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(_SEEN, {"witness": witness.name}).scalar_one())


def _propose(witness: Verifier, address: str, newest: Row[int, str], old: int, clock: Clock) -> str:
    """Ask for the co-signature of the newest checkpoint; that it does not go on from what was seen is kept."""
    try:
        return _post(address, _request(newest.size, newest.note, old))
    except urllib.error.HTTPError as refused:
        if refused.code == HTTPStatus.UNPROCESSABLE_ENTITY:
            log_ahead.keep(witness.name, old, clock)
        raise


def _not_ahead(witness: Verifier, has_seen: int, clock: Clock) -> int:
    """Give what a witness has seen; raises NoteError, and keeps it, where that is more than there is by now."""
    now = _newest()
    if now is None or has_seen > now.size:
        log_ahead.keep(witness.name, has_seen, clock)
        raise NoteError(_SAW_MORE.format(witness.name, has_seen))
    return has_seen


def _request(size: int, note: str, old: int) -> str:
    """Write the request for a witness that has seen `old` records; raises ValueError where it has seen more than there are."""
    with db.engine.connect() as connection:
        proof = consistency_proof(old, size, reading(size, tile_reader(connection)))
    return AddCheckpoint(old, tuple(proof), note).text()


def _post(address: str, body: str) -> str:
    """Send a request; gives the answer's text, also where it only tells the size that was seen last."""
    request = urllib.request.Request(f"{address}/add-checkpoint", body.encode(), method="POST")  # noqa: S310 — the settings take http and https alone
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 — as above
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
