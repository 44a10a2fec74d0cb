"""Turns a `Process` into a SpiffWorkflow specification of our own task specs; done once per definition version."""

from SpiffWorkflow.specs import WorkflowSpec

from engine.diagrams.model import Element, Process
from engine.runtime.execution import events, gateways, tasks
from engine.runtime.execution.compensation import CompensationSpec
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.receiving import ReceiveTaskSpec
from engine.runtime.execution.scopes import ProcessScopeSpec, SubProcessSpec

_SPECS: dict[str, type[ElementSpec]] = {
    "task": tasks.PassThroughSpec,
    "manualTask": tasks.PassThroughSpec,
    "userTask": tasks.UserTaskSpec,
    "serviceTask": tasks.ServiceTaskSpec,
    "sendTask": tasks.SendTaskSpec,
    "receiveTask": ReceiveTaskSpec,
    "businessRuleTask": tasks.BusinessRuleTaskSpec,
    "scriptTask": tasks.ScriptTaskSpec,
    "callActivity": tasks.CallActivitySpec,
    "subProcess": SubProcessSpec,
    "transaction": SubProcessSpec,
    "exclusiveGateway": gateways.ExclusiveGatewaySpec,
    "parallelGateway": gateways.ParallelGatewaySpec,
    "inclusiveGateway": gateways.InclusiveGatewaySpec,
    "eventBasedGateway": gateways.EventBasedGatewaySpec,
    "startEvent": events.StartEventSpec,
    "intermediateCatchEvent": events.IntermediateCatchEventSpec,
    "intermediateThrowEvent": events.ThrowEventSpec,
    "boundaryEvent": events.BoundaryEventSpec,
    "endEvent": events.EndEventSpec,
}

#: Element types that can run; the deployment check refuses all others.
RUNNABLE_TYPES = frozenset(_SPECS)


class ProcessSpec(WorkflowSpec):
    """A compiled process definition."""

    def __init__(self, process: Process, deployment_id: str) -> None:
        """Compile every element."""
        super().__init__(name=process.id)
        self.process = process
        self.deployment_id = deployment_id
        self.start = ProcessScopeSpec(self, process)
        CompensationSpec(self, process)
        for element in process.elements.values():
            _spec_class(element)(self, process, element)


def _spec_class(element: Element) -> type[ElementSpec]:
    if element.type == "sendTask" and element.camunda.get("topic"):
        return tasks.ServiceTaskSpec
    return _SPECS[element.type]
