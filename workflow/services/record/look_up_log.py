"""Reading the log: its newest checkpoint with what witnesses signed, and the proof that a record stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from workflow.errors import Reason, not_seen, refuse
from workflow.models.database import db
from workflow.models.log import LogCheckpoint, LogCosignature, LogEntry
from workflow.models.log_tree import tile_reader
from workflow.models.record import RecordPending
from workflow.records.merkle import inclusion_proof
from workflow.records.tiles import reading

DIGITS_OF_A_PLACE = 15

_NEWEST = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
_COSIGNED = (
    select(LogCosignature.witness, LogCosignature.at, LogCosignature.line)
    .where(LogCosignature.size == bindparam("size"))
    .order_by(LogCosignature.witness)
)
_LAST_SEEN = select(
    LogCosignature.witness, func.max(LogCosignature.size).label("size"), func.max(LogCosignature.at).label("at")
).group_by(LogCosignature.witness)


@dataclass(frozen=True, slots=True)
class SignedTree:
    """A checkpoint of the log: its size, when it was signed, its note with every co-signature, and who co-signed when."""

    size: int
    at: datetime
    note: str
    witnesses: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class WitnessState:
    """How large the log was when a witness last co-signed it, and when that was; none: never."""

    name: str
    size: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """That a record stands at a place in the log: its leaf's hash, and the path to the root of the checkpoint."""

    index: int
    record_id: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    tree: SignedTree


def newest_checkpoint() -> SignedTree:
    """Give the newest checkpoint; raises Refusal (not seen) while nothing has been signed."""
    found = find_checkpoint()
    if found is None:
        raise not_seen()
    return found


def find_checkpoint() -> SignedTree | None:
    """Give the newest checkpoint, or none while nothing has been signed."""
    row = db.session.scalars(_NEWEST).one_or_none()
    if row is None:
        return None
    lines = db.session.execute(_COSIGNED, {"size": row.size}).all()
    note = row.note + "".join(line.line for line in lines)
    return SignedTree(row.size, row.at, note, tuple((line.witness, line.at) for line in lines))


@dataclass(frozen=True, slots=True)
class LogState:
    """How far the log is: its newest checkpoint, how many records wait for their place, and what each witness has seen."""

    tree: SignedTree | None
    waiting: int
    witnesses: tuple[WitnessState, ...]


def log_state(witnesses: Sequence[str]) -> LogState:
    """Say how far the log is, and how far behind each of these witnesses, in three queries."""
    seen = {row.witness: row for row in db.session.execute(_LAST_SEEN)}
    states = (
        WitnessState(name, *((seen[name].size, seen[name].at) if name in seen else (0, None))) for name in witnesses
    )
    waiting = db.session.scalar(select(func.count()).select_from(RecordPending)) or 0
    return LogState(find_checkpoint(), waiting, tuple(states))


def prove(place: str) -> Proof:
    """Give the proof of one place in the log; raises Refusal: not seen for no number, not logged beyond the checkpoint."""
    if not (place.isascii() and place.isdigit()):
        raise not_seen()
    if len(place) > DIGITS_OF_A_PLACE:
        raise refuse(Reason.NOT_LOGGED)
    (proof,) = prove_all([int(place)])
    return proof


def prove_all(indexes: list[int]) -> tuple[Proof, ...]:
    """Give the proofs of several places under the same checkpoint; raises Refusal (not logged)."""
    tree = newest_checkpoint()
    entries = db.session.scalars(
        select(LogEntry).where(LogEntry.log_index.in_(indexes), LogEntry.log_index < tree.size)
    )
    found = {entry.log_index: entry for entry in entries}
    if found.keys() != set(indexes):
        raise refuse(Reason.NOT_LOGGED)
    hash_at = reading(tree.size, tile_reader(db.session.connection()))
    return tuple(
        Proof(
            index,
            found[index].record_id,
            found[index].leaf_hash,
            tuple(inclusion_proof(index, tree.size, hash_at)),
            tree,
        )
        for index in indexes
    )
