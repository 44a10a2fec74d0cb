"""The English of what handlers and the engine tell people."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

#: Table, column, type.
_COLUMNS = (
    ("notification", "subject_en", sa.String(length=255)),
    ("notification", "text_en", sa.Text()),
    ("mail", "subject_en", sa.String(length=255)),
    ("mail", "text_en", sa.Text()),
    ("promise", "text_en", sa.Text()),
    ("promise", "evidence_en", sa.Text()),
    ("breach", "activity_en", sa.String(length=255)),
    ("breach", "note_en", sa.Text()),
    ("enquiry_record", "answer_en", sa.Text()),
    ("incident", "message_en", sa.Text()),
)


def upgrade() -> None:
    """Add the columns; what was told before stays Chinese."""
    for table, column, kind in _COLUMNS:
        op.add_column(table, sa.Column(column, kind, nullable=True))
