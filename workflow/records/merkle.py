"""The Merkle tree of the log: hashes, roots and proofs as in RFC 6962, section 2.1, with SHA-256 (source: records.md)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

HASH_BYTES = 32

_LEAF, _NODE = b"\x00", b"\x01"

HashAt: TypeAlias = "Callable[[int, int], bytes]"
"""Gives the hash of the complete subtree of 2^level leaves with this number: `hash_at(0, i)` is leaf i's own."""


class ProofError(ValueError):
    """A proof that does not prove what it should."""


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry of the log."""
    return hashlib.sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return hashlib.sha256(_NODE + left + right).digest()


EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


class Frontier:
    """A tree of which only the right edge is held: leaves come in at the end, the root is known at every size."""

    __slots__ = ("_complete", "size")

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Put the hash of the next leaf in its place."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(self._complete.pop(), carried)
            size >>= 1
        self._complete.append(carried)
        self.size += 1

    @property
    def complete(self) -> Sequence[bytes]:
        """The roots of its complete subtrees, from the largest, on the left, to the smallest."""
        return self._complete

    def root(self) -> bytes:
        """Give the root of the tree as it stands."""
        return root_over(self._complete)


def root_over(complete: Sequence[bytes]) -> bytes:
    """Hash complete subtrees, largest first, into the node above them all; of none the empty tree."""
    if not complete:
        return EMPTY_ROOT
    found = complete[-1]
    for left in reversed(complete[:-1]):
        found = node_hash(left, found)
    return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the root of the tree with these leaves' hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def root_at(size: int, hash_at: HashAt) -> bytes:
    """Give the root of the tree of the first `size` leaves."""
    return _Span(0, size).hash(hash_at)


def levels_above(hashes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Give these hashes, then those of each level above as far as subtrees are complete."""
    while hashes:
        yield hashes
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """Give the path from leaf `index` to the root of the tree of `size` leaves; raises ProofError where there is none."""
    if not 0 <= index < size:
        message = f"no leaf {index} in a tree of {size}"
        raise ProofError(message)
    return [span.hash(hash_at) for span in _beside(index, size)]


def consistency_proof(old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """Give what shows that the first `old` leaves of the tree of `new` leaves are those it had; raises ProofError."""
    if not 0 <= old <= new:
        message = f"a tree of {new} does not go on from one of {old}"
        raise ProofError(message)
    return [span.hash(hash_at) for span in _between(old, new)] if old else []


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless the path leads from the leaf at `index` to the root of the tree of `size` leaves."""
    if not 0 <= index < size:
        message = f"no leaf {index} in a tree of {size}"
        raise ProofError(message)
    spans = _beside(index, size)
    _same_length(spans, proof)
    found = leaf
    for span, beside in zip(spans, proof, strict=True):
        found = node_hash(beside, found) if span.end <= index else node_hash(found, beside)
    if found != root:
        message = f"the leaf does not stand at {index} in this tree"
        raise ProofError(message)


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofError unless the tree of `new` leaves with this root goes on from that of `old` leaves with that root."""
    if not 0 <= old <= new:
        message = f"a tree of {new} does not go on from one of {old}"
        raise ProofError(message)
    if old in (0, new):
        _same_length([], proof)
        if old_root != (EMPTY_ROOT if old == 0 else new_root):
            message = "two roots of the same size differ"
            raise ProofError(message)
        return
    spans = _between(old, new)
    _same_length(spans, proof)
    steps = list(zip(spans, proof, strict=True))
    before = after = steps.pop(0)[1] if spans[0].end == old else old_root  # a complete old tree is its own beginning
    for span, beside in steps:
        if span.end <= old:
            before, after = node_hash(beside, before), node_hash(beside, after)
        else:
            after = node_hash(after, beside)
    if (before, after) != (old_root, new_root):
        message = f"the tree of {new} leaves does not go on from that of {old}"
        raise ProofError(message)


@dataclass(frozen=True, slots=True)
class _Span:
    """Consecutive leaves that stand under one node of the tree; begins at a multiple of a power of two that covers it."""

    start: int
    end: int

    def halves(self) -> "tuple[_Span, _Span]":
        """Part it as the tree does: on the left the largest power of two that leaves something on the right."""
        middle = self.start + (1 << (self.end - self.start - 1).bit_length() - 1)
        return _Span(self.start, middle), _Span(middle, self.end)

    def hash(self, hash_at: HashAt) -> bytes:
        """Give the node's hash, from the complete subtrees in it."""
        return root_over([hash_at(level, at >> level) for level, at in self._complete()])

    def _complete(self) -> Iterator[tuple[int, int]]:
        """Give the level and the first leaf of each complete subtree, largest first."""
        at = self.start
        while at < self.end:
            level = (self.end - at).bit_length() - 1
            yield level, at
            at += 1 << level


def _beside(index: int, size: int) -> list[_Span]:
    """Give what stands beside the way from a leaf to the root, lowest first (RFC 6962, 2.1.1)."""
    found, within = [], _Span(0, size)
    while within.end - within.start > 1:
        left, right = within.halves()
        within, beside = (left, right) if index < left.end else (right, left)
        found.append(beside)
    return found[::-1]


def _between(old: int, new: int) -> list[_Span]:
    """Give what a consistency proof consists of, lowest first (RFC 6962, 2.1.2)."""
    found, within = [], _Span(0, new)
    while within.end != old:
        left, right = within.halves()
        within, beside = (left, right) if old <= left.end else (right, left)
        found.append(beside)
    if within.start:
        found.append(within)
    return found[::-1]


def _same_length(spans: Sequence[_Span], proof: Sequence[bytes]) -> None:
    if len(spans) != len(proof) or any(len(each) != HASH_BYTES for each in proof):
        message = f"a proof of {len(spans)} hashes is expected"
        raise ProofError(message)
