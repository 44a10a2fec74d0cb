"""Spare parts with an append-only ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0005"
down_revision = "0004"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "part",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("applies_to", JSON, nullable=False),
        sa.Column("is_serialised", sa.Boolean(), nullable=False),
        sa.Column("supplier", sa.String(length=255), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("trait", sa.String(length=255), nullable=False),
        sa.Column("location", sa.String(length=255), nullable=False),
        sa.Column("min_qty", sa.Integer(), nullable=False),
        sa.Column("max_qty", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_part_cost_not_negative")),
        sa.CheckConstraint("min_qty <= max_qty", name=op.f("ck_part_levels")),
        sa.CheckConstraint("min_qty >= 0", name=op.f("ck_part_min_qty_not_negative")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_part")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("from_place", sa.String(length=16), nullable=False),
        sa.Column("to_place", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint(
            "from_place IN ('supplier', 'shelf', 'loan', 'defective', 'customer', 'centre', 'scrapped', 'difference')",
            name=op.f("ck_ledger_entry_from_place"),
        ),
        sa.CheckConstraint(
            "kind IN ('in', 'out_loan', 'return', 'consume', 'adjust', 'scrap', 'exchange')", name=op.f("ck_ledger_entry_kind")
        ),
        sa.CheckConstraint(
            "to_place IN ('supplier', 'shelf', 'loan', 'defective', 'customer', 'centre', 'scrapped', 'difference')",
            name=op.f("ck_ledger_entry_to_place"),
        ),
        sa.CheckConstraint("from_place <> to_place", name=op.f("ck_ledger_entry_moves")),
        sa.CheckConstraint("qty > 0", name=op.f("ck_ledger_entry_qty_positive")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_ledger_entry_part_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_barcode"), "ledger_entry", ["barcode"], unique=False)
    op.create_index(op.f("ix_ledger_entry_part_no_moved_at"), "ledger_entry", ["part_no", "moved_at"], unique=False)
    op.create_index(op.f("ix_ledger_entry_reference"), "ledger_entry", ["reference"], unique=False)
    op.create_table(
        "stock_item",
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.CheckConstraint("place IN ('shelf', 'loan', 'defective')", name=op.f("ck_stock_item_place")),
        sa.CheckConstraint("qty >= 0", name=op.f("ck_stock_item_qty_not_negative")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_stock_item_part_no")),
        sa.PrimaryKeyConstraint("barcode", "place", name=op.f("pk_stock_item")),
    )
    op.create_index(op.f("ix_stock_item_part_no_place"), "stock_item", ["part_no", "place"], unique=False)
    op.create_table(
        "application",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("urgency", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=255), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goods_receipt_no", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('failed_loan', 'planning', 'return_exchange')", name=op.f("ck_application_reason")),
        sa.CheckConstraint("status IN ('sent', 'received')", name=op.f("ck_application_status")),
        sa.CheckConstraint("urgency IN ('normal', 'urgent')", name=op.f("ck_application_urgency")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_application_order_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_application")),
        sa.UniqueConstraint("goods_receipt_no", name=op.f("uq_application_goods_receipt_no")),
        sa.UniqueConstraint("request_key", name=op.f("uq_application_request_key")),
    )
    op.create_index(op.f("ix_application_order_id"), "application", ["order_id"], unique=False)
    op.create_index(op.f("ix_application_status"), "application", ["status"], unique=False)
    op.create_table(
        "failed_loan",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("engineer_id", sa.String(length=255), nullable=True),
        sa.Column("needed_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_no", sa.String(length=64), nullable=True),
        sa.CheckConstraint("qty > 0", name=op.f("ck_failed_loan_qty_positive")),
        sa.ForeignKeyConstraint(["application_no"], ["application.no"], name=op.f("fk_failed_loan_application_no")),
        sa.ForeignKeyConstraint(["engineer_id"], ["employee.user_id"], name=op.f("fk_failed_loan_engineer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_failed_loan_order_id")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_failed_loan_part_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_failed_loan")),
        sa.UniqueConstraint("order_id", "part_no", name=op.f("uq_failed_loan_order_id_part_no")),
    )
    op.create_table(
        "loan",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("card_no", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=True),
        sa.Column("engineer_id", sa.String(length=255), nullable=False),
        sa.Column("trip_id", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=255), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_kind", sa.String(length=255), nullable=True),
        sa.Column("condition", sa.String(length=255), nullable=True),
        sa.Column("return_confirmed_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("returned_kind IN ('unused', 'replaced_defective', 'consumed_no_return')", name=op.f("ck_loan_returned_kind")),
        sa.CheckConstraint("(returned_at IS NULL) = (returned_kind IS NULL)", name=op.f("ck_loan_return_complete")),
        sa.CheckConstraint("qty > 0", name=op.f("ck_loan_qty_positive")),
        sa.ForeignKeyConstraint(["engineer_id"], ["employee.user_id"], name=op.f("fk_loan_engineer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_loan_order_id")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_loan_part_no")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_loan_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("request_key", name=op.f("uq_loan_request_key")),
    )
    op.create_index(op.f("ix_loan_engineer_id_returned_at"), "loan", ["engineer_id", "returned_at"], unique=False)
    op.create_index(op.f("ix_loan_order_id"), "loan", ["order_id"], unique=False)
    op.create_index(op.f("ix_loan_returned_at_due_at"), "loan", ["returned_at", "due_at"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'released')", name=op.f("ck_reservation_state")),
        sa.CheckConstraint("qty > 0", name=op.f("ck_reservation_qty_positive")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_reservation_part_no")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_reservation_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("slip_id", "part_no", name=op.f("uq_reservation_slip_id_part_no")),
    )
    op.create_index(op.f("ix_reservation_part_no_state"), "reservation", ["part_no", "state"], unique=False)
    op.create_table(
        "fault_label",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("loan_id", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=True),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("engineer_id", sa.String(length=255), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["employee.user_id"], name=op.f("fk_fault_label_engineer_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_fault_label_loan_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_fault_label_order_id")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_fault_label_part_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_fault_label")),
    )
    op.create_index(op.f("ix_fault_label_loan_id"), "fault_label", ["loan_id"], unique=False)
    # ### end Alembic commands ###
    for statement in append_only("ledger_entry", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
