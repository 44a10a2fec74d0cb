"""A process of twenty user tasks in a row, and what completing one of them costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from statistics import median

from sqlalchemy import select

from bench.rows import Row
from engine.clock import SystemClock, monotonic_s
from engine.runtime import deployments, instances, user_tasks
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database, count_statements
from engine.storage.schema import upgrade
from engine.storage.tables import UserTask
from engine.working_time import Calendars

TASKS = 20
CASES = 10
KEY = "linear"
GROUP = "staff"
_WEEK = {"monday": ["09:00-17:00"]}

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
"""


def diagram() -> bytes:
    """Start, twenty user tasks, end; in one lane."""
    steps = ["begin", *(f"task_{number}" for number in range(1, TASKS + 1)), "finish"]
    nodes = "".join(f'<bpmn:userTask id="{step}" name="{step}" camunda:candidateGroups="{GROUP}"/>' for step in steps[1:-1])
    flows = "".join(
        f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="{a}" targetRef="{b}"/>' for number, (a, b) in enumerate(pairwise(steps))
    )
    members = "".join(f"<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>" for step in steps)
    return (
        f'{_HEAD}<bpmn:collaboration id="pools"><bpmn:participant id="pool" processRef="{KEY}"/></bpmn:collaboration>'
        f'<bpmn:process id="{KEY}" name="linear" isExecutable="true"><bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="staff">{members}</bpmn:lane></bpmn:laneSet>'
        f'<bpmn:startEvent id="begin"/>{nodes}<bpmn:endEvent id="finish"/>{flows}</bpmn:process></bpmn:definitions>'
    ).encode()


@contextmanager
def engine_on(url: str, settings: Settings) -> Iterator[Engine]:
    """An engine on an empty database with the linear process deployed."""
    database = Database(url)
    upgrade(database)
    clock = SystemClock()
    calendars = Calendars(database, {"default": _WEEK}, settings.time_zone)
    calendars.seed(clock.now().date())
    engine = Engine(database, clock, settings, HandlerRegistry(), calendars)
    deployments.deploy(engine, {"linear/linear.bpmn": diagram()}, name="bench")
    yield engine
    database.dispose()


def rows(kind: str, engine: Engine, baseline_ms: float) -> Iterator[Row]:
    """Statements, commits and milliseconds of one completion in the middle of a case."""
    instances.start(engine, KEY, actor="bench")
    task_id = _first_task(engine)
    task_id = _complete(engine, task_id)  # the first one also fills caches
    with count_statements(engine.database) as count:
        _complete(engine, task_id)
    yield Row(f"{kind}: SQL statements per completed task", len(count.statements), "", limit=12)
    yield Row(f"{kind}: commits per completed task", count.commits, "", limit=1)
    spent = median(_case_ms(engine) for _ in range(CASES)) / TASKS
    yield Row(f"{kind}: completing a task, engine", spent, "ms", f"{spent / baseline_ms:.0f} × SpiffWorkflow in memory")


def _case_ms(engine: Engine) -> float:
    instances.start(engine, KEY, actor="bench")
    task_id: str | None = _first_task(engine)

    def play() -> None:
        nonlocal task_id
        while task_id is not None:
            task_id = _complete(engine, task_id)

    return milliseconds(play)


def milliseconds(work: Callable[[], None]) -> float:
    """How long it takes once."""
    begun = monotonic_s()
    work()
    return (monotonic_s() - begun) * 1000


def _complete(engine: Engine, task_id: str | None) -> str | None:
    following = user_tasks.complete(engine, str(task_id), {}, "bench")
    return following[0].id if following else None


def _first_task(engine: Engine) -> str:
    """The newest open task: the one of the case just started."""
    with engine.database.session() as session:
        return (
            session.scalars(
                select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.created_at.desc(), UserTask.id.desc())
            ).first()
            or ""
        )
