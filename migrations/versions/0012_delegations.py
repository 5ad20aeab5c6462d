"""Delegations of grants; a signature under a scheme names on whose behalf."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Delegations of grants; a signature under a scheme names on whose behalf."""
    op.create_table(
        "delegation",
        sa.Column("grant_id", BigId, nullable=False),
        sa.Column("delegate_id", BigId, nullable=False),
        sa.Column("given_by", BigId, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_delegation_in_order")),
        sa.CheckConstraint("state IN ('given', 'ended')", name=op.f("ck_delegation_state")),
        sa.ForeignKeyConstraint(["delegate_id"], ["account.id"], name=op.f("fk_delegation_delegate_id")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_delegation_given_by")),
        sa.ForeignKeyConstraint(["grant_id"], ["role_grant.id"], name=op.f("fk_delegation_grant_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_delegation_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_delegate_id"), "delegation", ["delegate_id"])
    op.create_index(op.f("ix_delegation_grant_id"), "delegation", ["grant_id"])
    op.add_column("scheme_signature", sa.Column("on_behalf_of", sa.String(length=64), nullable=True))
