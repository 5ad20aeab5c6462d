"""What takes long to make: one of the processes of a run makes it, the others wait and take it."""

import os
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

WORKER = "PYTEST_XDIST_WORKER"
"""The variable by which a process knows that it is one of several; their folders lie beside each other."""


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Give the file of this name, which `make` has made in this run, here or in another process."""
    own = folders.getbasetemp()
    path = (own.parent if WORKER in os.environ else own) / name
    with path.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not path.exists():
            half = path.with_suffix(".half")
            make(half)
            half.rename(path)
    return path
