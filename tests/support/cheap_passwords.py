"""Passwords kept at next to no cost: in service each hash takes 40 ms on purpose, and the tests make and compare thousands."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from workflow.services.accounts import passwords

IN_EARNEST = passwords.HASHER
"""What makes the hashes in service."""


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Only the cost is less, for the tests of this process; the tests of passwords themselves pay it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
