"""Where test databases lie: in memory if there is room, since waiting for a disk proves nothing here."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 — mkdtemp makes a folder of our own in it
ROOM_BYTES = 1024**3


def scratch_folder(name: str) -> Path:
    """A new folder whose path is short enough for a socket; whoever asks removes it."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    return Path(tempfile.mkdtemp(prefix=f"kaogong-{name}-", dir=MEMORY if roomy else None))


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A new folder, removed afterwards."""
    folder = scratch_folder(name)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
