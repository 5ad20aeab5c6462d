"""${message}."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Document, Exact, Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
