"""A database as one file and back: SQLite by its own way of copying while others write, PostgreSQL by its programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url

from config import Settings
from workflow.services.backup.backup_file import BackupError
from workflow.services.whole_files import sync_folder
from workflow.wording import Phrase

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
PACKAGE = "postgresql-client"
_TOLD = 500

NO_PROGRAM = Phrase(
    "找不到程序 {program}。请安装 PostgreSQL 客户端(Debian:apt install {package}),版本不低于数据库服务器。",
    "There is no program {program}. Install PostgreSQL's client (Debian: apt install {package}), not older than the server.",
)
PROGRAM_FAILED = Phrase("{program} 失败:{said}", "{program} failed: {said}")
NOT_EMPTY = Phrase(
    "{place} 中已有数据,恢复只进入空的地方,不会覆盖。",
    "There is data in {place}; a backup goes only into an empty place.",
)

_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A SQLite database by the path of its file."""

    path: Path

    def dump(self, target: Path) -> None:
        """Copy the database as it is at one moment; writers go on meanwhile."""
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)

    def check_empty(self) -> None:
        """Raise BackupError where there is a database, or what one has left beside itself."""
        for ending in _BESIDE:
            if self.path.with_name(self.path.name + ending).exists():
                raise BackupError(NOT_EMPTY, place=self.path)

    def load(self, source: Path) -> None:
        """Put a copied database in place; it has to lie on the same disk."""
        self.check_empty()
        source.rename(self.path)
        sync_folder(self.path.parent)

    def folder(self) -> Path:
        """Give a folder on the disk of the database."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A PostgreSQL database by the account that may read and make all of it, and a folder for files on their way."""

    url: str
    scratch: Path

    def dump(self, target: Path) -> None:
        """Have pg_dump write the database as it is at one moment; writers go on meanwhile."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")

    def check_empty(self) -> None:
        """Raise BackupError where the database has tables."""
        engine = create_engine(self.url)
        try:
            if inspect(engine).get_table_names():
                raise BackupError(NOT_EMPTY, place=make_url(self.url).database)
        finally:
            engine.dispose()

    def load(self, source: Path) -> None:
        """Have pg_restore make the database in one transaction; whose it is and who may what is set afterwards."""
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *options, str(source))

    def folder(self) -> Path:
        """Give a folder for the files on their way."""
        return self.scratch

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; the password goes by the environment, where other people don't see it."""
        found = shutil.which(program)
        if found is None:
            raise BackupError(NO_PROGRAM, program=program, package=PACKAGE)
        url = make_url(self.url)
        address = url.set(drivername="postgresql", password=None).render_as_string()
        environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
        command = [found, f"--dbname={address}", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 — our own arguments
        if done.returncode:
            raise BackupError(PROGRAM_FAILED, program=program, said=done.stderr.strip()[-_TOLD:])


def database_of(settings: Settings) -> SqliteFile | PostgresDatabase:
    """Give the database of an installation, on PostgreSQL as its owner where the owner is known."""
    if kind_of(settings) == SQLITE:
        return SqliteFile(Path(str(make_url(settings.database_url).database)))
    return PostgresDatabase(settings.database_owner_url or settings.database_url, settings.instance)


def kind_of(settings: Settings) -> str:
    """Give `sqlite` or `postgresql`."""
    return make_url(settings.database_url).get_backend_name()
