"""Completing one task of a 20-task process: statements, commits, and the engine's time beside SpiffWorkflow in memory."""

from collections.abc import Iterator
from statistics import median

from bench import linear, spiffworkflow
from bench.calls import python_calls
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.storage.database import count_statements

DATABASES = BOTH


def rows(stage: Stage) -> Iterator[Row]:
    """The counts are of the dearest completion between two tasks; the times are medians of cases played in turn with SpiffWorkflow's."""
    with stage.engine() as engine:
        linear.deploy(engine)
        linear.play(engine)  # fills the caches
        task_id, statements, commits = linear.start(engine), [], []
        for _ in range(linear.TASKS - 1):
            with count_statements(engine.database) as count:
                task_id = linear.complete(engine, task_id) or ""
            statements.append(len(count.statements))
            commits.append(count.commits)
        yield Row("SQL statements per completed task", max(statements), limit=10)
        yield Row("commits per completed task", max(commits), limit=1)
        spec = spiffworkflow.specification()
        calls = python_calls(lambda: linear.play(engine)) / python_calls(lambda: spiffworkflow.play(spec))
        pairs = [(linear.play(engine), spiffworkflow.play(spec)) for _ in range(stage.sized(40, 3))]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    yield Row("completing a task, engine", ours, "ms")
    yield Row("completing a task, SpiffWorkflow in memory", theirs, "ms", "stores nothing, records nothing")
    yield Row("engine ÷ SpiffWorkflow in memory, time", ours / theirs, "×")
    yield Row("engine ÷ SpiffWorkflow in memory, function calls", calls, "×", "counted, with the start of the case")
