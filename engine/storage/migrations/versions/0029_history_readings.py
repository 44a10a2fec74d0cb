"""Who played or exported which cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make the table, which only grows."""
    op.create_table(
        "history_reading",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=True),
        sa.Column("way", sa.String(length=255), nullable=False),
        sa.Column("root_id", sa.String(length=64), nullable=True),
        sa.Column("selection", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_reading")),
    )
    op.create_index(op.f("ix_history_reading_read_at"), "history_reading", ["read_at"], unique=False)
    op.create_index(op.f("ix_history_reading_root_id"), "history_reading", ["root_id"], unique=False)
    for statement in append_only("history_reading", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
