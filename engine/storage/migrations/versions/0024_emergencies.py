"""Emergencies and their reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "emergency",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trigger_kind", sa.String(length=255), nullable=True),
        sa.Column("commander", sa.String(length=255), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("hazard", sa.Text(), nullable=True),
        sa.Column("people_at_risk", sa.Boolean(), nullable=True),
        sa.Column("first_measures", sa.Text(), nullable=True),
        sa.Column("stabilised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("course", JSON, nullable=True),
        sa.Column("losses", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("prevention", sa.Text(), nullable=True),
        sa.Column("lessons", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint(
            "trigger_kind IN ('safety_accident', 'major_production_loss', 'system_paralysis')", name=op.f("ck_emergency_trigger_kind")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_emergency_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency")),
        sa.UniqueConstraint("order_id", name=op.f("uq_emergency_order_id")),
    )
    op.create_index(op.f("ix_emergency_opened_at"), "emergency", ["opened_at"], unique=False)
