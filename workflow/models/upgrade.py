"""Brings a database to the newest schema, guards included."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url

from workflow.models.database import WRITER, prepare_engine
from workflow.models.migrations import MIGRATIONS
from workflow.models.tables import metadata
from workflow.models.triggers import install


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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["metadata"] = metadata
    return config
