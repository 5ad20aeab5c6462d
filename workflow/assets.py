"""Sheets, scripts and pictures under an address that changes with them, so that a browser keeps them and asks no more."""

from functools import cache
from hashlib import sha256
from pathlib import Path

KEPT_SECONDS = 365 * 24 * 3600
"""How long a browser may keep what lies under such an address."""

_DIGITS = 12


@cache
def version_of(folder: Path) -> str:
    """Give a name for the files of `folder` as they are when the process first asks: another as soon as one differs."""
    seen = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        seen.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        seen.update(content)
    return seen.hexdigest()[:_DIGITS]
