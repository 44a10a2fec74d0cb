"""Throwing: messages, signals, errors, escalations, and who catches the last two (BPMN 2.0 §10.5.7)."""

from typing import Any

from SpiffWorkflow.task import Task

from engine.diagrams.model import Element
from engine.errors import InvalidInput
from engine.runtime import due
from engine.runtime.execution.effects import Ended, ThrownMessage, ThrownSignal
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.execution import Execution

#: How long a message that nobody awaits waits, unless `opsbook:ttl` says otherwise.
DEFAULT_TTL = "P1D"


def throw_message(spec: ElementSpec, task: Task, name: str, variables: dict[str, Any]) -> None:
    """Send a message on its way; it is delivered after this step commits."""
    execution: Execution = task.workflow
    key = correlation_key(spec.element, task)
    expires_at, _ = due.after(execution.surroundings, spec.element.properties.get("opsbook:ttl", DEFAULT_TTL), execution.context(task))
    execution.effects.messages.append(ThrownMessage(name, key, variables, expires_at))
    execution.effects.record("MessageThrown", spec.element.id, task.id, name=name, correlation_key=key, variables=variables)


def throw_signal(spec: ElementSpec, task: Task, name: str, variables: dict[str, Any]) -> None:
    """Send a signal to everybody who waits for it; it is delivered after this step commits."""
    execution: Execution = task.workflow
    execution.effects.signals.append(ThrownSignal(name, variables, execution.instance_id, execution.next_number))
    execution.effects.record("SignalThrown", spec.element.id, task.id, name=name, variables=variables)


def correlation_key(element: Element, task: Task) -> str | None:
    """The key a message is thrown with or awaited for: `opsbook:correlationKey`, else the business key."""
    execution: Execution = task.workflow
    expression = element.properties.get("opsbook:correlationKey")
    if expression is None:
        return execution.business_key
    value = execution.surroundings.evaluate_json(expression, execution.context(task))
    if value is None or isinstance(value, list | dict | bool):
        raise InvalidInput(
            f"“{element.label}”的消息关联键“{expression}”没有得到文字或数字。",
            f"The correlation key “{expression}” of “{element.label}” gave no text or number.",
            element_id=element.id,
        )
    return str(value)


def throw_error(task: Task, code: str, message: str, variables: dict[str, Any]) -> bool:
    """Hand an error to the innermost handler: event sub-process, then boundary event; False if nobody catches it."""
    execution: Execution = task.workflow
    execution.effects.record("BpmnErrorThrown", task.task_spec.element.id, task.id, code=code, message=message, variables=variables)
    catch = _find_handler(task, "error", code)
    if catch is None:
        return False
    host, handler = catch
    values = dict(variables)
    if handler.event is not None and handler.event.code_variable:
        values[handler.event.code_variable] = code
    if handler.event is not None and handler.event.message_variable:
        values[handler.event.message_variable] = message
    execution.effects.record("ErrorCaught", handler.id, host.id, code=code, message=message)
    execution.spec_of(handler.id).caught(host, values)
    return True


def throw_escalation(task: Task, code: str) -> None:
    """Hand an escalation to the innermost handler, if need be of the calling process; the thrower goes on unless it is interrupted."""
    execution: Execution = task.workflow
    execution.effects.record("EscalationThrown", task.task_spec.element.id, task.id, code=code)
    catch = _find_handler(task, "escalation", code)
    if catch is None:
        execution.effects.escalations.append(code)
    else:
        host, handler = catch
        values = {handler.event.code_variable: code} if handler.event is not None and handler.event.code_variable else {}
        execution.spec_of(handler.id).caught(host, values)


def catches_error(task: Task, code: str) -> bool:
    """Whether somebody would catch an error thrown at a task."""
    return _find_handler(task, "error", code) is not None


def fail_instance(task: Task, code: str, message: str, variables: dict[str, Any]) -> None:
    """An error nobody catches ends the instance as failed."""
    execution: Execution = task.workflow
    execution.end(Ended("failed", task.task_spec.element.id, error_code=code, error_message=message, variables=variables))


def _find_handler(task: Task, kind: str, code: str) -> tuple[Task, Element] | None:
    """(host task, catching event) nearest to the thrower; an exact code wins over a catch-all of the same scope."""
    inside: Task | None = None
    current: Task | None = task
    while current is not None:
        spec: ElementSpec = current.task_spec
        process = spec.process
        is_scope = inside is not None and "rounds" not in current.internal_data and not inside.task_spec.element.triggered_by_event
        starts = [
            start
            for sub_process in process.event_sub_processes(spec.element.id)
            for start in process.start_events(sub_process.id)
            if is_scope
        ]
        attached = [] if "round" in current.internal_data else process.boundaries.get(spec.element.id, [])
        for candidates in (starts, attached):
            matching = [item for item in candidates if item.event is not None and item.event.kind == kind and item.event.name in ("", code)]
            if matching:
                return current, max(matching, key=lambda item: bool(item.event and item.event.name))
        inside = current
        current = current.parent
    return None
