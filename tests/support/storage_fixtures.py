"""Fixtures: an empty, migrated database, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.support import missing
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Database, PostgresTemplates, SqliteTemplates
from tests.support.postgres import PostgresCluster, start_cluster
from tests.support.scratch import scratch
from workflow.models.upgrade import upgrade


def _migrate(database: Database) -> None:
    upgrade(database.url, database.owner_url)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """A private PostgreSQL server for this run."""
    with missing.named():
        cluster = start_cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def sqlite_templates() -> Iterator[SqliteTemplates]:
    """The migrated SQLite file that each test gets a copy of."""
    with scratch("sqlite") as folder:
        yield SqliteTemplates(folder, _migrate)


@pytest.fixture(scope="session")
def postgres_templates(postgres_cluster: PostgresCluster) -> PostgresTemplates:
    """The migrated PostgreSQL database that each test gets a copy of."""
    return PostgresTemplates(postgres_cluster, _migrate)


def _fresh(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    templates: SqliteTemplates | PostgresTemplates = request.getfixturevalue(
        "sqlite_templates" if kind == SQLITE else "postgres_templates"
    )
    with templates.fresh() as database:
        yield database


BOTH_KINDS = [pytest.param(kind, marks=pytest.mark.postgresql if kind == POSTGRESQL else ()) for kind in KINDS]


@pytest.fixture(params=BOTH_KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database for one test, which runs on both kinds."""
    yield from _fresh(request, request.param)


@pytest.fixture(scope="module", params=BOTH_KINDS)
def module_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database that the tests of one module share, on both kinds."""
    yield from _fresh(request, request.param)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated SQLite database, for what does not depend on the kind."""
    yield from _fresh(request, SQLITE)
