"""What an execution sees of the world during one step: the time, expressions, definitions, and a budget."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from engine.clock import monotonic_s
from engine.diagrams.model import Element, ParameterValue
from engine.dmn import DecisionResult
from engine.errors import ExpressionError, StepBudgetExceeded
from engine.feel import Environment, compile_expression, to_json
from engine.ids import new_id
from engine.working_time import Calendars, WorkingCalendar

if TYPE_CHECKING:
    from engine.runtime.catalog import Catalog


@dataclass
class StepBudget:
    """How much one step may do before it counts as running away."""

    elements: int = 20_000
    seconds: float = 30.0
    call_depth: int = 50
    spent: int = 0
    begun_s: float = field(default_factory=monotonic_s)

    def spend(self, element: Element) -> None:
        """Count one run of an element.

        Raises:
            StepBudgetExceeded: names the element.
        """
        self.spent += 1
        if self.spent > self.elements or (self.spent % 64 == 0 and monotonic_s() - self.begun_s > self.seconds):
            raise StepBudgetExceeded(
                f"流程在一步之内运行了 {self.spent} 个节点仍未停下，停在“{element.label}”。请检查没有等待的循环。",
                f"One step ran {self.spent} elements without coming to a stop, last at “{element.label}”. Look for a loop without a wait.",
                element_id=element.id,
            )


@dataclass
class Surroundings:
    """One step's view of time, definitions and parameters."""

    now: datetime
    calendars: Calendars
    catalog: "Catalog"
    time_zone: str
    actor: str | None
    budget: StepBudget = field(default_factory=StepBudget)

    def base_context(self) -> dict[str, Any]:
        """Names every expression may read."""
        return {"parameters": self.catalog.parameters()}

    def calendar(self) -> WorkingCalendar:
        """The office's working calendar."""
        return self.calendars.get(edition=self.catalog.edition)

    def environment(self) -> Environment:
        """A fresh FEEL environment: its warnings and explanations belong to one evaluation."""
        return Environment(now=self.now, time_zone=self.time_zone, calendar=self.calendar())

    def evaluate(self, source: str, context: Mapping[str, Any], environment: Environment | None = None) -> Any:
        """The FEEL value of an expression.

        Raises:
            ExpressionError: it cannot be parsed or exceeds its budget.
        """
        return compile_expression(source).evaluate(context, environment or self.environment())

    def evaluate_json(self, source: str, context: Mapping[str, Any]) -> Any:
        """The JSON value of an expression."""
        return to_json(self.evaluate(source, context))

    def resolve(self, value: ParameterValue, context: Mapping[str, Any]) -> Any:
        """The JSON value of an attribute or parameter: expressions are marked by `=` or `${…}`, everything else is literal."""
        if isinstance(value, list):
            return [self.resolve(item, context) for item in value]
        if isinstance(value, dict):
            return {key: self.resolve(item, context) for key, item in value.items()}
        if value.startswith("=") or _PART.fullmatch(value):
            return self.evaluate_json(value, context)
        return _PART.sub(lambda part: _as_text(self.evaluate_json(part[0], context)), value)

    def condition(self, source: str, context: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
        """Whether a condition holds, and the values it looked at.

        Raises:
            ExpressionError: the condition is neither true nor false.
        """
        expression = compile_expression(source)
        environment = self.environment()
        result = expression.evaluate(context, environment)
        values = {name: context[name] for name in sorted(expression.names) if name in context and name != "parameters"}
        if result is None:
            return False, values
        if not isinstance(result, bool):
            raise ExpressionError(
                f"条件“{source}”的结果是 {result!r}，应为 true 或 false。",
                f"The condition “{source}” gave {result!r}; it must be true or false.",
                source=source,
            )
        return result, values

    def decide(self, key: str, binding: str, deployment_id: str, context: Mapping[str, Any]) -> DecisionResult:
        """Evaluate a DMN decision."""
        return self.catalog.decision(key, binding, deployment_id).decide(key, dict(context), self.environment())

    def job_row(
        self, task: Task, *, kind: str, topic: str | None = None, state: str = "ready", error: str | None = None, **values: Any
    ) -> dict[str, Any]:
        """A row for the job table; the step adds the instance's ids."""
        return {
            "id": new_id(),
            "kind": kind,
            "topic": topic,
            "element_instance_id": task.id,
            "element_id": task.task_spec.element.id,
            "input": {},
            "state": state,
            "suspended": False,
            "priority": 0,
            "retries": 0 if state == "failed" else 3,
            "retry_cycle": None,
            "attempt": 0,
            "available_at": self.now,
            "created_at": self.now,
            "actor": self.actor,
            "error": error,
        } | values


_PART = re.compile(r"\$\{[^{}]*\}")


def _as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
