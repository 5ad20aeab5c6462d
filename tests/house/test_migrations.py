"""The database's history: one line of migrations that ends where the models are."""

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from config import ROOT
from tests.support.databases import Database
from workflow.models.migrations import known
from workflow.models.tables import metadata


def test_there_is_one_migration_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_models_and_migrations_agree(database: Database) -> None:
    engine = sqlalchemy.create_engine(database.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_numbers_of_the_files_are_the_migrations_that_alembic_knows() -> None:
    walked = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    assert [each.revision for each in walked] == list(reversed(known()))
