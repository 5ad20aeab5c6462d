"""How Alembic runs here: within the transaction of `workflow.models.upgrade`, which also makes the guards anew."""

from alembic import context

from workflow.models.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
