"""Imports by the command: they have no account."""

from alembic import op

from workflow.models.types import BigId

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Let an import name no account."""
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.alter_column("uploaded_by", existing_type=BigId, nullable=True)
