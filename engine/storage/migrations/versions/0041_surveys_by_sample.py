"""Surveys of people without an order, and by sample; improvements that follow from more than one order."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

_RESPONDENTS = "respondent IN ('customer', 'prospect', 'former_staff', 'agent', 'staff', 'management')"


def upgrade() -> None:
    """Add the columns; every survey there is was of the customer of an order."""
    with op.batch_alter_table("survey") as table:
        table.add_column(sa.Column("subject", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("respondent", sa.String(length=255), nullable=False, server_default="customer"))
        table.add_column(sa.Column("round_no", sa.String(length=64), nullable=True))
    op.execute("UPDATE survey SET subject = order_id")
    with op.batch_alter_table("survey") as table:
        table.alter_column("subject", nullable=False)
        table.alter_column("respondent", server_default=None)
        table.alter_column("order_id", nullable=True)
        table.drop_constraint("uq_survey_order_id_tool_asked_on")
        table.create_unique_constraint("uq_survey_subject_tool_asked_on", ["subject", "tool", "asked_on"])
        table.create_check_constraint("respondent", _RESPONDENTS)
        table.create_index("ix_survey_order_id", ["order_id"])
        table.create_index("ix_survey_round_no", ["round_no"])
    with op.batch_alter_table("improvement_item") as table:
        table.alter_column("order_id", nullable=True)
