"""Complaints, the station head's log, and case studies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0042"
down_revision = "0041"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables; nobody rewrites the log."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("matter_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("emotion_calmed", sa.Boolean(), nullable=False),
        sa.Column("repeated_back", sa.Boolean(), nullable=False),
        sa.Column("threatens_public", sa.Boolean(), nullable=False),
        sa.Column("in_media", sa.Boolean(), nullable=False),
        sa.Column("repeat_rounds", sa.Integer(), nullable=False),
        sa.Column("complaint_class", sa.Integer(), nullable=True),
        sa.Column("class_history", JSON, nullable=False),
        sa.Column("our_fault", sa.Boolean(), nullable=True),
        sa.Column("promised_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sales_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("responsible", sa.String(length=255), nullable=True),
        sa.Column("nature", sa.String(length=255), nullable=True),
        sa.Column("sanction", sa.Text(), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("answered_customer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("about IN ('service', 'product', 'staff', 'other_customer')", name=op.f("ck_complaint_about")),
        sa.CheckConstraint("nature IN ('isolated', 'careless', 'systemic')", name=op.f("ck_complaint_nature")),
        sa.CheckConstraint("outcome IN ('resolved', 'resolved_by_third_party', 'withdrawn')", name=op.f("ck_complaint_outcome")),
        sa.CheckConstraint("repeat_rounds >= 0", name=op.f("ck_complaint_repeat_rounds_not_negative")),
        sa.CheckConstraint(
            "source IN ('customer', 'sales', 'staff', 'suggestion_box', 'callback', 'survey', 'media')", name=op.f("ck_complaint_source")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_complaint_matter_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_complaint_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("key", name=op.f("uq_complaint_key")),
    )
    op.create_index(op.f("ix_complaint_matter_id_received_at"), "complaint", ["matter_id", "received_at"], unique=False)
    op.create_index(op.f("ix_complaint_order_id"), "complaint", ["order_id"], unique=False)
    op.create_index(op.f("ix_complaint_received_at"), "complaint", ["received_at"], unique=False)
    op.create_table(
        "head_log",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("customer_unit", sa.String(length=255), nullable=True),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("kind IN ('complaint', 'promise', 'heard', 'incident')", name=op.f("ck_head_log_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_log")),
        sa.UniqueConstraint("key", name=op.f("uq_head_log_key")),
    )
    op.create_index(op.f("ix_head_log_order_id"), "head_log", ["order_id"], unique=False)
    op.create_index(op.f("ix_head_log_written_at"), "head_log", ["written_at"], unique=False)
    op.create_table(
        "case_study",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("complaint_id", sa.String(length=64), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=255), nullable=True),
        sa.Column("discussion", sa.Text(), nullable=True),
        sa.Column("discussed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_study_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_study")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_case_study_complaint_id")),
    )
    for statement in append_only("head_log", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
