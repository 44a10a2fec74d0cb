"""What the office sets otherwise than the parameter file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0023"
down_revision = "0022"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table, which only grows."""
    op.create_table(
        "parameter_change",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("restored", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_change")),
    )
    op.create_index(op.f("ix_parameter_change_name"), "parameter_change", ["name"], unique=False)
    for statement in append_only("parameter_change", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
