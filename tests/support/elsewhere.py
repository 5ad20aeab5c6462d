"""Another, empty database of the same kind, for what is restored."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.databases import POSTGRESQL, SQLITE, Database
from tests.support.postgres import PostgresCluster


@contextmanager
def another(database: Database, folder: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give an empty database, with the programs of PostgreSQL that fit its server on the path."""
    folder.mkdir()
    if database.kind == SQLITE:
        yield Database(SQLITE, f"sqlite:///{folder}/kaogong.db")
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    made = cluster.create_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{cluster.programs}{os.pathsep}{os.environ['PATH']}")
        yield Database(POSTGRESQL, made.url, made.owner_url)
    cluster.drop_database(made.name)
