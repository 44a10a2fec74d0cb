"""Customers, service orders, slips and repair forms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "customer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_name", sa.String(length=255), nullable=False),
        sa.Column("level", sa.String(length=255), nullable=False),
        sa.Column("region", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("preferences", sa.Text(), nullable=True),
        sa.Column("data_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('ordinary', 'key', 'vip')", name=op.f("ck_customer_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("unit_name", name=op.f("uq_customer_unit_name")),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("is_responsible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_customer_id"), "contact", ["customer_id"], unique=False)
    op.create_index(op.f("ix_contact_email"), "contact", ["email"], unique=False)
    op.create_index(op.f("ix_contact_phone"), "contact", ["phone"], unique=False)
    op.create_table(
        "contract",
        sa.Column("contract_no", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("project_name", sa.String(length=255), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_period")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contract_customer_id")),
        sa.PrimaryKeyConstraint("contract_no", name=op.f("pk_contract")),
    )
    op.create_index(op.f("ix_contract_customer_id_ends_on"), "contract", ["customer_id", "ends_on"], unique=False)
    op.create_table(
        "device",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("service_line", sa.String(length=255), nullable=False),
        sa.Column("standard_configuration", sa.Text(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("warranty_until", sa.Date(), nullable=False),
        sa.Column("onsite_until", sa.Date(), nullable=False),
        sa.Column("company_product", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(length=255), nullable=True),
        sa.CheckConstraint("service_line IN ('server', 'storage', 'network', 'pc', 'printer', 'ups')", name=op.f("ck_device_service_line")),
        sa.CheckConstraint("onsite_until <= warranty_until", name=op.f("ck_device_onsite_within_warranty")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_device_customer_id")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_customer_id"), "device", ["customer_id"], unique=False)
    op.create_table(
        "matter",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("contact_count > 0", name=op.f("ck_matter_contact_count_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_matter_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )
    op.create_index(op.f("ix_matter_customer_id_opened_at"), "matter", ["customer_id", "opened_at"], unique=False)
    op.create_table(
        "service_order",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("matter_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("first_request_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=255), nullable=True),
        sa.Column("need_kind", sa.String(length=255), nullable=True),
        sa.Column("need_content", sa.Text(), nullable=True),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("device_model", sa.String(length=255), nullable=True),
        sa.Column("contract_no", sa.String(length=64), nullable=True),
        sa.Column("contact_person", sa.String(length=255), nullable=True),
        sa.Column("contact_phone", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=255), nullable=True),
        sa.Column("desired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("special_requirements", sa.Text(), nullable=True),
        sa.Column("urgency", sa.String(length=255), nullable=False),
        sa.Column("impact", sa.Text(), nullable=True),
        sa.Column("coverage", sa.String(length=255), nullable=True),
        sa.Column("paid_type", sa.String(length=255), nullable=True),
        sa.Column("service_mode", sa.String(length=255), nullable=True),
        sa.Column("confirmed_with_customer", sa.Boolean(), nullable=False),
        sa.Column("late_answer", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("result", sa.String(length=255), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("coverage IN ('free', 'paid')", name=op.f("ck_service_order_coverage")),
        sa.CheckConstraint(
            "kind IN ('emergency_repair', 'general_fault', 'preventive_maintenance', 'technical_enquiry', 'spare_part_replacement', 'installation', 'inspection', 'alteration', 'training', 'complaint')",
            name=op.f("ck_service_order_kind"),
        ),
        sa.CheckConstraint(
            "result IN ('resolved', 'open_items', 'declined', 'cancelled', 'answered', 'handed_on')", name=op.f("ck_service_order_result")
        ),
        sa.CheckConstraint(
            "service_mode IN ('remote', 'onsite', 'send_in', 'reply', 'project')", name=op.f("ck_service_order_service_mode")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'in_progress', 'waiting', 'completed', 'closed', 'declined', 'cancelled')",
            name=op.f("ck_service_order_status"),
        ),
        sa.CheckConstraint("urgency IN ('normal', 'urgent', 'emergency')", name=op.f("ck_service_order_urgency")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_service_order_customer_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_service_order_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_order")),
        sa.UniqueConstraint("request_key", name=op.f("uq_service_order_request_key")),
    )
    op.create_index(op.f("ix_service_order_customer_id_received_at"), "service_order", ["customer_id", "received_at"], unique=False)
    op.create_index(op.f("ix_service_order_matter_id"), "service_order", ["matter_id"], unique=False)
    op.create_index(op.f("ix_service_order_status_received_at"), "service_order", ["status", "received_at"], unique=False)
    op.create_table(
        "custody_move",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("from_place", sa.String(length=255), nullable=False),
        sa.Column("to_place", sa.String(length=255), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint(
            "from_place IN ('customer', 'counter', 'store', 'bench', 'repaired_area', 'company')", name=op.f("ck_custody_move_from_place")
        ),
        sa.CheckConstraint(
            "to_place IN ('customer', 'counter', 'store', 'bench', 'repaired_area', 'company')", name=op.f("ck_custody_move_to_place")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_custody_move_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_move")),
    )
    op.create_index(op.f("ix_custody_move_order_id_moved_at"), "custody_move", ["order_id", "moved_at"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("kind IN ('pickup', 'take_back')", name=op.f("ck_receipt_kind")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_receipt_order_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_receipt")),
        sa.UniqueConstraint("order_id", "kind", name=op.f("uq_receipt_order_id_kind")),
    )
    op.create_table(
        "slip",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("visit_no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("colour", sa.String(length=255), nullable=False),
        sa.Column("class_code", sa.String(length=255), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer_unit", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("contact_person", sa.String(length=255), nullable=False),
        sa.Column("contact_phone", sa.String(length=32), nullable=False),
        sa.Column("device_model", sa.String(length=255), nullable=False),
        sa.Column("device_serial", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("fault_type_guess", sa.String(length=255), nullable=False),
        sa.Column("in_warranty", sa.Boolean(), nullable=False),
        sa.Column("in_onsite_period", sa.Boolean(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("special_request", sa.Text(), nullable=True),
        sa.Column("special_handling", sa.Boolean(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filled_by", sa.String(length=255), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_fault", sa.Text(), nullable=True),
        sa.Column("band", sa.String(length=255), nullable=True),
        sa.Column("distance_km", sa.Double(), nullable=True),
        sa.Column("due_arrival_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("same_day", sa.Boolean(), nullable=True),
        sa.Column("parts_needed", JSON, nullable=True),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_content", sa.Text(), nullable=True),
        sa.Column("visit_result", sa.String(length=255), nullable=True),
        sa.Column("parts_used", JSON, nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("customer_sig", sa.String(length=64), nullable=True),
        sa.Column("part_returned", sa.Boolean(), nullable=True),
        sa.Column("exception_approved_by", sa.String(length=255), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("band IN ('in_area', 'within_80km', 'agreed')", name=op.f("ck_slip_band")),
        sa.CheckConstraint("colour IN ('none', 'red')", name=op.f("ck_slip_colour")),
        sa.CheckConstraint("fault_type_guess IN ('hardware', 'software', 'unknown')", name=op.f("ck_slip_fault_type_guess")),
        sa.CheckConstraint(
            "status IN ('new', 'contacted', 'assigned', 'on_the_way', 'on_site', 'done', 'unfinished_red', 'archived')",
            name=op.f("ck_slip_status"),
        ),
        sa.CheckConstraint("visit_result IN ('repaired', 'unrepaired', 'not_reproduced', 'declined')", name=op.f("ck_slip_visit_result")),
        sa.CheckConstraint("distance_km >= 0", name=op.f("ck_slip_distance_km_not_negative")),
        sa.CheckConstraint("visit_no > 0", name=op.f("ck_slip_visit_no_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_slip_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.UniqueConstraint("order_id", "visit_no", name=op.f("uq_slip_order_id_visit_no")),
    )
    op.create_index(op.f("ix_slip_status_filled_at"), "slip", ["status", "filled_at"], unique=False)
    op.create_table(
        "repair_form",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=False),
        sa.Column("fault_type", sa.String(length=255), nullable=True),
        sa.Column("reproduced", sa.Boolean(), nullable=True),
        sa.Column("customer_sig", sa.String(length=64), nullable=True),
        sa.Column("engineer_sig", sa.String(length=64), nullable=True),
        sa.Column("part_return_confirmed", sa.Boolean(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fault_type IN ('hardware', 'software', 'man_made', 'none')", name=op.f("ck_repair_form_fault_type")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_repair_form_order_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_repair_form_slip_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_repair_form")),
        sa.UniqueConstraint("slip_id", name=op.f("uq_repair_form_slip_id")),
    )
    op.create_index(op.f("ix_repair_form_order_id"), "repair_form", ["order_id"], unique=False)
    # ### end Alembic commands ###
