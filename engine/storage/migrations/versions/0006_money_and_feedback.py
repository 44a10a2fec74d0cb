"""Price list, quotations, payments, callbacks and enquiries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cash_handover",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("admin_id", sa.String(length=255), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_cash_handover_counted_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_handover")),
    )
    op.create_table(
        "price_item",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("paid_type", sa.String(length=255), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("is_standard", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint(
            "paid_type IN ('hardware_upgrade', 'technical_training', 'software', 'out_of_warranty_repair', 'out_of_warranty_inspection', 'man_made', 'other_product')",
            name=op.f("ck_price_item_paid_type"),
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_price_item_price_not_negative")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_price_item_period")),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_price_item")),
    )
    op.create_table(
        "enquiry_record",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("promised_text", sa.Text(), nullable=True),
        sa.Column("handed_to", sa.String(length=255), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=255), nullable=True),
        sa.Column("understood", sa.Boolean(), nullable=True),
        sa.CheckConstraint("kind IN ('technical', 'pre_sale', 'send_in')", name=op.f("ck_enquiry_record_kind")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_enquiry_record_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_record")),
    )
    op.create_index(op.f("ix_enquiry_record_answered_at_due_at"), "enquiry_record", ["answered_at", "due_at"], unique=False)
    op.create_index(op.f("ix_enquiry_record_order_id_asked_at"), "enquiry_record", ["order_id", "asked_at"], unique=False)
    op.create_table(
        "callback",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by", sa.String(length=255), nullable=True),
        sa.Column("use_normal", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("about", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("root", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.CheckConstraint("about IN ('speed', 'skill', 'attitude', 'part', 'price', 'product', 'other')", name=op.f("ck_callback_about")),
        sa.CheckConstraint("state IN ('queued', 'reached', 'unreached', 'closed')", name=op.f("ck_callback_state")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_callback_attempts_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_callback_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("order_id", name=op.f("uq_callback_order_id")),
    )
    op.create_index(op.f("ix_callback_state_due_at"), "callback", ["state", "due_at"], unique=False)
    op.create_table(
        "improvement_item",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=255), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_improvement_item_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_item")),
        sa.UniqueConstraint("order_id", "source", name=op.f("uq_improvement_item_order_id_source")),
    )
    op.create_index(op.f("ix_improvement_item_due_on"), "improvement_item", ["due_on"], unique=False)
    op.create_table(
        "quotation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("paid_type", sa.String(length=255), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=255), nullable=True),
        sa.Column("evidence", sa.String(length=255), nullable=True),
        sa.Column("alternatives", sa.Text(), nullable=True),
        sa.CheckConstraint("evidence IN ('phone', 'signature', 'message')", name=op.f("ck_quotation_evidence")),
        sa.CheckConstraint(
            "paid_type IN ('hardware_upgrade', 'technical_training', 'software', 'out_of_warranty_repair', 'out_of_warranty_inspection', 'man_made', 'other_product')",
            name=op.f("ck_quotation_paid_type"),
        ),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'replaced')", name=op.f("ck_quotation_state")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_quotation_total_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_quotation_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
    )
    op.create_index(op.f("ix_quotation_order_id_state"), "quotation", ["order_id", "state"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("tool", sa.String(length=255), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("repurchase_p", sa.Double(), nullable=True),
        sa.Column("band", sa.String(length=255), nullable=True),
        sa.Column("named_employee", sa.String(length=255), nullable=True),
        sa.Column("improvement", sa.Text(), nullable=True),
        sa.CheckConstraint("band IN ('high', 'middle', 'low')", name=op.f("ck_survey_band")),
        sa.CheckConstraint("repurchase_p BETWEEN 0 AND 1", name=op.f("ck_survey_repurchase_p")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_survey_score")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_survey_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("order_id", "tool", "asked_on", name=op.f("uq_survey_order_id_tool_asked_on")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("quotation_id", sa.String(length=64), nullable=True),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=255), nullable=False),
        sa.Column("received_by", sa.String(length=255), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("difference_reason", sa.Text(), nullable=True),
        sa.Column("difference_approved_by", sa.String(length=255), nullable=True),
        sa.Column("handover_id", sa.String(length=64), nullable=True),
        sa.Column("voucher", sa.String(length=255), nullable=True),
        sa.CheckConstraint("method IN ('cash', 'transfer', 'card')", name=op.f("ck_payment_method")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["handover_id"], ["cash_handover.id"], name=op.f("fk_payment_handover_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_payment_order_id")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_payment_quotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("request_key", name=op.f("uq_payment_request_key")),
    )
    op.create_index(op.f("ix_payment_handover_id"), "payment", ["handover_id"], unique=False)
    op.create_index(op.f("ix_payment_order_id"), "payment", ["order_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.String(length=64), nullable=False),
        sa.Column("payer", sa.String(length=255), nullable=False),
        sa.Column("tax_no", sa.String(length=255), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_invoice_payment_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_invoice")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_invoice_payment_id")),
    )
    # ### end Alembic commands ###
