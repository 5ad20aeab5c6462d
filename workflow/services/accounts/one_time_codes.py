"""One-time codes (TOTP, RFC 6238): half a minute each, one step of drift either way, and each accepted once only."""

import unicodedata
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from workflow.models.accounts import CodeMaker
from workflow.models.database import db
from workflow.services.unit_of_work import Work

DIGITS = 6
DRIFT = 1
"""By how many time steps a device's clock may be ahead or behind."""

_KEY_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = b"kaogong one-time codes"


def asks_for_code(account_id: int) -> bool:
    """Say whether an account signs in with a one-time code as well as the password."""
    query = select(CodeMaker.account_id).where(CodeMaker.account_id == account_id, CodeMaker.confirmed_at.is_not(None))
    return db.session.scalar(query) is not None


def use_up(work: Work, account_id: int, code: str, key: str, *, confirmed: bool = True) -> bool:
    """Say whether this is a code of the account's device that was not used before, and use it up with all earlier ones.

    The device is held until the transaction ends, so that of two who come with the same code one is refused.
    """
    maker = work.session.scalar(select(CodeMaker).where(CodeMaker.account_id == account_id).with_for_update())
    if maker is None or (maker.confirmed_at is not None) is not confirmed:
        return False
    secret = reveal(maker.secret, account_id, key)
    step = None if secret is None else _step_of(secret, _tidy(code), work.now, maker.last_step)
    if step is None:
        return False
    maker.last_step = step
    work.session.flush()
    return True


def conceal(secret: str, account_id: int, key: str, nonce: bytes) -> bytes:
    """Encrypt a device's secret (AES-256-GCM) under the application's key, for this account alone."""
    return nonce + _cipher(key).encrypt(nonce, secret.encode("ascii"), str(account_id).encode("ascii"))


def reveal(kept: bytes, account_id: int, key: str) -> str | None:
    """Give a device's secret; none under another key than the one it was encrypted with, or for another account."""
    nonce, concealed = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, concealed, str(account_id).encode("ascii")).decode("ascii")
    except InvalidTag:
        return None


def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(key.encode("utf-8"))
    return AESGCM(derived)


def _tidy(code: str) -> str:
    """A code as people type it: with spaces, or in the wide digits of a Chinese keyboard."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def _step_of(secret: str, code: str, now: datetime, last: int) -> int | None:
    """Give the time step whose code this is, later than the `last` one that was used up; none for a wrong code."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    device = pyotp.TOTP(secret, digits=DIGITS)
    here = device.timecode(now)
    steps = range(max(here - DRIFT, last + 1), here + DRIFT + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(device.generate_otp(step), code)), None)
