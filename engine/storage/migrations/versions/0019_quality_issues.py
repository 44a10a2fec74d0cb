"""Quality problems and their 8D reports."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "quality_issue",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("device_model", sa.String(length=255), nullable=True),
        sa.Column("part", sa.String(length=255), nullable=True),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=255), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(length=255), nullable=True),
        sa.Column("is_defect", sa.Boolean(), nullable=True),
        sa.Column("solved_on_site", sa.Boolean(), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("prevention", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("severity IN ('low', 'medium', 'high')", name=op.f("ck_quality_issue_severity")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_quality_issue_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_issue")),
    )
    op.create_index(op.f("ix_quality_issue_closed_at"), "quality_issue", ["closed_at"], unique=False)
    op.create_index(op.f("ix_quality_issue_order_id"), "quality_issue", ["order_id"], unique=False)

    op.create_table(
        "report_8d",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("quality_issue_id", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by", sa.String(length=255), nullable=True),
        sa.Column("d1_team", sa.Text(), nullable=True),
        sa.Column("d2_description", sa.Text(), nullable=True),
        sa.Column("d3_containment", sa.Text(), nullable=True),
        sa.Column("d4_root_cause", sa.Text(), nullable=True),
        sa.Column("d5_corrective", sa.Text(), nullable=True),
        sa.Column("d6_implemented", sa.Text(), nullable=True),
        sa.Column("d7_prevention", sa.Text(), nullable=True),
        sa.Column("d8_closure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["quality_issue_id"], ["quality_issue.id"], name=op.f("fk_report_8d_quality_issue_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_report_8d")),
        sa.UniqueConstraint("quality_issue_id", name=op.f("uq_report_8d_quality_issue_id")),
    )
