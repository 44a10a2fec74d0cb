"""The kinds of tasks (BPMN 2.0 §10.3.3) and the call activity."""

from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task

from engine.errors import ExpressionError
from engine.feel import to_json
from engine.runtime import due
from engine.runtime.execution.activities import ActivitySpec
from engine.runtime.execution.effects import Call
from engine.runtime.execution.execution import Execution
from engine.runtime.execution.throwing import throw_message
from engine.storage.tables import FormDefinition


class PassThroughSpec(ActivitySpec):
    """An abstract or manual task: nothing to do for the engine."""


class ScriptTaskSpec(ActivitySpec):
    """A script task: a FEEL expression whose value goes to camunda:resultVariable."""

    def work(self, task: Task) -> bool:
        """Evaluate the script."""
        execution: Execution = task.workflow
        value = execution.surroundings.evaluate_json(self.element.script, execution.context(task))
        name = self.element.camunda.get("resultVariable")
        self.map_outputs(task, {name: value} if name else value if isinstance(value, dict) else {})
        return True


class BusinessRuleTaskSpec(ActivitySpec):
    """A business rule task: a DMN decision."""

    def work(self, task: Task) -> bool:
        """Decide, record inputs, rules and outputs, and keep the result."""
        execution: Execution = task.workflow
        camunda = self.element.camunda
        key = camunda["decisionRef"]
        binding = camunda.get("decisionRefBinding", "latest")
        result = execution.surroundings.decide(key, binding, self._deployment(task), execution.context(task))
        execution.effects.record(
            "DecisionEvaluated",
            self.element.id,
            task.id,
            decision=key,
            inputs=result.inputs,
            rules=result.matched_rules,
            outputs=result.json_value,
        )
        value = _mapped(result.json_value, camunda.get("mapDecisionResult", "resultList"))
        name = camunda.get("resultVariable")
        self.map_outputs(task, {name: value} if name else value if isinstance(value, dict) else {})
        return True

    def _deployment(self, task: Task) -> str:
        deployment_id: str = task.workflow.spec.deployment_id
        return deployment_id


def _mapped(value: Any, mapping: str) -> Any:
    """Shape a decision's result as camunda:mapDecisionResult says."""
    rows = value if isinstance(value, list) else [] if value is None else [value]
    if mapping == "resultList":
        return rows
    if mapping == "collectEntries":
        return [next(iter(row.values()), None) if isinstance(row, dict) else row for row in rows]
    if len(rows) > 1:
        raise ExpressionError(
            f"决策给出 {len(rows)} 行结果，而映射方式 {mapping} 只容许一行。",
            f"The decision gave {len(rows)} rows, but {mapping} allows one.",
        )
    row = rows[0] if rows else None
    if mapping == "singleEntry" and isinstance(row, dict):
        return next(iter(row.values()), None)
    return row


class ServiceTaskSpec(ActivitySpec):
    """A service task: a job for a handler or an external worker."""

    def work(self, task: Task) -> None:
        """Put a job with the mapped inputs on the table."""
        execution: Execution = task.workflow
        camunda = self.element.camunda
        context = execution.context(task)
        self.open_job(
            task,
            kind="handler",
            topic=execution.surroundings.resolve(camunda["topic"], context),
            input={parameter.name: task.data[parameter.name] for parameter in self.element.inputs},
            priority=int(execution.surroundings.resolve(camunda.get("taskPriority", camunda.get("jobPriority", "0")), context) or 0),
            retry_cycle=self.element.retry_cycle or None,
        )

    def finish(self, task: Task, results: dict[str, Any]) -> None:
        """The job succeeded: keep its results, whole under camunda:resultVariable or field by field."""
        task.internal_data.pop("job", None)
        name = self.element.camunda.get("resultVariable")
        super().finish(task, {name: results} if name and not self.element.outputs else results)


