"""Skills, the audit trail of master data, who looked at which customer, and imports that wait."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0026"
down_revision = "0025"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "skill",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_en", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("name", name=op.f("uq_skill_name")),
    )
    op.create_table(
        "master_data_change",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=255), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=255), nullable=False),
        sa.CheckConstraint("action IN ('created', 'changed', 'removed')", name=op.f("ck_master_data_change_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_data_change")),
    )
    op.create_index(op.f("ix_master_data_change_changed_at"), "master_data_change", ["changed_at"])
    op.create_index(op.f("ix_master_data_change_kind_key_changed_at"), "master_data_change", ["kind", "key", "changed_at"])
    op.create_table(
        "customer_access",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("way", sa.String(length=255), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('listed', 'opened', 'exported', 'refused')", name=op.f("ck_customer_access_way")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_access")),
    )
    op.create_index(op.f("ix_customer_access_customer_id_looked_at"), "customer_access", ["customer_id", "looked_at"])
    op.create_index(op.f("ix_customer_access_looked_at"), "customer_access", ["looked_at"])
    op.create_index(op.f("ix_customer_access_user_id_looked_at"), "customer_access", ["user_id", "looked_at"])
    op.create_table(
        "master_data_import",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=255), nullable=False),
        sa.Column("done", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_data_import")),
    )
    op.create_index(op.f("ix_master_data_import_uploaded_at"), "master_data_import", ["uploaded_at"])
    is_postgres = op.get_context().dialect.name == "postgresql"
    for table in ("master_data_change", "customer_access"):
        for statement in append_only(table, is_postgres=is_postgres):
            op.execute(statement)
