"""Figures of the indicators, kept by month; the assignments of an order are found by it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Make the tables and the index."""
    op.create_table(
        "kpi_month",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_kpi_month")),
    )
    op.create_table(
        "kpi_cell",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("group_zh", sa.String(length=600), nullable=False),
        sa.Column("group_en", sa.String(length=600), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.PrimaryKeyConstraint("month", "measure", "person", "group_zh", name=op.f("pk_kpi_cell")),
    )
    op.create_index(op.f("ix_kpi_cell_measure_month"), "kpi_cell", ["measure", "month"], unique=False)
    op.create_index(op.f("ix_assignment_order_id"), "assignment", ["order_id"], unique=False)
