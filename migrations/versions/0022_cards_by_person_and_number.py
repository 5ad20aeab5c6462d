"""Find a person's published cards, and the cards beside one, without going through those of everybody."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Lead from the person over the state to the period, and from the plan to the number."""
    op.drop_index("ix_scorecard_appraised", table_name="scorecard")
    op.create_index("ix_scorecard_appraised", "scorecard", ["appraised_person_id", "state", "period"])
    op.create_index("ix_scorecard_plan_number", "scorecard", ["plan_id", "number", "revision"])
