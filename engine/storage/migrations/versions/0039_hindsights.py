"""Finished cases done again on files that are not live yet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Make the tables."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "hindsight",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("process_key", sa.String(length=255), nullable=False),
        sa.Column("files", json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hindsight")),
    )
    op.create_index(op.f("ix_hindsight_key_created_at"), "hindsight", ["key", "created_at"], unique=False)
    op.create_index(op.f("ix_hindsight_digest"), "hindsight", ["digest"], unique=False)
    op.create_table(
        "hindsight_case",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hindsight_id", sa.String(length=64), nullable=False),
        sa.Column("root_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("outcome", json, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hindsight_id"], ["hindsight.id"], name=op.f("fk_hindsight_case_hindsight_id")),
        sa.ForeignKeyConstraint(["root_id"], ["process_instance.id"], name=op.f("fk_hindsight_case_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hindsight_case")),
    )
    op.create_index(op.f("ix_hindsight_case_hindsight_id_state"), "hindsight_case", ["hindsight_id", "state"], unique=False)
