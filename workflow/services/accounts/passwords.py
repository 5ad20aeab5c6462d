"""Passwords: how they are kept, compared, and which ones are good enough (source: OWASP ASVS 5.0, chapter 6.2)."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow.errors import FieldError
from workflow.wording import Phrase

LEAST = 12
"""The fewest characters of a password: long rather than contrived."""
MOST = 128

# Argon2id with 19 MiB and two passes (source: OWASP Password Storage Cheat Sheet): many may sign in at one moment.
_PASSES, _KIB = 2, 19_456
HASHER = PasswordHasher(time_cost=_PASSES, memory_cost=_KIB, parallelism=1)
"""Makes the hashes; a hash says itself what it takes to compare with it."""
_NOBODYS_HASH = f"$argon2id$v=19$m={_KIB},t={_PASSES},p=1${'A' * 22}${'A' * 43}"
"""Has the form of a kept password, so that comparing with it takes as long; that of none."""

# What guessers try first, less the digits and signs that people hang on it.
_WORDS = """
    password passw admin administrator root welcome letmein iloveyou monkey dragon football baseball superman batman
    princess sunshine qwerty qwertyuiop qwertyuiopasdfghjkl asdfghjkl asdfghjklzxcvbnm zxcvbnm qazwsx qazwsxedc
    qazwsxedcrfv abc abcd abcdef abcdefg abcdefgh abcdefghij abcdefghijkl abcdefghijklmnopqrstuvwxyz abcabc aaaaaa
    woaini woaiwoziji woaiwojia wodemima mima nihao zhongguo beijing shanghai kaogong jixiao kaohe gongsi yinhang
    master shadow trustno michael jennifer jordan hunter secret login default guest test tests testing temp changeme
    changeit newpassword mypassword passwordpassword adminadmin adminpassword welcomewelcome qwertyqwerty company
    google internet computer server database oracle mysql linux windows microsoft hello helloworld whatever starwars
"""
_COMMON = frozenset(_WORDS.split())
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_TRIMMINGS = "0123456789!@#$%^&*()+=,.?_- "
_DISGUISES = str.maketrans("@$013457", "asoieast")
_FEWEST_DIFFERENT = 5
_SHORTEST_NAME = 3


def keep(password: str) -> str:
    """Give the Argon2id hash to keep instead of the password."""
    return HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Say whether the password is the one that was kept; where there is none it takes as long and says no."""
    try:
        HASHER.verify(kept or _NOBODYS_HASH, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def weaknesses(password: str, username: str, path: str = "password") -> list[FieldError]:
    """Say what is wrong with a new password under the policy `asvs`: length, what is guessed first, the user's name."""
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < LEAST:
        phrase = Phrase("密码至少 {least} 个字符", "a password needs at least {least} characters")
        return [FieldError(path, phrase, {"least": LEAST})]
    if len(plain) > MOST:
        return [
            FieldError(
                path, Phrase("密码最多 {most} 个字符", "a password has at most {most} characters"), {"most": MOST}
            )
        ]
    if len(username) >= _SHORTEST_NAME and username.casefold() in plain.casefold():
        return [FieldError(path, Phrase("密码不能包含用户名", "a password must not contain the user name"))]
    if _is_common(plain.casefold()):
        return [
            FieldError(path, Phrase("密码过于常见,容易被猜中", "this password is among the first that are guessed"))
        ]
    return []


def _is_common(text: str) -> bool:
    """Whether it is a word that is guessed first, a run of the keyboard, or next to nothing, under its trimmings."""
    letters = "".join(character for character in text if character.isalpha())
    bare = text.strip(_TRIMMINGS).translate(_DISGUISES)
    return (
        not letters
        or len(set(text)) < _FEWEST_DIFFERENT
        or not _COMMON.isdisjoint((letters, bare))
        or any(letters in run for run in _RUNS)
    )


def _plain(password: str) -> bytes:
    """The same password typed on two keyboards is the same bytes."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
