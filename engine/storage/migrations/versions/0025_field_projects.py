"""Field projects; assignments to a project have no slip; what customers say in passing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "customer_lead",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lead_for", sa.String(length=255), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("kind IN ('opinion', 'lead')", name=op.f("ck_customer_lead_kind")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_lead_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_customer_lead_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_lead")),
        sa.UniqueConstraint("order_id", "text", name=op.f("uq_customer_lead_order_id_text")),
    )
    op.create_index(op.f("ix_customer_lead_customer_id"), "customer_lead", ["customer_id"], unique=False)
    op.create_table(
        "field_project",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("contract_no", sa.String(length=255), nullable=True),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("account_manager", sa.String(length=255), nullable=True),
        sa.Column("pm_id", sa.String(length=255), nullable=True),
        sa.Column("team", JSON, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.CheckConstraint("outcome IN ('completed', 'open_items', 'cancelled')", name=op.f("ck_field_project_outcome")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_field_project_order_id")),
        sa.ForeignKeyConstraint(["pm_id"], ["employee.user_id"], name=op.f("fk_field_project_pm_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_field_project")),
    )
    op.create_table(
        "daily_report",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["field_project.order_id"], name=op.f("fk_daily_report_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_report")),
        sa.UniqueConstraint("order_id", "on_day", name=op.f("uq_daily_report_order_id_on_day")),
    )
    op.create_table(
        "site_check_in",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("moment", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("distance_from_site_m", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("moment IN ('start', 'end')", name=op.f("ck_site_check_in_moment")),
        sa.CheckConstraint("distance_from_site_m >= 0", name=op.f("ck_site_check_in_distance_from_site_m_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["field_project.order_id"], name=op.f("fk_site_check_in_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_check_in")),
        sa.UniqueConstraint("order_id", "user_id", "on_day", "moment", name=op.f("uq_site_check_in_order_id_user_id_on_day_moment")),
    )
    op.create_table(
        "site_handover",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("customer_sig", sa.String(length=64), nullable=False),
        sa.Column("receipt_no", sa.String(length=64), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["field_project.order_id"], name=op.f("fk_site_handover_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_site_handover")),
    )
    op.create_table(
        "witness_record",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("witnesses", JSON, nullable=False),
        sa.Column("photos", JSON, nullable=False),
        sa.Column("papers", JSON, nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("confirmation", sa.String(length=64), nullable=True),
        sa.Column("witnessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event IN ('important_work', 'test', 'parameter_measurement', 'milestone')", name=op.f("ck_witness_record_event")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["field_project.order_id"], name=op.f("fk_witness_record_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witness_record")),
        sa.UniqueConstraint("order_id", "title", name=op.f("uq_witness_record_order_id_title")),
    )
    with op.batch_alter_table("assignment") as table:
        table.alter_column("slip_id", nullable=True)
