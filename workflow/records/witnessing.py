"""What a log and a witness say to each other (C2SP tlog-witness): a checkpoint with its proof, and the answer."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from workflow.records.checkpoints import Checkpoint, open_checkpoint, read_checkpoint
from workflow.records.merkle import EMPTY_ROOT, ProofError, check_consistency
from workflow.records.notes import Note, NoteError, Verifier, read_note

SIZE_TYPE = "text/x.tlog.size"
MOST_PROOF_LINES = 63


class UnwitnessedError(Exception):
    """The witness does not co-sign; carries the status and the body that it answers with."""

    def __init__(self, status: HTTPStatus, body: str = "") -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A checkpoint that a witness is asked to co-sign, with the proof that it goes on from a tree of `old` leaves."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """Write the request's body."""
        lines = "".join(f"{base64.b64encode(each).decode('ascii')}\n" for each in self.proof)
        return f"old {self.old}\n{lines}\n{self.note}"


def read_request(text: str) -> AddCheckpoint:
    """Read a request's body; raises UnwitnessedError (bad request)."""
    head, blank, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    size = first.removeprefix("old ")
    try:
        old, proof = int(size), tuple(base64.b64decode(line, validate=True) for line in lines)
    except ValueError as unreadable:
        raise UnwitnessedError(HTTPStatus.BAD_REQUEST) from unreadable
    if not blank or first != f"old {old}" or old < 0 or len(proof) > MOST_PROOF_LINES:
        raise UnwitnessedError(HTTPStatus.BAD_REQUEST)
    return AddCheckpoint(old, proof, note)


def accept(request: AddCheckpoint, logs: Sequence[Verifier], seen: Checkpoint | None) -> tuple[Checkpoint, Note]:
    """Give the checkpoint to co-sign, if it goes on from what was seen last of its log; raises UnwitnessedError."""
    found, note = _of_known_log(request, logs)
    before = Checkpoint(found.origin, 0, EMPTY_ROOT) if seen is None else seen
    if request.old > found.size:
        raise UnwitnessedError(HTTPStatus.BAD_REQUEST)
    if request.old != before.size:
        raise UnwitnessedError(HTTPStatus.CONFLICT, f"{before.size}\n")
    if found.size == before.size and found.root != before.root:
        raise UnwitnessedError(HTTPStatus.CONFLICT, f"{before.size}\n")
    try:
        check_consistency(before.size, before.root, found.size, found.root, request.proof)
    except ProofError as forked:
        raise UnwitnessedError(HTTPStatus.UNPROCESSABLE_ENTITY) from forked
    return found, note


def origin_of(request: AddCheckpoint) -> str:
    """Give the log that a request speaks of; raises UnwitnessedError (bad request)."""
    try:
        return read_checkpoint(read_note(request.note)).origin
    except NoteError as unreadable:
        raise UnwitnessedError(HTTPStatus.BAD_REQUEST) from unreadable


def _of_known_log(request: AddCheckpoint, logs: Sequence[Verifier]) -> tuple[Checkpoint, Note]:
    origin = origin_of(request)
    if origin not in {each.name for each in logs}:
        raise UnwitnessedError(HTTPStatus.NOT_FOUND)
    try:
        return open_checkpoint(request.note, logs)
    except NoteError as unsigned:
        raise UnwitnessedError(HTTPStatus.FORBIDDEN) from unsigned
