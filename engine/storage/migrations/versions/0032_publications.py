"""Changes on their way to everybody's work, and who has read of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Make the tables."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "publication",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("deployment_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", json, nullable=False),
        sa.Column("migrations", json, nullable=False),
        sa.Column("groups", json, nullable=False),
        sa.Column("must_read", sa.Boolean(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_deployment_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_publication_deployment_id")),
        sa.ForeignKeyConstraint(["live_deployment_id"], ["deployment.id"], name=op.f("fk_publication_live_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_publication_deployment_id")),
    )
    op.create_index(op.f("ix_publication_state"), "publication", ["state"], unique=False)
    op.create_index(op.f("ix_publication_proposed_at"), "publication", ["proposed_at"], unique=False)
    op.create_table(
        "publication_reader",
        sa.Column("publication_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_publication_reader_publication_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_publication_reader_user_id")),
        sa.PrimaryKeyConstraint("publication_id", "user_id", name=op.f("pk_publication_reader")),
    )
    op.create_index(op.f("ix_publication_reader_user_id_read_at"), "publication_reader", ["user_id", "read_at"], unique=False)
    op.create_table(
        "publication_batch",
        sa.Column("publication_id", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_publication_batch_publication_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["migration_batch.id"], name=op.f("fk_publication_batch_batch_id")),
        sa.PrimaryKeyConstraint("publication_id", "batch_id", name=op.f("pk_publication_batch")),
    )
