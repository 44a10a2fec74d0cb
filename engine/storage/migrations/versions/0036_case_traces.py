"""What mining keeps of each case."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make the table; it is filled from the events when the first map is opened."""
    op.create_table(
        "case_trace",
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("process_key", sa.String(length=255), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_case_trace_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case_trace")),
    )
    op.create_index(op.f("ix_case_trace_process_key_path"), "case_trace", ["process_key", "path"], unique=False)
