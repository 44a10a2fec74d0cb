"""A rework loop: its thousandth round beside its tenth, and the state of the case after both."""

from collections.abc import Iterator
from statistics import median

from sqlalchemy import select

from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import monotonic_s
from engine.runtime import deployments, instances, user_tasks
from engine.runtime.engine import Engine
from engine.storage.tables import ProcessInstance, UserTask

DATABASES = BOTH

_YOUNG, _OLD = 20, 1_000
_KEY = "rework"
_DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench"><process id="rework" name="rework" isExecutable="true">
<startEvent id="begin"/><exclusiveGateway id="again"/><userTask id="work"/><exclusiveGateway id="done" default="back"/><endEvent id="finish"/>
<sequenceFlow id="f1" sourceRef="begin" targetRef="again"/><sequenceFlow id="f2" sourceRef="again" targetRef="work"/>
<sequenceFlow id="f3" sourceRef="work" targetRef="done"/><sequenceFlow id="back" sourceRef="done" targetRef="again"/>
<sequenceFlow id="out" name="out" sourceRef="done" targetRef="finish"><conditionExpression>enough = true</conditionExpression></sequenceFlow>
</process></definitions>"""


class _Case:
    """A case that goes round."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._id = instances.start(engine, _KEY, actor="bench")
        with engine.database.session() as session:
            self._task = session.scalars(select(UserTask.id).where(UserTask.instance_id == self._id)).one()

    def round_ms(self) -> float:
        """Go round once."""
        begun = monotonic_s()
        self._task = user_tasks.complete(self._engine, self._task, {}, "bench")[0].id
        return (monotonic_s() - begun) * 1000

    def state_bytes(self) -> int:
        """Size of the saved state."""
        with self._engine.database.session() as session:
            return len(session.scalars(select(ProcessInstance.runtime_state).where(ProcessInstance.id == self._id)).one())


def rows(stage: Stage) -> Iterator[Row]:
    """One case goes on from round 1,000 while others go their first twenty rounds, in turn, so that both meet the same machine."""
    with stage.engine() as engine:
        deployments.deploy(engine, {"rework/rework.bpmn": _DIAGRAM}, name="bench")
        old = _Case(engine)
        for _ in range(_OLD - 1):
            old.round_ms()
        pairs, young = [], old
        for _ in range(stage.sized(10, 2)):
            young = _Case(engine)
            pairs += [(young.round_ms(), old.round_ms()) for _ in range(_YOUNG)]
        early, late = (median(times) for times in zip(*pairs, strict=True))
        yield Row("round 1,000 of a loop ÷ round 10", late / early, "×", f"{early:.2f} ms and {late:.2f} ms", limit=1.2)
        grown = old.state_bytes() / young.state_bytes()
        yield Row("state of a case after 1,000 rounds ÷ after 20", grown, "×", f"{old.state_bytes()} bytes", limit=1.1)
