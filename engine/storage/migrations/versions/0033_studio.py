"""The studio: drafts with their revisions, owners of processes, and what was done to each file."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import append_only

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make the tables; the record of changes only grows."""
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_resource_id", sa.String(length=64), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["base_resource_id"], ["resource.id"], name=op.f("fk_draft_base_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("key", "user_id", name=op.f("uq_draft_key_user_id")),
    )
    op.create_table(
        "draft_revision",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base_resource_id", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["base_resource_id"], ["resource.id"], name=op.f("fk_draft_revision_base_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
    )
    op.create_index(op.f("ix_draft_revision_key_user_id_revision"), "draft_revision", ["key", "user_id", "revision"], unique=False)
    op.create_table(
        "process_owner",
        sa.Column("process_key", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("process_key", "user_id", name=op.f("pk_process_owner")),
    )
    op.create_table(
        "resource_change",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("deployment_id", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_resource_change_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_change")),
    )
    op.create_index(op.f("ix_resource_change_key"), "resource_change", ["key"], unique=False)
    for statement in append_only("resource_change", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
