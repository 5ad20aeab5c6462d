"""Empty, migrated databases of both kinds, each copied from a template that is migrated once in a run."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from sqlite3 import connect
from typing import Self

from tests.support.postgres import PostgresCluster

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Database:
    """Where a test finds its database: as the application, and on PostgreSQL also as the owner of the tables."""

    kind: str
    url: str
    owner_url: str | None = None


Change = Callable[[Database], None]


class Templates(ABC):
    """Databases of one kind, each a copy of one that was made ready once."""

    @abstractmethod
    def fresh(self) -> AbstractContextManager[Database]:
        """A database of one's own, gone afterwards."""

    @abstractmethod
    def changed(self, change: Change) -> Self:
        """Templates of a copy after this change."""


class SqliteTemplates(Templates):
    """SQLite databases: a copy of one file."""

    def __init__(self, folder: Path, make_ready: Change | None = None, begin_with: Path | None = None) -> None:
        self._folder = folder
        self.template = folder / "template.db"
        self._made = count(1)
        if begin_with:
            shutil.copyfile(begin_with, self.template)
        if make_ready:
            make_ready(Database(SQLITE, f"sqlite:///{self.template}"))
        with closing(connect(self.template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A copy of the file."""
        folder = self._own_folder()
        path = folder / "kaogong.db"
        shutil.copyfile(self.template, path)
        yield Database(SQLITE, f"sqlite:///{path}")
        shutil.rmtree(folder)

    def changed(self, change: Change) -> "SqliteTemplates":
        """Templates of a copy of the file after this change."""
        return SqliteTemplates(self._own_folder(), change, self.template)

    def _own_folder(self) -> Path:
        folder = self._folder / str(next(self._made))
        folder.mkdir()
        return folder


class PostgresTemplates(Templates):
    """PostgreSQL databases: a copy of one of them."""

    def __init__(self, cluster: PostgresCluster, make_ready: Change, begin_with: str | None = None) -> None:
        self._cluster = cluster
        self._template = cluster.create_database(template=begin_with)
        make_ready(Database(POSTGRESQL, self._template.url, self._template.owner_url))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A copy of the database."""
        made = self._cluster.create_database(template=self._template.name)
        yield Database(POSTGRESQL, made.url, made.owner_url)
        self._cluster.drop_database(made.name)

    def changed(self, change: Change) -> "PostgresTemplates":
        """Templates of a copy of the database after this change."""
        return PostgresTemplates(self._cluster, change, self._template.name)
