"""The files of tests that a run begins with are there: one that was moved would run last again, and nobody would notice."""

from pathlib import Path

from tests.conftest import LONGEST

TESTS = Path(__file__).parents[1]


def test_every_file_that_is_begun_with_exists() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []
