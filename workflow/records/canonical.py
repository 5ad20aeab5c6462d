"""The canonical form of a record: what exactly is hashed, so that anybody can hash it again (source: records.md)."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

import rfc8785

from workflow.records.merkle import leaf_hash

LARGEST_EXACT = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly; ids are larger and stand as text."""

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The part of a record that goes into the log: ids, event, time and hashes, but never a score."""

    id: int
    entity_kind: str
    entity_id: int
    version: int | None
    event: str
    at: datetime
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
        return rfc8785.dumps(
            {
                "id": str(self.id),
                "entity": [self.entity_kind, str(self.entity_id)],
                "version": self.version,
                "event": self.event,
                "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "actor": _text(self.actor_id),
                "role": self.role,
                "on_behalf_of": _text(self.on_behalf_of),
                "state": self.state,
                "request": self.request_id,
                "previous": self.previous_hash.hex() if self.previous_hash else None,
                "content": self.content_hash.hex(),
            }
        )


def content_hash(salt: bytes, content: Mapping[str, Json]) -> bytes:
    """Hash a record's content with its salt, without which nobody can guess a score from its hash (32 bytes)."""
    return hashlib.sha256(salt + rfc8785.dumps(dict(content))).digest()


def digest(value: Json) -> str:
    """Give the hexadecimal SHA-256 of a value's canonical bytes: what a signature binds."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


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
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case Sequence() if not isinstance(value, bytes):
            return [plain(each) for each in value]
        case _:
            message = f"a record has no form for {type(value).__name__}"
            raise TypeError(message)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
