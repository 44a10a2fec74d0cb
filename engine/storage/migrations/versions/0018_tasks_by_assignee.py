"""The tasks of a person: found by the person first."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Turn the index round."""
    op.drop_index("ix_user_task_state_assignee_due_at_suspended", "user_task")
    op.create_index("ix_user_task_assignee_state_due_at_suspended", "user_task", ["assignee", "state", "due_at", "suspended"])
