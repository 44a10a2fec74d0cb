"""Why a task's follow-up is when it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("user_task", sa.Column("follow_up_explanation", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True))
