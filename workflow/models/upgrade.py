"""Brings a database to the newest schema, guards included."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from workflow.models.database import WRITER, prepare_engine
from workflow.models.tables import metadata
from workflow.models.triggers import install

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(database_url: str, owner_url: str | None = None) -> None:
    """Run what migrations are due and make the guards anew, in one transaction; on PostgreSQL as the owner."""
    engine = create_engine(owner_url or database_url)
    prepare_engine(engine)
    role = make_url(database_url).username if owner_url else None
    try:
        with engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            install(connection, role)
    finally:
        engine.dispose()


def is_current(database_url: str) -> bool:
    """Say whether the database stands at the newest migration."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())


def head() -> str:
    """Give the newest migration."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(migration: str) -> bool:
    """Say whether this version has a migration; one that it lacks comes from a newer version."""
    return migration in {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["metadata"] = metadata
    return config
