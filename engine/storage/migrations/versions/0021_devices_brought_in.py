"""Repair forms of devices that were brought in, and when a receipt came back."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_INDEX = "uq_repair_form_order_without_slip"


def upgrade() -> None:
    """A repair form need not belong to a visit; then there is one of its order."""
    with op.batch_alter_table("repair_form") as table:
        table.alter_column("slip_id", existing_type=sa.String(length=64), nullable=True)
    without_slip = sa.text("slip_id IS NULL")
    op.create_index(_INDEX, "repair_form", ["order_id"], unique=True, sqlite_where=without_slip, postgresql_where=without_slip)
    op.add_column("receipt", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
