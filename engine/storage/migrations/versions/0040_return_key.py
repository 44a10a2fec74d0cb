"""Which job confirmed the return of a loan: another confirmation of the same loan is told that it is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Add the column; of returns from before nobody knows it."""
    op.add_column("loan", sa.Column("return_key", sa.String(length=255), nullable=True))
