"""The canonical form of a record: what exactly is hashed, so that anybody can hash it again (source: records.md)."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import JSONEncoder, c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # untyped, made once
from typing import NamedTuple, TypeAlias

import rfc8785

from workflow.records.merkle import leaf_hash

LARGEST_EXACT = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly; ids are larger and stand as text."""

DIGESTED = frozenset({"basis", "statistics"})
"""A long derived field: the record holds its digest, since it follows from what the record holds in full."""

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


class Envelope(NamedTuple):
    """The part of a record that goes into the log: ids, event, time (or its text as it stands) and hashes, never a score."""

    id: int
    entity_kind: str
    entity_id: int
    version: int | None
    event: str
    at: datetime | str
    actor_id: int | None
    role: str | None
    on_behalf_of: int | None
    state: str | None
    request_id: str
    previous_hash: bytes | None
    content_hash: bytes

    def hash(self) -> bytes:
        """Give the RFC 6962 leaf hash of the envelope's canonical bytes (32 bytes)."""
        return leaf_hash(self.canonical())

    def canonical(self) -> bytes:
        """Give the RFC 8785 bytes; ids are text since they are larger than a JSON number can hold exactly."""
        previous = f'"{self.previous_hash.hex()}"' if self.previous_hash else "null"
        return (
            f'{{"actor":{_id(self.actor_id)},"at":"{self.at if isinstance(self.at, str) else _moment(self.at)}","content":"{self.content_hash.hex()}",'
            f'"entity":[{_quoted(self.entity_kind)},"{self.entity_id}"],"event":{_quoted(self.event)},"id":"{self.id}",'
            f'"on_behalf_of":{_id(self.on_behalf_of)},"previous":{previous},"request":{_quoted(self.request_id)},'
            f'"role":{_text(self.role)},"state":{_text(self.state)},'
            f'"version":{"null" if self.version is None else self.version}}}'
        ).encode()


def canonical_bytes(value: Json) -> bytes:
    """Give the RFC 8785 bytes of a value; its numbers are whole and within what JSON reads exactly, as `plain` leaves them."""
    raw = "".join(_encoded(value, 0)).encode()
    return raw if raw.isascii() or _is_basic(raw) else rfc8785.dumps(value)


def canonical_text(value: Json) -> str:
    """Give the canonical bytes as the text that they are."""
    text = "".join(_encoded(value, 0))
    return text if text.isascii() or _is_basic(text.encode()) else rfc8785.dumps(value).decode()


def canonical_object(members: Mapping[str, str]) -> str:
    """Put an object together whose members are in canonical form already; the RFC sorts their names by UTF-16."""
    names = sorted(members) if "".join(members).isascii() else sorted(members, key=_utf_16)
    return f"{{{','.join([f'{_quoted(name)}:{members[name]}' for name in names])}}}"


def content_hash(salt: bytes, content: Mapping[str, Json]) -> bytes:
    """Hash a record's content with its salt, without which nobody can guess a score from its hash (32 bytes)."""
    return hashlib.sha256(salt + canonical_bytes(dict(content))).digest()


def is_bound(salt: bytes, content: Mapping[str, Json], written: object, by: bytes) -> bool:
    """Say whether a content hash binds a content; where it was written in canonical form, the text is hashed as it stands."""
    if isinstance(written, str) and hashlib.sha256(salt + written.encode()).digest() == by:
        return True
    return content_hash(salt, content) == by


def digest(value: Json) -> str:
    """Give the hexadecimal SHA-256 of a value's canonical bytes: what a signature binds."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def as_told(column: str, value: object) -> Json:
    """Give a column's value as a record tells it: plain, and of a long derived one the digest."""
    if value is None or column not in DIGESTED:
        return plain(value)
    return digest_of_text(canonical_bytes(plain(value)).decode())


def digest_of_text(canonical: str) -> str:
    """Give the digest of a value in canonical form as it stands in a record in the value's place."""
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def plain(value: object) -> Json:
    """Give a value as it stands in a record: decimals and moments as text; raises TypeError for what has no form."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= LARGEST_EXACT else str(value)
        case str():
            return unicodedata.normalize("NFC", str(value))
        case Decimal():
            return format(value, "f")
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case Sequence() if not isinstance(value, bytes):
            return [plain(each) for each in value]
        case _:
            message = f"a record has no form for {type(value).__name__}"
            raise TypeError(message)


_quoted: Callable[[str], str] = encode_basestring

_encoded: Callable[[object, int], Iterable[str]] = c_make_encoder(
    markers=None,
    default=JSONEncoder().default,
    encoder=encode_basestring,
    indent=None,
    key_separator=":",
    item_separator=",",
    sort_keys=True,
    skipkeys=False,
    allow_nan=False,
)
"""Python's own encoder writes the RFC's bytes, ten times as fast, as long as no key leaves the basic plane: the RFC sorts by UTF-16.

It is made once: `JSONEncoder.encode` makes it anew for each document, which takes longer than to write a small one.
"""


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _is_basic(raw: bytes) -> bool:
    """Say whether no character lies outside the basic plane: in UTF-8 those begin with F0 to F4."""
    return not (b"\xf0" in raw or b"\xf1" in raw or b"\xf2" in raw or b"\xf3" in raw or b"\xf4" in raw)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _id(number: int | None) -> str:
    return "null" if number is None else f'"{number}"'


def _text(text: str | None) -> str:
    return "null" if text is None else _quoted(text)
