"""Indexes by which auditors find cases: the path taken, who did it, what was late, what was changed by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the indexes; the rows are there already."""
    op.create_index("ix_element_instance_element_id_instance_id", "element_instance", ["element_id", "instance_id"])
    op.create_index("ix_user_task_completed_by_root_id", "user_task", ["completed_by", "root_id"])
    op.drop_index("ix_user_task_instance_id_state", "user_task")
    op.create_index("ix_user_task_instance_id_state_element_id_ended_at", "user_task", ["instance_id", "state", "element_id", "ended_at"])
    for name, table, columns, condition in (
        ("ix_user_task_late", "user_task", ["root_id"], "ended_at > due_at"),
        ("ix_event_flow_taken", "event", ["element_id", "instance_id"], "type = 'FlowTaken'"),
        ("ix_event_changed_by_hand", "event", ["type", "element_id", "root_id"], "type = 'VariableChanged' AND element_id IS NULL"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
