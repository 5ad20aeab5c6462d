"""Empty, migrated databases of both kinds, each copied from a template that is migrated once in a run."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect

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


Migrate = Callable[[Database], None]


class SqliteTemplates:
    """SQLite databases: a copy of one migrated file."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        self._made = 0
        migrate(Database(SQLITE, f"sqlite:///{self._template}"))
        with closing(connect(self._template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A database of one's own, gone afterwards."""
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir()
        path = folder / "kaogong.db"
        shutil.copyfile(self._template, path)
        yield Database(SQLITE, f"sqlite:///{path}")
        shutil.rmtree(folder)


class PostgresTemplates:
    """PostgreSQL databases: a copy of one migrated database."""

    def __init__(self, cluster: PostgresCluster, migrate: Migrate) -> None:
        self._cluster = cluster
        self._template = cluster.create_database()
        migrate(Database(POSTGRESQL, self._template.url, self._template.owner_url))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A database of one's own, gone afterwards."""
        made = self._cluster.create_database(template=self._template.name)
        yield Database(POSTGRESQL, made.url, made.owner_url)
        self._cluster.drop_database(made.name)
