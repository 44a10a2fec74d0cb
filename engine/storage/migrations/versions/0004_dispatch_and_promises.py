"""Offices, engineers, visits, documents, promises and notices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_ids", JSON, nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'no_address')", name=op.f("ck_mail_state")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index(op.f("ix_mail_order_id"), "mail", ["order_id"], unique=False)
    op.create_index(op.f("ix_mail_state_queued_at"), "mail", ["state", "queued_at"], unique=False)
    op.create_table(
        "office",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("level", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("level IN ('center', 'region', 'office', 'authorised_station')", name=op.f("ck_office_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_role", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'waived', 'replaced')", name=op.f("ck_promise_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(op.f("ix_promise_order_id_state"), "promise", ["order_id", "state"], unique=False)
    op.create_index(op.f("ix_promise_state_due_at"), "promise", ["state", "due_at"], unique=False)
    op.create_table(
        "area",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("office_id", sa.String(length=64), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("in_service_area", sa.Boolean(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_area_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_area_longitude")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_area_office_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_area")),
    )
    op.create_table(
        "employee",
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("office_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mobile", sa.String(length=32), nullable=False),
        sa.Column("is_engineer", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("in_station", sa.Boolean(), nullable=False),
        sa.Column("home_area", sa.String(length=255), nullable=True),
        sa.Column("absent_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("grade BETWEEN 1 AND 3", name=op.f("ck_employee_grade")),
        sa.ForeignKeyConstraint(["home_area"], ["area.name"], name=op.f("fk_employee_home_area")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_employee_office_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_employee_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_employee")),
    )
    op.create_index(op.f("ix_employee_office_id_active"), "employee", ["office_id", "active"], unique=False)
    op.create_table(
        "archive",
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("contents", JSON, nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_archive_order_id")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_archive")),
        sa.UniqueConstraint("order_id", name=op.f("uq_archive_order_id")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=True),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("initiator", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_hours", sa.Double(), nullable=True),
        sa.Column("notice_short", sa.Boolean(), nullable=False),
        sa.Column("in_project", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("initiator IN ('us', 'customer')", name=op.f("ck_appointment_initiator")),
        sa.CheckConstraint(
            "reason IN ('emergency', 'part_missing', 'engineer', 'customer_wish', 'conditions_not_met', 'other')",
            name=op.f("ck_appointment_reason"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_appointment_order_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_appointment_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_order_id_agreed_at"), "appointment", ["order_id", "agreed_at"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=False),
        sa.Column("engineer_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("trip_id", sa.String(length=64), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('first_contact', 'visit', 'urgent', 'project')", name=op.f("ck_assignment_kind")),
        sa.ForeignKeyConstraint(["engineer_id"], ["employee.user_id"], name=op.f("fk_assignment_engineer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_assignment_order_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_assignment_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_engineer_id_released_at"), "assignment", ["engineer_id", "released_at"], unique=False)
    op.create_index(op.f("ix_assignment_slip_id_kind"), "assignment", ["slip_id", "kind"], unique=False)
    op.create_table(
        "breach",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process_key", sa.String(length=255), nullable=False),
        sa.Column("activity", sa.String(length=255), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("notified", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_breach_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("process_key", "activity", "order_id", "due_at", name=op.f("uq_breach_process_key_activity_order_id_due_at")),
    )
    op.create_index(op.f("ix_breach_noticed_at"), "breach", ["noticed_at"], unique=False)
    op.create_index(op.f("ix_breach_order_id"), "breach", ["order_id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("severity", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("instance_id", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("severity IN ('info', 'warning')", name=op.f("ck_notification_severity")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_notification_instance_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notification_user_id_key")),
    )
    op.create_index(op.f("ix_notification_user_id_read_at_sent_at"), "notification", ["user_id", "read_at", "sent_at"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("no", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("slip_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("attachment_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=True),
        sa.Column("archive_no", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["archive_no"], ["archive.no"], name=op.f("fk_document_archive_no")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_document_attachment_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_document_order_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_document_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("kind", "no", "version", name=op.f("uq_document_kind_no_version")),
        sa.UniqueConstraint("order_id", "kind", "sha256", name=op.f("uq_document_order_id_kind_sha256")),
    )
    op.create_index(op.f("ix_document_attachment_id"), "document", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_document_order_id_kind"), "document", ["order_id", "kind"], unique=False)
    # ### end Alembic commands ###
