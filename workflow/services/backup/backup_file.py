"""A backup as one file: a manifest that tells what is in it, then the database and the newest checkpoint, each with its hash."""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from workflow.services.whole_files import sync_folder
from workflow.wording import Phrase

FORMAT = "kaogong-backup/1"
MANIFEST = "manifest.json"
DATABASE = "database"
CHECKPOINT = "checkpoint"

_NAMES = frozenset({DATABASE, CHECKPOINT})
_LARGEST_MANIFEST = 64 * 1024
_CHUNK = 1024 * 1024
_FAST = 1  # gzip's quickest level: a backup waits for the disk, not for the last percent

NO_BACKUP = Phrase("{file} 不是考功的备份,或已损坏。", "{file} is no backup of Kaogong, or it is damaged.")
DAMAGED = Phrase(
    "备份 {file} 已损坏:其中的 {name} 与清单中的校验值不符。请换一份备份。",
    "The backup {file} is damaged: {name} in it does not have the hash that its manifest tells. Take another one.",
)
EXISTS = Phrase("{file} 已存在,不会覆盖。", "{file} is there already and is not overwritten.")


class BackupError(Exception):
    """Why a backup can't be made or restored, and what to do: a sentence with its facts."""

    def __init__(self, phrase: Phrase, **facts: object) -> None:
        super().__init__(phrase.zh)
        self.phrase = phrase
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Stored:
    """A file within a backup: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: of which kind of database, at which migration, made when, and which files."""

    kind: str
    migration: str
    made_at: str
    files: Mapping[str, Stored] = field(default_factory=dict)

    def text(self) -> bytes:
        """Write it as it stands in the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest; raises ValueError for anything else."""
    data: dict[str, Any] = json.loads(text)
    try:
        if data.pop("format") != FORMAT or not {DATABASE} <= data["files"].keys() <= _NAMES:
            raise ValueError(FORMAT)
        return Manifest(**{**data, "files": {name: Stored(**each) for name, each in data["files"].items()}})
    except (AttributeError, KeyError, TypeError) as wrong:
        raise ValueError(FORMAT) from wrong


def pack(folder: Path, manifest: Manifest, target: Path) -> Manifest:
    """Write what lies in a folder as one file that only its owner may read, whole or not at all; raises BackupError."""
    if target.exists():
        raise BackupError(EXISTS, file=target)
    paths = sorted(folder.iterdir())
    full = Manifest(manifest.kind, manifest.migration, manifest.made_at, {each.name: _stored(each) for each in paths})
    handle, aside = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=_FAST) as archive:
                head = tarfile.TarInfo(MANIFEST)
                head.size = len(full.text())
                archive.addfile(head, BytesIO(full.text()))
                for each in paths:
                    archive.add(each, each.name)
            stream.flush()
            os.fsync(stream.fileno())
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return full


def unpack(source: Path, folder: Path) -> Manifest:
    """Put what a backup holds into a folder, every file checked against its hash; raises BackupError."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = _read_head(archive)
            for name in manifest.files:
                _take(archive, name, folder)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as wrong:
        raise BackupError(NO_BACKUP, file=source) from wrong
    for name, stored in manifest.files.items():
        if _stored(folder / name) != stored:
            raise BackupError(DAMAGED, file=source, name=name)
    return manifest


def _read_head(archive: tarfile.TarFile) -> Manifest:
    head = archive.next()
    if head is None or head.name != MANIFEST:
        raise ValueError(MANIFEST)
    return read_manifest(_opened(archive, head).read(_LARGEST_MANIFEST))


def _take(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Copy one file out of the archive, by its content alone: no path, link or right of the archive counts."""
    source = _opened(archive, archive.getmember(name))
    with (folder / name).open("xb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise ValueError(member.name)
    return stream


def _stored(path: Path) -> Stored:
    with path.open("rb") as stream:
        return Stored(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
