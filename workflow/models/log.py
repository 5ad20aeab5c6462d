"""The log of all records: its entries in order, the tree over them as tiles, its checkpoints and its key's public half."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Instant


class LogEntry(Base):
    """A record's place in the log; the places follow each other without a gap from 0 on."""

    __tablename__ = "log_entry"

    log_index: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogTile(Base):
    """A full tile of the tree: 256 hashes, and its root, which stands in the tile above; partial ones follow from these."""

    __tablename__ = "log_tile"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    hashes: Mapped[bytes] = mapped_column(LargeBinary(8192))


class LogCheckpoint(Base):
    """The signed note that says what the tree was at a size."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class LogCosignature(Base):
    """A witness's signature of a checkpoint, as a line to be put below its note."""

    __tablename__ = "log_cosignature"

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(String(128), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class LogAhead(Base):
    """Who knows a log that this database does not reach: the folder of checkpoints or a witness. Then nothing is signed."""

    __tablename__ = "log_ahead"

    known_by: Mapped[str] = mapped_column(String(128), primary_key=True)
    size: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(Instant)


class LogKey(Entity, Base):
    """The key that signs the checkpoints, by its public half; every change of it is a record in the log itself."""

    __tablename__ = "log_key"

    vkey: Mapped[str] = mapped_column(String(256), unique=True)
