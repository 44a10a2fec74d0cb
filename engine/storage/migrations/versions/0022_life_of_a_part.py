"""Parts bought, received, counted, planned and scrapped."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "stocktake",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=255), nullable=True),
        sa.Column("book_ok", sa.Boolean(), nullable=True),
        sa.Column("voucher_ok", sa.Boolean(), nullable=True),
        sa.Column("card_ok", sa.Boolean(), nullable=True),
        sa.Column("goods_ok", sa.Boolean(), nullable=True),
        sa.Column("difference_reason", sa.Text(), nullable=True),
        sa.Column("loss_suspected", sa.Boolean(), nullable=True),
        sa.Column("reconciled_by", sa.String(length=255), nullable=True),
        sa.Column("approved_by", sa.String(length=255), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'agreed', 'adjusted', 'left_open')", name=op.f("ck_stocktake_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake")),
        sa.UniqueConstraint("request_key", name=op.f("uq_stocktake_request_key")),
    )
    op.create_index(op.f("ix_stocktake_state"), "stocktake", ["state"], unique=False)

    op.create_table(
        "stock_level",
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("min_qty", sa.Integer(), nullable=False),
        sa.Column("max_qty", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.String(length=255), nullable=False),
        sa.CheckConstraint("min_qty <= max_qty", name=op.f("ck_stock_level_levels")),
        sa.CheckConstraint("min_qty >= 0", name=op.f("ck_stock_level_min_qty_not_negative")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_stock_level_part_no")),
        sa.PrimaryKeyConstraint("part_no", "valid_from", name=op.f("pk_stock_level")),
    )
    op.create_table(
        "scrapping",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=255), nullable=True),
        sa.Column("repairable", sa.Boolean(), nullable=True),
        sa.Column("exchangeable", sa.Boolean(), nullable=True),
        sa.Column("measured", sa.Text(), nullable=True),
        sa.Column("assessed_by", sa.String(length=255), nullable=True),
        sa.Column("approved_by", sa.String(length=255), nullable=True),
        sa.Column("rejection", sa.Text(), nullable=True),
        sa.Column("method", sa.String(length=255), nullable=True),
        sa.Column("witness_sig", sa.String(length=64), nullable=True),
        sa.Column("photos", JSON, nullable=True),
        sa.Column("ledger_no", sa.String(length=64), nullable=True),
        sa.Column("voucher", sa.String(length=64), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("method IN ('destroy', 'recycle', 'return')", name=op.f("ck_scrapping_method")),
        sa.CheckConstraint("reason IN ('defective', 'obsolete', 'damaged', 'lost')", name=op.f("ck_scrapping_reason")),
        sa.CheckConstraint("state IN ('proposed', 'kept', 'rejected', 'scrapped')", name=op.f("ck_scrapping_state")),
        sa.CheckConstraint("qty > 0", name=op.f("ck_scrapping_qty_positive")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_scrapping_value_not_negative")),
        sa.ForeignKeyConstraint(["ledger_no"], ["ledger_entry.no"], name=op.f("fk_scrapping_ledger_no")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_scrapping_part_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_scrapping")),
        sa.UniqueConstraint("request_key", name=op.f("uq_scrapping_request_key")),
    )
    op.create_index(op.f("ix_scrapping_state"), "scrapping", ["state"], unique=False)

    op.create_table(
        "stocktake_line",
        sa.Column("stocktake_id", sa.String(length=64), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("part_no", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=255), nullable=False),
        sa.Column("book_qty", sa.Integer(), nullable=False),
        sa.Column("expected_qty", sa.Integer(), nullable=True),
        sa.Column("counted_qty", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.String(length=255), nullable=True),
        sa.Column("recounted_qty", sa.Integer(), nullable=True),
        sa.Column("recounted_by", sa.String(length=255), nullable=True),
        sa.Column("condition", sa.String(length=255), nullable=True),
        sa.Column("ledger_no", sa.String(length=64), nullable=True),
        sa.CheckConstraint("condition IN ('good', 'damaged')", name=op.f("ck_stocktake_line_condition")),
        sa.CheckConstraint("book_qty >= 0", name=op.f("ck_stocktake_line_book_qty_not_negative")),
        sa.CheckConstraint("counted_qty >= 0", name=op.f("ck_stocktake_line_counted_qty_not_negative")),
        sa.CheckConstraint("recounted_qty >= 0", name=op.f("ck_stocktake_line_recounted_qty_not_negative")),
        sa.ForeignKeyConstraint(["ledger_no"], ["ledger_entry.no"], name=op.f("fk_stocktake_line_ledger_no")),
        sa.ForeignKeyConstraint(["part_no"], ["part.no"], name=op.f("fk_stocktake_line_part_no")),
        sa.ForeignKeyConstraint(["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_line_stocktake_id")),
        sa.PrimaryKeyConstraint("stocktake_id", "barcode", name=op.f("pk_stocktake_line")),
    )
    op.create_table(
        "goods_receipt",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("application_no", sa.String(length=64), nullable=True),
        sa.Column("delivery_note", sa.String(length=64), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("differences", JSON, nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["application_no"], ["application.no"], name=op.f("fk_goods_receipt_application_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_goods_receipt")),
        sa.UniqueConstraint("application_no", "delivery_note", name=op.f("uq_goods_receipt_application_no_delivery_note")),
        sa.UniqueConstraint("request_key", name=op.f("uq_goods_receipt_request_key")),
    )
    op.create_table(
        "purchase_order",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("application_no", sa.String(length=64), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("supplier", sa.String(length=255), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("deliver_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.String(length=255), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.String(length=255), nullable=True),
        sa.Column("invoice_no", sa.String(length=64), nullable=True),
        sa.Column("invoice_amount", sa.BigInteger(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("invoice_amount >= 0", name=op.f("ck_purchase_order_invoice_amount_not_negative")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_purchase_order_price_not_negative")),
        sa.ForeignKeyConstraint(["application_no"], ["application.no"], name=op.f("fk_purchase_order_application_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("application_no", name=op.f("uq_purchase_order_application_no")),
    )
    op.add_column("application", sa.Column("available", sa.Boolean(), nullable=True))
    op.add_column("application", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
