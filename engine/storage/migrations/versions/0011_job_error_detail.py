"""What lies behind a job's error: a traceback, or what an external worker says."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("job", sa.Column("error_detail", sa.Text(), nullable=True))
