"""Text signed with Ed25519 keys as C2SP signed-note says, readable by Go's `sumdb/note`."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_SIGNATURES = 100
KEY_BYTES = 32

_DASH = "\u2014 "
_PRIVATE = "PRIVATE+KEY+"


class NoteError(ValueError):
    """A note or a key that can't be read, or a signature that does not hold."""


class Kind(IntEnum):
    """What a key signs: a note's text, or that a witness saw a checkpoint at a time."""

    NOTE = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True)
class Verifier:
    """The public half of a key, under its name; written as a *vkey*: `name+id+key`."""

    name: str
    public: bytes
    kind: Kind = Kind.NOTE

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != KEY_BYTES:
            message = "a public key has 32 bytes"
            raise NoteError(message)

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes by which a signature says whose it is; they prove nothing."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(bytes([self.kind]) + self.public)}"

    def check(self, message: bytes, signature: bytes) -> None:
        """Raise NoteError unless it is this key's signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as forged:
            text = f"the signature of {self.name} does not hold"
            raise NoteError(text) from forged


@dataclass(frozen=True)
class Signer:
    """A key that signs; written as an *skey*: `PRIVATE+KEY+name+id+seed`."""

    name: str
    seed: bytes
    kind: Kind = Kind.NOTE

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"  # never the seed

    @cached_property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._private.public_key().public_bytes_raw(), self.kind)

    def secret(self) -> str:
        """Write it out whole, to be kept where only its owner reads."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_encode(bytes([self.kind]) + self.seed)}"

    def sign(self, message: bytes) -> bytes:
        """Sign bytes (64 bytes)."""
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_signer(name: str, kind: Kind = Kind.NOTE) -> Signer:
    """Make a key."""
    _check_name(name)
    return Signer(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)


def read_verifier(text: str) -> Verifier:
    """Read a vkey; raises NoteError for anything else."""
    name, key_id, kind, key = _read_key(text)
    verifier = Verifier(name, key, kind)
    if verifier.key_id != key_id:
        message = "the key's id is not its own"
        raise NoteError(message)
    return verifier


def read_signer(text: str) -> Signer:
    """Read an skey; raises NoteError for anything else."""
    if not text.startswith(_PRIVATE):
        message = "this is no private key"
        raise NoteError(message)
    name, key_id, kind, seed = _read_key(text.removeprefix(_PRIVATE))
    signer = Signer(name, seed, kind)
    if signer.verifier.key_id != key_id:
        message = "the key's id is not its own"
        raise NoteError(message)
    return signer


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note: whose key, and the bytes it gave."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_encode(self.key_id + self.value)}\n"

    def is_of(self, verifier: Verifier) -> bool:
        """Say whether it claims to be of this key."""
        return (self.name, self.key_id) == (verifier.name, verifier.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures below it, not yet verified."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or any(ord(each) < ord(" ") for each in self.text.replace("\n", "")):
            message = "a note is lines of text"
            raise NoteError(message)

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(str(each) for each in self.signatures)}"

    def signed(self, signer: Signer) -> "Note":
        """Give the note with this key's signature of the text added."""
        value = signer.sign(self.text.encode())
        return self.with_signatures([Signature(signer.name, signer.verifier.key_id, value)])

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """Give the note with further signatures; one that stands there already is not repeated."""
        return replace(self, signatures=tuple(dict.fromkeys((*self.signatures, *more))))

    def verified_by(self, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
        """Give the keys among these that signed the text; raises NoteError for a signature of theirs that does not hold."""
        found = []
        for verifier in verifiers:
            for signature in (each for each in self.signatures if each.is_of(verifier)):
                verifier.check(self.text.encode(), signature.value)
                found.append(verifier)
        return tuple(dict.fromkeys(found))


def read_note(text: str) -> Note:
    """Read a signed note; raises NoteError for anything else."""
    body, blank, below = text.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        message = "a note ends with an empty line and its signatures"
        raise NoteError(message)
    return Note(f"{body}\n", read_signatures(below))


def read_signatures(text: str) -> tuple[Signature, ...]:
    """Read lines of signatures, at most a hundred; raises NoteError."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        message = "too many signatures"
        raise NoteError(message)
    return tuple(_read_signature(line) for line in lines)


def _read_signature(line: str) -> Signature:
    name, _, value = line.removeprefix(_DASH).partition(" ")
    _check_name(name)
    data = _decode(value)
    if not line.startswith(_DASH) or len(data) <= 4:  # noqa: PLR2004 — the bytes of a key's id
        message = "this is no line of a signature"
        raise NoteError(message)
    return Signature(name, data[:4], data[4:])


def _read_key(text: str) -> tuple[str, bytes, Kind, bytes]:
    """Part a key into name, id, kind and bytes."""
    try:
        name, key_id, encoded = text.split("+", 2)
        data = _decode(encoded)
        found = name, bytes.fromhex(key_id), Kind(data[0]), data[1:]
    except (ValueError, IndexError) as unreadable:
        message = "this is no key"
        raise NoteError(message) from unreadable
    _check_name(name)
    if key_id != found[1].hex() or len(found[3]) != KEY_BYTES:
        message = "this is no key"
        raise NoteError(message)
    return found


def _check_name(name: str) -> None:
    if not name or "+" in name or any(each.isspace() or ord(each) < ord(" ") for each in name):
        message = "a key's name is text without spaces and plus signs"
        raise NoteError(message)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as unreadable:
        message = "this is no base64"
        raise NoteError(message) from unreadable
    if _encode(data) != text:
        message = "this is no base64"
        raise NoteError(message)
    return data
