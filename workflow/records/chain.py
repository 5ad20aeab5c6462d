"""The records of one entity hold together: each is what it was written as, and each follows from the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.records.canonical import Envelope, is_bound
from workflow.records.faults import FaultCode


@dataclass(slots=True)
class Chain:
    """The versions of an entity so far, and the hashes by which its records follow each other."""

    version: int = 0
    _last: bytes | None = None
    _hashes: set[bytes] = field(default_factory=set)
    _noted: list[bytes | None] = field(default_factory=list)

    def take(
        self,
        envelope: Envelope,
        stored_hash: bytes,
        salt: bytes | None,
        content: Mapping[str, Any] | None,
        written: object,
        *,
        erased: bool = False,
    ) -> FaultCode | None:
        """Take the next record of a version, or a note that has none; gives what is wrong with it.

        `written` is the content as the database keeps it; that of an erased record may be gone, all else of it must hold.
        """
        if content is None or salt is None:
            if not erased:
                return FaultCode.CONTENT_MISSING
        elif not is_bound(salt, content, written, envelope.content_hash):
            return FaultCode.CONTENT_CHANGED
        if envelope.hash() != stored_hash:
            return FaultCode.RECORD_CHANGED
        if envelope.version is None:
            self._noted.append(envelope.previous_hash)
            return None
        if envelope.version != self.version + 1:
            return FaultCode.VERSION_MISSING
        if envelope.previous_hash != self._last:
            return FaultCode.CHAIN_BROKEN
        self.version += 1
        self._last = stored_hash
        self._hashes.add(stored_hash)
        return None

    def notes_follow(self) -> bool:
        """Say whether every note follows a version of the entity; asked once all its records are taken."""
        return self._hashes.issuperset(self._noted)
