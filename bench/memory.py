"""The baseline: the same diagram in SpiffWorkflow alone, in memory, without storing anything."""

from io import BytesIO
from statistics import median

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.linear import CASES, KEY, TASKS, diagram, milliseconds


def milliseconds_per_task() -> float:
    """Completing one user task and running on to the next."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(diagram())))
    spec = parser.get_spec(KEY)

    def play() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        while ready := workflow.get_tasks(state=TaskState.READY, manual=True):
            ready[0].run()
            workflow.do_engine_steps()

    play()
    return median(milliseconds(play) for _ in range(CASES)) / TASKS