class UserTaskSpec(ActivitySpec):
    """A user task: a duty of one person."""

    def work(self, task: Task) -> None:
        """Put the duty into the inbox."""
        execution: Execution = task.workflow
        context = execution.context(task)
        camunda = self.element.camunda
        due_at, explanation = self._instant(execution, camunda.get("dueDate", ""), context)
        follow_up_at, follow_up_explanation = self._instant(execution, camunda.get("followUpDate", ""), context)
        form = self.form(execution)
        candidates = [("user", name) for name in self._names(execution, "candidateUsers", context)]
        candidates += [("group", name) for name in self._names(execution, "candidateGroups", context)]
        assignee = execution.surroundings.resolve(camunda.get("assignee", ""), context) or None
        name = self.title(execution, context)
        execution.effects.user_tasks[task.id] = {
            "id": task.id,
            "element_id": self.element.id,
            "name": name,
            "state": "open",
            "suspended": False,
            "assignee": assignee,
            "assignment_reason": None,
            "priority": int(execution.surroundings.resolve(camunda.get("priority", "50"), context) or 50),
            "form_definition_id": form.id if form else None,
            "created_at": execution.surroundings.now,
            "due_at": due_at,
            "due_explanation": explanation,
            "follow_up_at": follow_up_at,
            "follow_up_explanation": follow_up_explanation,
            "revision": 1,
            "candidates": candidates,
        }
        execution.effects.record(
            "UserTaskCreated",
            self.element.id,
            task.id,
            name=name,
            assignee=assignee,
            candidates=[f"{kind}:{item}" for kind, item in candidates],
            due_at=due_at.isoformat() if due_at else None,
            explanation=explanation,
        )

    def title(self, execution: Execution, context: dict[str, Any]) -> str:
        """What the task is called for people; the name may contain expressions."""
        return str(execution.surroundings.resolve(self.element.name, context)) if "${" in self.element.name else self.element.label

    def form(self, execution: Execution) -> FormDefinition | None:
        """The form of the task, if it has one."""
        camunda, catalog = self.element.camunda, execution.surroundings.catalog
        return catalog.form(camunda.get("formRef", ""), camunda.get("formRefBinding", "latest"), execution.spec.deployment_id)

    def _names(self, execution: Execution, attribute: str, context: dict[str, Any]) -> list[str]:
        value = execution.surroundings.resolve(self.element.camunda.get(attribute, ""), context)
        names = value if isinstance(value, list) else str(value or "").split(",")
        return list(dict.fromkeys(str(name).strip() for name in names if str(name).strip()))

    def _instant(self, execution: Execution, text: str, context: dict[str, Any]) -> tuple[datetime | None, dict[str, Any] | None]:
        if not text:
            return None, None
        return due.instant_of(execution.surroundings, text, context, self.element)

    def withdraw(self, task: Task) -> None:
        """Take the duty out of the inbox."""
        super().withdraw(task)
        if "job" not in task.internal_data and "rounds" not in task.internal_data:
            task.workflow.effects.withdraw_user_task(task.id)


class SendTaskSpec(ActivitySpec):
    """A send task: throws its message."""

    def work(self, task: Task) -> bool:
        """Throw the message with the input parameters as its content."""
        throw_message(self, task, self.element.message, dict(task.data))
        task.data.clear()
        return True


class CallActivitySpec(ActivitySpec):
    """A call activity: another process as a child instance (docs/adr/0003)."""

    def work(self, task: Task) -> None:
        """Ask the step to start the called process."""
        execution: Execution = task.workflow
        context = execution.context(task)
        resolve = execution.surroundings.resolve
        variables: dict[str, Any] = dict(task.data)
        business_key = execution.business_key
        for mapping in self.element.calls_in:
            if mapping.business_key:
                business_key = resolve(mapping.expression, context)
            elif mapping.all_variables:
                variables.update({name: value for name, value in context.items() if name not in _INJECTED})
            else:
                variables[mapping.target] = resolve(mapping.expression, context) if mapping.expression else context.get(mapping.source)
        binding = self.element.camunda.get("calledElementBinding", "latest")
        version = self.element.camunda.get("calledElementVersion")
        execution.effects.calls.append(
            Call(
                task_id=task.id,
                element_id=self.element.id,
                process_key=resolve(self.element.called_element, context),
                version=int(version) if binding == "version" and version else None,
                deployment_bound=binding == "deployment",
                business_key=business_key,
                variables=variables,
            )
        )

    def returned(self, task: Task, variables: dict[str, Any], end_event: str | None) -> None:
        """The called process completed: map its variables out."""
        execution: Execution = task.workflow
        context = {**variables, "end_event": end_event}
        results: dict[str, Any] = {}
        for mapping in self.element.calls_out:
            if mapping.all_variables:
                results.update(variables)
            else:
                results[mapping.target] = (
                    execution.surroundings.resolve(mapping.expression, context) if mapping.expression else context.get(mapping.source)
                )
        task.data.clear()
        self.finish(task, {name: to_json(value) for name, value in results.items()})

    def withdraw(self, task: Task) -> None:
        """Cancel the called process."""
        super().withdraw(task)
        if "rounds" not in task.internal_data:
            task.workflow.effects.called_cancelled.append(task.id)


_INJECTED = frozenset(("parameters", "instance_id", "business_key", "initiator"))
