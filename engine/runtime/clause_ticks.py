"""Ticks of manual clauses on a user task: who confirmed what and when is history, like everything else."""

from engine.runtime.engine import Engine
from engine.runtime.user_tasks import open_task

#: `UserTaskChanged.field` of a tick is this and the clause's id.
TICK = "clause:"


def tick_clause(engine: Engine, task_id: str, clause_id: str, *, ticked: bool, actor: str) -> None:
    """Confirm, or take back, that a clause of the manual was kept.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        instance.execution.effects.record(
            "UserTaskChanged", task.element_id, task_id, name=task.name, field=f"{TICK}{clause_id}", before=not ticked, after=ticked
        )
