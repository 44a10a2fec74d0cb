"""Deployments that are not live, and definitions that start nothing for now."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; what was deployed so far went live at once."""
    op.add_column("deployment", sa.Column("state", sa.String(length=255), server_default="live", nullable=False))
    op.add_column("process_definition", sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
