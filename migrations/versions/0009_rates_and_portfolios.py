"""Exchange rates, and portfolios of customers."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Exact

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Exchange rates, and portfolios of customers."""
    op.create_table(
        "customer",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_customer_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("code", name=op.f("uq_customer_code")),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rate", Exact(), nullable=True),
        sa.Column("source", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_exchange_rate_corrected_with_a_reason")),
        sa.CheckConstraint("number > 1 OR rate IS NOT NULL", name=op.f("ck_exchange_rate_begins_with_a_rate")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_exchange_rate_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "starts_on", "number", name=op.f("uq_exchange_rate_currency_starts_on_number")),
    )
    op.create_table(
        "customer_figure",
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("last_year", Exact(), nullable=False),
        sa.Column("growth", Exact(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_figure_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_customer_figure_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_figure")),
        sa.UniqueConstraint(
            "customer_id", "year", "part", "currency", name=op.f("uq_customer_figure_customer_id_year_part_currency")
        ),
    )
    op.create_table(
        "customer_manager",
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_manager_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_customer_manager_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_customer_manager_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_manager")),
    )
    with op.batch_alter_table("customer_manager", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_manager_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_manager_person_id"), ["person_id"], unique=False)

    op.create_table(
        "growth_target",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("growth", Exact(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_growth_target_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_growth_target_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_target")),
        sa.UniqueConstraint(
            "person_id", "year", "part", "currency", name=op.f("uq_growth_target_person_id_year_part_currency")
        ),
    )
