"""Batches that replay finished cases and compare them with their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process_key", sa.String(length=255), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index(op.f("ix_verification_created_at"), "verification", ["created_at"], unique=False)
    op.create_table(
        "verification_item",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("verification_id", sa.String(length=64), nullable=False),
        sa.Column("root_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("inputs", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("difference", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["root_id"], ["process_instance.id"], name=op.f("fk_verification_item_root_id")),
        sa.ForeignKeyConstraint(["verification_id"], ["verification.id"], name=op.f("fk_verification_item_verification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_item")),
    )
    op.create_index(op.f("ix_verification_item_verification_id_state"), "verification_item", ["verification_id", "state"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("verification_item")
    op.drop_table("verification")
