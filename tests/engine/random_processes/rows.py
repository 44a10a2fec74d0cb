"""Random processes as files that can be deployed."""

from tests.engine.conftest import form
from tests.engine.diagram import bpmn
from tests.engine.random_processes.playing import Case


def files(case: Case) -> dict[str, bytes]:
    """What to deploy: user tasks have a form for x, service tasks the handler of the tests that fails until it is mended."""
    bodies = {
        key: body.replace("<userTask ", '<userTask camunda:formRef="f" ').replace('topic="t"', 'topic="test.flaky"')
        for key, body in case.bodies.items()
    }
    return {f"{key}.bpmn": bpmn(body, key) for key, body in bodies.items()} | form("f", x="number")
