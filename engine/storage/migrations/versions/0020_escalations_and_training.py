"""Escalations, units of the group, training of customers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "group_unit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_en", sa.String(length=255), nullable=False),
        sa.Column("products", JSON, nullable=False),
        sa.Column("contact_person", sa.String(length=255), nullable=False),
        sa.Column("contact_phone", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_group_unit_name")),
    )
    op.create_table(
        "training_material",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("title_en", sa.String(length=255), nullable=True),
        sa.Column("product", sa.String(length=255), nullable=True),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=255), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("attachment_ids", JSON, nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_training_material_version_positive")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_training_material")),
    )
    op.create_index(op.f("ix_training_material_product"), "training_material", ["product"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("customer_position", sa.Text(), nullable=True),
        sa.Column("our_position", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("attachment_ids", JSON, nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=255), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'settled', 'decided')", name=op.f("ck_escalation_state")),
        sa.CheckConstraint(
            "topic IN ('dispute', 'abnormal_demand', 'drawing_change', 'delivery_cycle', 'outsourced_equipment', 'spare_parts', 'internal', 'unsolved_fault')",
            name=op.f("ck_escalation_topic"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_escalation_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_order_id"), "escalation", ["order_id"], unique=False)
    op.create_table(
        "training",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("trainer", sa.String(length=255), nullable=True),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("trainees", JSON, nullable=False),
        sa.Column("materials", JSON, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_training_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_order_id"), "training", ["order_id"], unique=False)
    op.create_table(
        "escalation_decision",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("escalation_id", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=255), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("answer_for_customer", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("level > 0", name=op.f("ck_escalation_decision_level_positive")),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_decision_escalation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_decision")),
        sa.UniqueConstraint("escalation_id", "level", name=op.f("uq_escalation_decision_escalation_id_level")),
    )
    op.create_table(
        "training_evaluation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("training_id", sa.String(length=64), nullable=False),
        sa.Column("trainee", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("usefulness", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name=op.f("fk_training_evaluation_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_evaluation")),
        sa.UniqueConstraint("training_id", "trainee", name=op.f("uq_training_evaluation_training_id_trainee")),
    )
