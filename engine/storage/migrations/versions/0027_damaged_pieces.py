"""How many of the pieces found in a count are damaged."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Count them instead of marking the whole line, of which all were damaged then."""
    with op.batch_alter_table("stocktake_line") as table:
        table.add_column(sa.Column("damaged_qty", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE stocktake_line SET damaged_qty = coalesce(recounted_qty, counted_qty, 0) WHERE condition = 'damaged'")
    with op.batch_alter_table("stocktake_line") as table:
        table.drop_constraint("ck_stocktake_line_condition")
        table.drop_column("condition")
        table.create_check_constraint("damaged_qty_not_negative", "damaged_qty >= 0")
    with op.batch_alter_table("stocktake_line") as table:
        table.alter_column("damaged_qty", server_default=None)  # it was for the lines of counts that were open
