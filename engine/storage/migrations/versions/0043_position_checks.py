"""Norms of posts, and checks of people against them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0043"
down_revision = "0042"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "post_norm",
        sa.Column("post", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("items", _JSON, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("post", "version", name=op.f("pk_post_norm")),
    )
    op.create_table(
        "position_check",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("employee_id", sa.String(length=255), nullable=False),
        sa.Column("post", sa.String(length=255), nullable=False),
        sa.Column("norm_version", sa.Integer(), nullable=False),
        sa.Column("rows", _JSON, nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=255), nullable=True),
        sa.Column("checker_sig", sa.String(length=64), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("employee_sig", sa.String(length=64), nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_position_check_score")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.user_id"], name=op.f("fk_position_check_employee_id")),
        sa.ForeignKeyConstraint(
            ["post", "norm_version"], ["post_norm.post", "post_norm.version"], name=op.f("fk_position_check_post_norm_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_check")),
    )
    op.create_index(op.f("ix_position_check_checked_at"), "position_check", ["checked_at"], unique=False)
    op.create_index(op.f("ix_position_check_employee_id_opened_at"), "position_check", ["employee_id", "opened_at"], unique=False)
    op.create_index(op.f("ix_position_check_request_key"), "position_check", ["request_key"], unique=False)
