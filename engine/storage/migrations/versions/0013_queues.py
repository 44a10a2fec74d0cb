"""The queue of each user task, and the indexes that keep a queue sorted."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_TASKS = sa.table("user_task", *(sa.column(name) for name in ("id", "process_key", "state", "queue")))
_CANDIDATES = sa.table("user_task_candidate", *(sa.column(name) for name in ("task_id", "kind", "name")))


def upgrade() -> None:
    """Add the column, queue what is open (as `engine.runtime.queues` does), and index the open tasks."""
    op.add_column("user_task", sa.Column("queue", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("user_task") as table:
        table.alter_column("queue", server_default=None)
    _queue_open_tasks()
    op.drop_index("ix_user_task_state_assignee_due_at", "user_task")
    op.create_index("ix_user_task_state_assignee_due_at_suspended", "user_task", ["state", "assignee", "due_at", "suspended"])
    by_priority = sa.text("priority DESC")
    op.create_index("ix_user_task_state_created_at", "user_task", ["state", "created_at"])
    by_due: list[Any] = ["state", "queue", "due_at", by_priority, "created_at", "id", "assignee", "suspended"]
    op.create_index("ix_user_task_queue_by_due", "user_task", by_due)
    op.create_index("ix_user_task_queue_by_priority", "user_task", ["state", "queue", by_priority, "due_at", "created_at"])
    op.create_index("ix_user_task_queue_by_age", "user_task", ["state", "queue", "created_at"])
    op.create_index("ix_user_task_queue_by_name", "user_task", ["state", "queue", "name", "created_at"])


def _queue_open_tasks() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_TASKS.c.id, _TASKS.c.process_key, _CANDIDATES.c.kind, _CANDIDATES.c.name)
        .outerjoin(_CANDIDATES, _CANDIDATES.c.task_id == _TASKS.c.id)
        .where(_TASKS.c.state == "open")
    )
    found: dict[tuple[str, str], set[str]] = {}
    for task_id, process_key, kind, name in rows:
        found.setdefault((task_id, process_key), set()).update([f"{kind}:{name}"] if kind else [])
    for (task_id, process_key), members in found.items():
        queue = sha256("\n".join([process_key, *sorted(members)]).encode()).hexdigest()[:32]
        connection.execute(sa.update(_TASKS).where(_TASKS.c.id == task_id).values(queue=queue))
