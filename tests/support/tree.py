"""The files of the project, for tests that read them."""

import subprocess
from pathlib import Path

from config import ROOT


def tracked(*patterns: str) -> list[Path]:
    """The files that belong to the project, those not yet committed among them, by git's patterns."""
    order = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(order, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted(path for name in set(listed.split("\0")) - {""} if (path := ROOT / name).is_file())


def place(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
