"""The yardstick: the same diagram in SpiffWorkflow alone, in memory, without storing anything."""

from io import BytesIO
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.linear import KEY, TASKS, diagram
from engine.clock import monotonic_s


def specification() -> Any:
    """The linear process as SpiffWorkflow parses it."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(diagram())))
    return parser.get_spec(KEY)


def play(spec: Any) -> float:
    """Complete a whole case; returns the milliseconds that one completion took."""
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    begun = monotonic_s()
    while ready := workflow.get_tasks(state=TaskState.READY, manual=True):
        ready[0].run()
        workflow.do_engine_steps()
    return (monotonic_s() - begun) * 1000 / TASKS
