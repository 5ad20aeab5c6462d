"""Passwords are long, not among those that are guessed first, and kept only as hashes."""

import pytest

from tests.support.cheap_passwords import IN_EARNEST
from workflow.services.accounts import passwords


@pytest.fixture(autouse=True)
def in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here passwords cost what they cost in service."""
    monkeypatch.setattr(passwords, "HASHER", IN_EARNEST)


def test_a_hash_costs_a_guesser_what_the_source_asks_for() -> None:
    assert passwords.keep("demo-Kaogong-2026").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_kept_password_is_recognised_and_never_stands_in_its_hash() -> None:
    kept = passwords.keep("demo-Kaogong-2026")
    assert kept.startswith("$argon2id$")
    assert "Kaogong" not in kept
    assert passwords.matches(kept, "demo-Kaogong-2026")
    assert not passwords.matches(kept, "demo-Kaogong-2027")


def test_the_same_password_is_hashed_differently_each_time() -> None:
    assert passwords.keep("demo-Kaogong-2026") != passwords.keep("demo-Kaogong-2026")


def test_nobody_has_a_password_that_matches() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("not a hash", "not a hash")


def test_a_letter_typed_in_two_ways_is_the_same_password() -> None:
    assert passwords.matches(passwords.keep("caf\u00e9 au lait 2026"), "cafe\u0301 au lait 2026")


def test_text_that_no_keyboard_types_is_refused_without_falling_over() -> None:
    assert not passwords.matches(passwords.keep("demo-Kaogong-2026"), "\ud800\x00")


@pytest.mark.parametrize(
    "password", ["demo-Kaogong-2026", "三人行必有我师焉择其善者而从之", "correct horse battery", "kq7-xw2-mz9-tv4"]
)
def test_long_passwords_are_good_without_rules_of_composition(password: str) -> None:
    assert passwords.weaknesses(password, "preparer") == []


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("short-One-7", "至少"),
        ("x" * 129, "最多"),
        ("my-preparer-word", "用户名"),
        ("PREPARER-2026!", "用户名"),
        ("password123456", "常见"),
        ("P@ssw0rd2026!!", "常见"),
        ("123456789012", "常见"),
        ("2026-11-05 2026-11-06", "常见"),
        ("aaaaaaaaaaaaaa", "常见"),
        ("abababababababab", "常见"),
        ("qwertyuiopas", "常见"),
        ("abcdefghijkl1", "常见"),
    ],
)
def test_a_weak_password_is_told_why(password: str, wrong: str) -> None:
    faults = passwords.weaknesses(password, "preparer", "new_password")
    assert [fault.path for fault in faults] == ["new_password"]
    assert wrong in faults[0].phrase.zh
