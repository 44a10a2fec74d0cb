"""The process most sections run: twenty user tasks in a row, each with candidates and a form."""

from itertools import pairwise

import orjson
from sqlalchemy import select

from engine.clock import monotonic_s
from engine.runtime import deployments, instances, user_tasks
from engine.runtime.engine import Engine
from engine.storage.tables import UserTask

TASKS = 20
KEY = "linear"
GROUP = "staff"
SUBMITTED = {"note": "done"}
_USER = "bench"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
"""
_FORM = {
    "id": "note",
    "type": "default",
    "schemaVersion": 19,
    "components": [{"type": "textfield", "key": "note", "id": "note", "label": "note"}],
}


def diagram(assignee: str = "") -> bytes:
    """Start, twenty user tasks, end; in one lane."""
    steps = ["begin", *(f"task_{number}" for number in range(1, TASKS + 1)), "finish"]
    attributes = f'camunda:assignee="{assignee}" camunda:candidateGroups="{GROUP}" camunda:formRef="note" camunda:formRefBinding="latest"'
    nodes = "".join(f'<bpmn:userTask id="{step}" name="{step}" {attributes}/>' for step in steps[1:-1])
    flows = "".join(
        f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="{a}" targetRef="{b}"/>' for number, (a, b) in enumerate(pairwise(steps))
    )
    members = "".join(f"<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>" for step in steps)
    return (
        f'{_HEAD}<bpmn:collaboration id="pools"><bpmn:participant id="pool" processRef="{KEY}"/></bpmn:collaboration>'
        f'<bpmn:process id="{KEY}" name="linear" isExecutable="true" camunda:isStartableInTasklist="true"><bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="staff">{members}</bpmn:lane></bpmn:laneSet>'
        f'<bpmn:startEvent id="begin"/>{nodes}<bpmn:endEvent id="finish"/>{flows}</bpmn:process></bpmn:definitions>'
    ).encode()


def files(assignee: str = "") -> dict[str, bytes]:
    """The files of the process, by path."""
    return {"linear/linear.bpmn": diagram(assignee), "linear/note.form": orjson.dumps(_FORM)}


def deploy(engine: Engine) -> None:
    """Deploy the process."""
    deployments.deploy(engine, files(), name="bench")


def start(engine: Engine) -> str:
    """Start a case; returns its first task."""
    case = instances.start(engine, KEY, actor=_USER)
    with engine.database.session() as session:
        return session.scalars(select(UserTask.id).where(UserTask.instance_id == case, UserTask.state == "open")).one()


def complete(engine: Engine, task_id: str) -> str | None:
    """Complete a task; returns the one it leads to, None at the end of the case."""
    following = user_tasks.complete(engine, task_id, SUBMITTED, _USER)
    return following[0].id if following else None


def play(engine: Engine) -> float:
    """Complete a whole case; returns the milliseconds that one completion took, without the start."""
    task_id: str | None = start(engine)
    begun = monotonic_s()
    while task_id is not None:
        task_id = complete(engine, task_id)
    return (monotonic_s() - begun) * 1000 / TASKS
