"""Checkpoints: how large the log is and what its root is, signed by the log and by witnesses (C2SP tlog-checkpoint)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from workflow.records.merkle import HASH_BYTES
from workflow.records.notes import Kind, Note, NoteError, Signature, Signer, Verifier, read_note

_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log called `origin`: so many entries, under this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"

    def signed(self, *signers: Signer) -> Note:
        """Give the note of it, signed by each of these keys."""
        note = Note(self.text())
        for signer in signers:
            note = note.signed(signer)
        return note


def read_checkpoint(note: Note) -> Checkpoint:
    """Read the checkpoint that a note holds, whoever signed it; raises NoteError for any other note."""
    lines = note.text.split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError) as unreadable:
        message = "this is no checkpoint"
        raise NoteError(message) from unreadable
    found = Checkpoint(origin, size, root)
    if not origin or size < 0 or len(root) != HASH_BYTES or not note.text.startswith(found.text()):
        message = "this is no checkpoint"
        raise NoteError(message)
    return found


def open_checkpoint(text: str, verifiers: Sequence[Verifier]) -> tuple[Checkpoint, Note]:
    """Read a checkpoint that one of these keys of its log has signed; raises NoteError."""
    note = read_note(text)
    found = read_checkpoint(note)
    own = [each for each in verifiers if each.name == found.origin]
    if not note.verified_by(own):
        message = "no known key of the log has signed this checkpoint"
        raise NoteError(message)
    return found, note


def cosign(note: Note, witness: Signer, at: datetime) -> Signature:
    """Say as a witness that at this moment it was the largest tree seen of this log (C2SP tlog-cosignature)."""
    seconds = int(at.timestamp())
    value = seconds.to_bytes(_TIME_BYTES, "big") + witness.sign(_cosigned(note, seconds))
    return Signature(witness.name, witness.verifier.key_id, value)


def check_cosignature(note: Note, signature: Signature, witness: Verifier) -> datetime:
    """Give when the witness co-signed the note; raises NoteError unless it did."""
    if witness.kind is not Kind.COSIGNATURE or not signature.is_of(witness):
        message = f"this is no co-signature of {witness.name}"
        raise NoteError(message)
    seconds = int.from_bytes(signature.value[:_TIME_BYTES], "big")
    witness.check(_cosigned(note, seconds), signature.value[_TIME_BYTES:])
    return datetime.fromtimestamp(seconds, UTC)


def cosigned_by(note: Note, witnesses: Sequence[Verifier]) -> dict[Verifier, datetime]:
    """Give when each of these witnesses co-signed the note; raises NoteError for a co-signature that does not hold."""
    return {
        witness: check_cosignature(note, signature, witness)
        for witness in witnesses
        for signature in note.signatures
        if signature.is_of(witness)
    }


def _cosigned(note: Note, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
