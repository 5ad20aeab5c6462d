"""Backing up while people work, and restoring elsewhere: what is restored proves its record before it counts."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from config import Settings
from workflow.models.migrations import head, is_known
from workflow.models.upgrade import upgrade
from workflow.records.checkpoints import read_checkpoint
from workflow.records.faults import FaultCode
from workflow.records.notes import NoteError, read_note
from workflow.services.backup.backup_file import CHECKPOINT, DATABASE, NO_BACKUP, BackupError, Manifest, pack, unpack
from workflow.services.backup.dump import database_of, kind_of
from workflow.services.clock import Clock
from workflow.services.record import log_ahead
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.verify_records import Progress, Verdict, verify_installation
from workflow.services.whole_files import write_whole
from workflow.wording import Phrase

OTHER_KIND = Phrase(
    "备份是 {found} 数据库的,而 KAOGONG_DATABASE_URL 指向 {wanted}。请恢复到同类数据库。",
    "The backup is of {found}, and KAOGONG_DATABASE_URL names {wanted}. Restore it to the same kind of database.",
)
NEWER = Phrase(
    "备份来自更新的版本(迁移 {migration})。请先安装那个版本。",
    "The backup comes from a newer version (migration {migration}). Install that version first.",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what the proof of its record found."""

    manifest: Manifest
    verdict: Verdict


def back_up(settings: Settings, clock: Clock, target: Path) -> Manifest:
    """Write database and newest checkpoint as one file, consistent while others write; raises BackupError.

    The log's key is not in it: who holds the record and the key could write another record and sign it.
    """
    note = CheckpointFolder(settings.checkpoint_dir).newest_note()  # before the database, which so never lies behind it
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        folder = Path(aside)
        database_of(settings).dump(folder / DATABASE)
        if note is not None:
            write_whole(folder / CHECKPOINT, note.encode())
        return pack(folder, Manifest(kind_of(settings), head(), clock().isoformat()), target)


def restore(settings: Settings, clock: Clock, source: Path, progress: Progress = lambda _: None) -> Restored:
    """Restore into an empty database, bring it to this version and prove its record; raises BackupError.

    A checkpoint that is known here stays: a database that lies behind it signs nothing.
    """
    database = database_of(settings)
    database.check_empty()
    with tempfile.TemporaryDirectory(dir=database.folder()) as aside:
        folder = Path(aside)
        manifest = unpack(source, folder)
        _check_fits(manifest, kind_of(settings))
        _keep_checkpoint(folder / CHECKPOINT, CheckpointFolder(settings.checkpoint_dir), source)
        database.load(folder / DATABASE)
    upgrade(settings.database_url, settings.database_owner_url)
    verdict = verify_installation(settings, progress)
    if verdict.fault is not None and verdict.fault.code is FaultCode.BEHIND:
        log_ahead.keep(log_ahead.FOLDER, int(verdict.fault.told), clock)
    return Restored(manifest, verdict)


def _check_fits(manifest: Manifest, wanted: str) -> None:
    if manifest.kind != wanted:
        raise BackupError(OTHER_KIND, found=manifest.kind, wanted=wanted)
    if not is_known(manifest.migration):
        raise BackupError(NEWER, migration=manifest.migration)


def _keep_checkpoint(note: Path, kept: CheckpointFolder, source: Path) -> None:
    """Put the backup's checkpoint where checkpoints are kept, unless one is known there."""
    if not note.exists() or kept.newest_note() is not None:
        return
    text = note.read_text("utf-8")
    try:
        kept.keep(read_checkpoint(read_note(text)).size, text)
    except NoteError as wrong:
        raise BackupError(NO_BACKUP, file=source) from wrong
