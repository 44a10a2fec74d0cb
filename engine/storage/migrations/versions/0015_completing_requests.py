"""Which request completed a user task, so that its repetition is recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column; tasks completed before know no request."""
    op.add_column("user_task", sa.Column("request_key", sa.String(length=64), nullable=True))
