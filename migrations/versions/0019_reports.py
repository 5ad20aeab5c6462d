"""Reports of plans: the administrator's words with the figures as they stood."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Document, Instant

revision = "0019"
down_revision = "0018"

_STATES = "state IN ('draft', 'prepared', 'reviewed', 'approved', 'published', 'superseded', 'void')"


def upgrade() -> None:
    """Reports, what they say of items and units, and their signatures."""
    op.create_table(
        "report",
        sa.Column("plan_id", BigId, nullable=False),
        sa.Column("unit_id", BigId, nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revises_id", BigId, nullable=True),
        sa.Column("superseded_by", BigId, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problems", sa.String(length=4000), nullable=False),
        sa.Column("directions", sa.String(length=4000), nullable=False),
        sa.Column("statistics", Document, nullable=False),
        sa.Column("as_of", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint(
            "(state IN ('published', 'superseded')) OR published_at IS NULL", name=op.f("ck_report_published")
        ),
        sa.CheckConstraint("(superseded_by IS NOT NULL) = (state = 'superseded')", name=op.f("ck_report_superseded")),
        sa.CheckConstraint(_STATES, name=op.f("ck_report_state")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_report_plan_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_record_id")),
        sa.ForeignKeyConstraint(["revises_id"], ["report.id"], name=op.f("fk_report_revises_id")),
        sa.ForeignKeyConstraint(["superseded_by"], ["report.id"], name=op.f("fk_report_superseded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("plan_id", "revision", name=op.f("uq_report_plan_id_revision")),
    )
    op.create_index("ix_report_state", "report", ["state", "id"])
    op.create_table(
        "report_remark",
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("scheme_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("direction", sa.String(length=1000), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_remark_record_id")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_remark_report_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_remark")),
        sa.UniqueConstraint(
            "report_id", "scheme_code", "code", name=op.f("uq_report_remark_report_id_scheme_code_code")
        ),
    )
    op.create_table(
        "report_signature",
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("meaning", sa.String(length=16), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=64), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("meaning IN ('prepare', 'review', 'approve')", name=op.f("ck_report_signature_meaning")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_report_signature_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_signature_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_signature_record_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_signature_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_signature")),
    )
    op.create_index(op.f("ix_report_signature_report_id"), "report_signature", ["report_id"])
