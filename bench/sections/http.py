"""The same completion through the whole server: session, permissions, CSRF, JSON, the next page to go to."""

from collections.abc import Iterator
from statistics import median

from sqlalchemy import select

from bench import linear, spiffworkflow
from bench.browsing import Browser, served
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import monotonic_s
from engine.runtime import assignment
from engine.runtime.engine import Engine
from engine.storage.database import count_statements
from engine.storage.tables import UserTask

DATABASES = BOTH


def rows(stage: Stage) -> Iterator[Row]:
    """One person at a time; medians of cases played in turn with SpiffWorkflow's. Claiming is not counted."""
    with stage.engine() as engine:
        linear.deploy(engine)
        spec = spiffworkflow.specification()
        with served(engine, groups=[linear.GROUP]) as address:
            browser = Browser(address)
            _case_ms(engine, browser)
            pairs = [(_case_ms(engine, browser), spiffworkflow.play(spec)) for _ in range(stage.sized(15, 2))]
            task_id = linear.start(engine)
            assignment.claim(engine, task_id, browser.user)
            with count_statements(engine.database) as count:
                browser.send(f"/tasks/{task_id}/complete", {"data": linear.SUBMITTED})
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    yield Row("SQL statements per completed task, HTTP", len(count.statements), note="with session, permissions and the next step")
    yield Row("completing a task, HTTP", ours, "ms")
    yield Row("HTTP ÷ SpiffWorkflow in memory", ours / theirs, "×")


def _case_ms(engine: Engine, browser: Browser) -> float:
    """Complete a whole case; the milliseconds of one completion."""
    task_id, spent = linear.start(engine), 0.0
    case = task_id.rpartition("-")[0]
    for _ in range(linear.TASKS):
        assignment.claim(engine, task_id, browser.user)
        begun = monotonic_s()
        browser.send(f"/tasks/{task_id}/complete", {"data": linear.SUBMITTED})
        spent += monotonic_s() - begun
        with engine.database.session() as session:
            task_id = session.scalar(select(UserTask.id).where(UserTask.instance_id == case, UserTask.state == "open")) or ""
    return spent * 1000 / linear.TASKS
