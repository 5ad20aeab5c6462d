"""Which migrations this version has, and at which a database stands; an upgrade alone needs Alembic for it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@cache
def known() -> Sequence[str]:
    """Give the migrations that this version has, oldest first: the numbers with which their files begin."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """Give the newest migration."""
    return known()[-1]


def is_known(migration: str) -> bool:
    """Say whether this version has a migration; one that it lacks comes from a newer version."""
    return migration in known()


def is_current(database_url: str) -> bool:
    """Say whether the database stands at the newest migration."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [head()]
    finally:
        engine.dispose()
