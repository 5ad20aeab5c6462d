"""How Alembic runs here: within the transaction of `workflow.models.upgrade`, which also makes the guards anew."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger

from workflow.models.tables import metadata
from workflow.models.types import Exact, Instant


def render(kind: str, thing: Any, _: object) -> str | Literal[False]:
    """Write our own column types by their names."""
    if kind != "type":
        return False
    if isinstance(thing, Exact | Instant):
        return f"{type(thing).__name__}()"
    if isinstance(thing, JSON):
        return "Document"
    return "BigId" if isinstance(thing, BigInteger) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
