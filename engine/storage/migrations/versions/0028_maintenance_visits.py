"""Maintenance that contracts promise, and its visits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "maintenance_cycle",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contract_no", sa.String(length=64), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=255), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("checklist", JSON, nullable=False),
        sa.CheckConstraint("interval_days > 0", name=op.f("ck_maintenance_cycle_interval_days_positive")),
        sa.ForeignKeyConstraint(["contract_no"], ["contract.contract_no"], name=op.f("fk_maintenance_cycle_contract_no")),
        sa.ForeignKeyConstraint(["device_serial"], ["device.serial"], name=op.f("fk_maintenance_cycle_device_serial")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_cycle")),
        sa.UniqueConstraint("contract_no", "device_serial", "item", name=op.f("uq_maintenance_cycle_contract_no_device_serial_item")),
    )
    op.create_table(
        "planned_visit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("cycle_id", sa.String(length=64), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("item", sa.String(length=255), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("rows", JSON, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'started', 'done', 'done_with_defects', 'cancelled')", name=op.f("ck_planned_visit_state")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_planned_visit_customer_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["maintenance_cycle.id"], name=op.f("fk_planned_visit_cycle_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_planned_visit_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_visit")),
        sa.UniqueConstraint("cycle_id", "due_on", name=op.f("uq_planned_visit_cycle_id_due_on")),
        sa.UniqueConstraint("order_id", name=op.f("uq_planned_visit_order_id")),
    )
    op.create_index(op.f("ix_planned_visit_state_due_on"), "planned_visit", ["state", "due_on"], unique=False)
