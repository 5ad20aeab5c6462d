"""`kaogong backup` and `kaogong restore`."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from workflow import web
from workflow.cli.application import in_application, on_database
from workflow.cli.records import lines
from workflow.services.backup import back_up
from workflow.services.backup.backup_file import BackupError
from workflow.wording import Language, Phrase

MADE = Phrase("已备份到 {file}({size} 字节)。", "The backup is in {file} ({size} bytes).")
KEY_APART = Phrase(
    "日志的签名密钥({key})不在备份中:同时持有备份和密钥的人可以伪造书面记录。请把它另存在别处;没有它,恢复后的日志不能再签署。",
    "The key that signs the log ({key}) is not in the backup: who holds both could forge the record. Keep a copy of it elsewhere;"
    " without it the log can't be signed after a restore.",
)
DONE = Phrase(
    "恢复完成:{made_at} 的备份,书面记录已证实。", "Restored: the backup of {made_at}, and its written record holds."
)
NOT_DONE = Phrase(
    "数据已放回,但书面记录未能证实。在查清之前不要用它提供服务。",
    "The data is back, but its written record does not hold. Don't serve it before this is cleared up.",
)
KEY_MISSING = Phrase(
    "日志的签名密钥({key})还不在这里:请把另存的密钥放回,否则日志不能签署。",
    "The key that signs the log ({key}) is not here yet: put your copy of it there, or the log can't be signed.",
)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@on_database
def backup(file: Path) -> None:
    """Write the database and the newest checkpoint of its log to FILE, while the service goes on."""
    settings = web.settings()
    with _saying_why():
        back_up.back_up(settings, web.clock(), file.resolve())
    _say(MADE, file=file, size=file.stat().st_size)
    _say(KEY_APART, key=settings.log_key_file)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_application
def restore(file: Path) -> None:
    """Restore FILE into an empty database and prove its record; exit 1 says that it does not hold, and where."""
    settings = web.settings()
    with _saying_why():
        restored = back_up.restore(settings, web.clock(), file.resolve())
    click.echo("\n".join(lines(restored.verdict)))
    if not restored.verdict.holds:
        _say(NOT_DONE)
        sys.exit(1)
    if not settings.log_key_file.exists():
        _say(KEY_MISSING, key=settings.log_key_file)
    _say(DONE, made_at=restored.manifest.made_at)


@contextmanager
def _saying_why() -> Iterator[None]:
    """End the command with the sentence of what stood in its way, in both languages."""
    try:
        yield
    except BackupError as wrong:
        sentences = [wrong.phrase.say(language, **wrong.facts) for language in Language]
        raise click.ClickException("\n".join(sentences)) from wrong
    except (OSError, sqlite3.Error) as wrong:  # a full disk, say
        raise click.ClickException(str(wrong)) from wrong


def _say(phrase: Phrase, **facts: object) -> None:
    for language in Language:
        click.echo(phrase.say(language, **facts))
