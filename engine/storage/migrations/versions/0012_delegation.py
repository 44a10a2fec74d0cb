"""Whose a delegated task is, and how far the delegation is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("user_task", sa.Column("owner", sa.String(length=255), nullable=True))
    op.add_column("user_task", sa.Column("delegation_state", sa.String(length=255), nullable=True))
