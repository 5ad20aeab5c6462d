"""The rig itself: every test of storage starts from an empty database at the newest migration, of its own."""

import sqlalchemy
from sqlalchemy import text

from tests.support.databases import POSTGRESQL, Database
from workflow.models.migrations import is_current


def test_a_fresh_database_is_migrated_and_empty(database: Database) -> None:
    assert is_current(database.url)
    engine = sqlalchemy.create_engine(database.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM record")) == 0
    engine.dispose()


def test_the_application_is_not_the_owner_of_its_tables(database: Database) -> None:
    if database.kind != POSTGRESQL:
        assert database.owner_url is None
        return
    engine = sqlalchemy.create_engine(database.url)
    with engine.connect() as connection:
        owners = set(connection.scalars(text("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")))
        assert owners == {"kaogong_owner"}
        assert connection.scalar(text("SELECT current_user")) == "kaogong_app"
    engine.dispose()
