"""How the engine's cost depends on the past: a rework loop's thousandth round against its tenth, and the size of a case's state."""

from collections.abc import Iterator
from statistics import median

from sqlalchemy import select

from bench.linear import milliseconds
from bench.rows import Row
from engine.runtime import deployments, instances, user_tasks
from engine.runtime.engine import Engine
from engine.storage.tables import ProcessInstance, UserTask

ROUNDS = 1_000
WINDOW = 20
KEY = "rework"

DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench"><process id="rework" name="rework" isExecutable="true">
<startEvent id="begin"/><exclusiveGateway id="again"/><userTask id="work"/><exclusiveGateway id="done" default="back"/><endEvent id="finish"/>
<sequenceFlow id="f1" sourceRef="begin" targetRef="again"/><sequenceFlow id="f2" sourceRef="again" targetRef="work"/>
<sequenceFlow id="f3" sourceRef="work" targetRef="done"/><sequenceFlow id="back" sourceRef="done" targetRef="again"/>
<sequenceFlow id="out" name="out" sourceRef="done" targetRef="finish"><conditionExpression>enough = true</conditionExpression></sequenceFlow>
</process></definitions>"""


def rows(kind: str, engine: Engine) -> Iterator[Row]:
    """A loop with a user task in it."""
    deployments.deploy(engine, {"rework/rework.bpmn": DIAGRAM}, name="bench")
    case = instances.start(engine, KEY, actor="bench")
    with engine.database.session() as session:
        task_id = session.scalars(select(UserTask.id).where(UserTask.instance_id == case)).one()
    spent, sizes = [], []

    def complete() -> None:
        nonlocal task_id
        task_id = user_tasks.complete(engine, task_id, {}, "bench")[0].id

    for number in range(ROUNDS + WINDOW // 2):
        spent.append(milliseconds(complete))
        if number in (10, ROUNDS):
            sizes.append(_state_bytes(engine, case))
    early, late = (median(spent[middle - WINDOW // 2 : middle + WINDOW // 2]) for middle in (10, ROUNDS))
    yield Row(f"{kind}: round 1,000 of a loop ÷ round 10", late / early, "", f"{early:.1f} ms and {late:.1f} ms", limit=1.2)
    yield Row(f"{kind}: state of a case after 1,000 rounds ÷ after 10", sizes[1] / sizes[0], "", f"{sizes[1]} bytes", limit=1.1)


def _state_bytes(engine: Engine, case: str) -> int:
    with engine.database.session() as session:
        return len(session.get_one(ProcessInstance, case).runtime_state)
