"""A witness: remembers the last checkpoint of each log that it co-signed, and co-signs only what goes on from it."""

import fcntl
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workflow.records.checkpoints import Checkpoint, cosign, read_checkpoint
from workflow.records.notes import Kind, Signer, Verifier, new_signer, read_note, read_signer
from workflow.records.witnessing import AddCheckpoint, accept, origin_of
from workflow.services.clock import Clock
from workflow.services.whole_files import write_whole

KEY = "witness-key"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness with its key and what it saw, both in its folder; the logs that it knows are named by their keys."""

    folder: Path
    signer: Signer
    logs: Sequence[Verifier]
    clock: Clock
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def add_checkpoint(self, request: AddCheckpoint) -> str:
        """Co-sign a checkpoint and give the line; what was seen is on the disk before this returns.

        Raises UnwitnessedError for a checkpoint that does not go on from the last one, or is of no known log.
        """
        with self._alone():
            place = self._place(origin_of(request))
            _, note = accept(request, self.logs, _read(place))
            write_whole(place, request.note.encode())
            return str(cosign(note, self.signer, self.clock()))

    def _place(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Look and remember without anybody between, in this process or another one with the same folder."""
        with self._turn, (self.folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def open_witness(folder: Path, name: str, logs: Sequence[Verifier], clock: Clock) -> Witness:
    """Give the witness of a folder; its key is made on first use, under `name`. Raises NoteError for what is no key."""
    key = folder / KEY
    if not key.exists():
        write_whole(key, f"{new_signer(name, Kind.COSIGNATURE).secret()}\n".encode("ascii"))
    return Witness(folder, read_signer(key.read_text("ascii").strip()), logs, clock)


def _read(place: Path) -> Checkpoint | None:
    try:
        return read_checkpoint(read_note(place.read_text("utf-8")))
    except FileNotFoundError:
        return None
