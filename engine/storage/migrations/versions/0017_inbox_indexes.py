"""Indexes of the inbox that answer without looking at the tasks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


_BY_PRIORITY = sa.text("priority DESC")
_ORDERS: dict[str, list[Any]] = {"priority": [_BY_PRIORITY, "due_at", "created_at"], "age": ["created_at"], "name": ["name", "created_at"]}


def upgrade() -> None:
    """Replace the indexes that lack columns."""
    op.drop_index("ix_user_task_state_due_at", "user_task")
    all_by_due: list[Any] = ["state", "due_at", _BY_PRIORITY, "created_at", "id", "suspended"]
    op.create_index("ix_user_task_by_due", "user_task", all_by_due)
    for order, columns in _ORDERS.items():
        op.drop_index(f"ix_user_task_queue_by_{order}", "user_task")
        op.create_index(f"ix_user_task_queue_by_{order}", "user_task", ["state", "queue", *columns, "id", "assignee", "suspended"])
