"""Checkpoints outside the database: whoever rewrites the database does not rewrite these (source: records.md)."""

from dataclasses import dataclass
from pathlib import Path

from workflow.records.checkpoints import Checkpoint, read_checkpoint
from workflow.records.notes import read_note
from workflow.services.whole_files import write_whole

NEWEST = "checkpoint"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class CheckpointFolder:
    """A folder with every checkpoint, one file for each size, and the newest one under a name of its own."""

    path: Path

    def newest(self) -> Checkpoint | None:
        """Give the newest checkpoint, none where there is no file; raises NoteError for one that can't be read."""
        text = self.newest_note()
        return None if text is None else read_checkpoint(read_note(text))

    def newest_note(self) -> str | None:
        """Give the newest checkpoint as it was signed, none where there is no file."""
        try:
            return (self.path / NEWEST).read_text("utf-8")
        except FileNotFoundError:
            return None

    def keep(self, size: int, note: str) -> None:
        """Keep a checkpoint, so that it is on the disk before this returns."""
        write_whole(self.path / f"{size:0{_DIGITS}d}", note.encode())
        write_whole(self.path / NEWEST, note.encode())
