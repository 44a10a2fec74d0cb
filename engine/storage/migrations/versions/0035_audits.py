"""Searches that auditors keep, and the samples that they draw."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine.storage.triggers import append_only

revision = "0035"
down_revision = "0034"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables; samples only grow."""
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("asked", _JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_search_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    op.create_table(
        "case_sample",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=255), nullable=False),
        sa.Column("asked", _JSON, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("found_sha256", sa.String(length=64), nullable=False),
        sa.Column("root_ids", _JSON, nullable=False),
        sa.Column("drawn_by", sa.String(length=255), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_sample")),
    )
    op.create_index(op.f("ix_case_sample_drawn_at"), "case_sample", ["drawn_at"], unique=False)
    for statement in append_only("case_sample", is_postgres=op.get_context().dialect.name == "postgresql"):
        op.execute(statement)
