"""Files packed into one while they are sent: memory holds one of them at a time, and nothing is put on the disk."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

READABLE = 0o644 << 16
"""The mode of a packed file, as the format keeps it."""


class _Pipe:
    """What is written comes out at the other end once; it can't go back, so the archive is written straight on."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take what is written."""
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def read(self) -> bytes:
        """Give what was written since."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def zipped(files: Iterable[tuple[str, bytes]], at: datetime) -> Iterator[bytes]:
    """Give a zip archive in pieces, its files dated `at`; if reading them fails it stays without its end, which no tool opens."""
    pipe = _Pipe()
    archive = ZipFile(pipe, "w", ZIP_DEFLATED)
    for path, data in files:
        entry = ZipInfo(path, at.timetuple()[:6])
        entry.external_attr = READABLE
        archive.writestr(entry, data, ZIP_DEFLATED)
        yield pipe.read()
    archive.close()
    yield pipe.read()
