"""A worker that only works: `python -m bench.worker URL COMPLETIONS`.

Completes so many service tasks, fifty to a case, and prints its memory in megabytes a hundred times on the way.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from bench.stage import engine_on
from engine.runtime import deployments, instances, jobs
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry, JobContext, handler

_ROUNDS = 50
_DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
<process id="count" name="count" isExecutable="true">
<startEvent id="begin"/><exclusiveGateway id="again"/><exclusiveGateway id="enough" default="back"/><endEvent id="finish"/>
<serviceTask id="add" camunda:type="external" camunda:topic="bench.add"><extensionElements><camunda:inputOutput>
<camunda:inputParameter name="number">=n</camunda:inputParameter><camunda:outputParameter name="n">=number</camunda:outputParameter>
</camunda:inputOutput></extensionElements></serviceTask>
<sequenceFlow id="f1" sourceRef="begin" targetRef="again"/><sequenceFlow id="f2" sourceRef="again" targetRef="add"/>
<sequenceFlow id="f3" sourceRef="add" targetRef="enough"/><sequenceFlow id="back" sourceRef="enough" targetRef="again"/>
<sequenceFlow id="out" name="out" sourceRef="enough" targetRef="finish"><conditionExpression>n &gt;= {_ROUNDS}</conditionExpression></sequenceFlow>
</process></definitions>"""


class Number(BaseModel):
    """What is counted."""

    number: int


@handler("bench.add", title="加一", title_en="Add one")
def add(ctx: JobContext, request: Number) -> Number:  # noqa: ARG001 -- every handler is given it
    """The next number."""
    return Number(number=request.number + 1)


def main(url: str, completions: int) -> None:
    """Work."""
    with TemporaryDirectory() as folder, engine_on(url, Path(folder), HandlerRegistry([add])) as engine:
        deployments.deploy(engine, {"count/count.bpmn": _DIAGRAM.encode()}, name="bench")
        for done in range(1, completions + 1):
            _complete_one(engine)
            if done % max(1, completions // 100) == 0:
                print(megabytes(os.getpid()), flush=True)


def _complete_one(engine: Engine) -> None:
    while not jobs.run_next(engine, "bench"):
        instances.start(engine, "count", {"n": 0}, actor="bench")


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) / 1024  # noqa: S603, S607 -- of every Unix


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
