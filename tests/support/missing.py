"""What the tests needed and could not have: said loudly at the end of the run, and a failure where CI is set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_missing: dict[str, str] = {}


class Unavailable(Exception):
    """Something that tests need is not on this machine and could not be brought; the message says what was tried."""

    def __init__(self, name: str, tried: str) -> None:
        super().__init__(f"{name}: {tried}")
        _missing[name] = tried


def found() -> dict[str, str]:
    """What was missing, and what was tried to bring it."""
    return dict(_missing)


def add(others: dict[str, str]) -> None:
    """Take in what another process of the same run missed."""
    _missing.update(others)


def report() -> list[str]:
    """One line for each thing that was missing."""
    return [f"MISSING {name}: {tried}" for name, tried in sorted(_missing.items())]


def is_failure() -> bool:
    """In continuous integration nothing may be missing."""
    return bool(_missing) and os.environ.get("CI", "").lower() in {"1", "true"}


@contextmanager
def named() -> Iterator[None]:
    """Leave out the tests that need what is missing; in continuous integration let them fail."""
    try:
        yield
    except Unavailable as what:
        if is_failure():
            raise
        pytest.skip(str(what))
