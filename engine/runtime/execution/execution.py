"""One process instance in memory: SpiffWorkflow's workflow, holding only the tasks that are alive."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.errors import OpsbookError, StepBudgetExceeded
from engine.runtime.execution import variables
from engine.runtime.execution.effects import Effects, Ended
from engine.runtime.surroundings import Surroundings

if TYPE_CHECKING:
    from engine.runtime.execution.element import ElementSpec


class Execution(Workflow):
    """Runs tokens until every one of them waits.

    The task tree is the tree of scopes: the root task is the process, a sub-process task holds its tokens, an activity holds the
    boundary events that watch it. A task that ended is removed at once; the past is in the history.
    """

    def __init__(self, spec: WorkflowSpec, instance_id: str, business_key: str | None, surroundings: Surroundings) -> None:
        """Args: spec: compiled by `engine.runtime.execution.compile`."""
        super().__init__(spec, deserializing=True)
        self.instance_id = instance_id
        self.business_key = business_key
        self.initiator: str | None = None
        self.surroundings = surroundings
        self.effects = Effects()
        self.queue: deque[Task] = deque()
        self.next_number = 1
        self.variables_changed = False
        self.released: str | None = None  #: id of the task whose job this step is
        self.task_tree: Task = None

    # -- tasks -------------------------------------------------------------------------------------------------------

    def spawn(self, spec: "ElementSpec", parent: Task | None, **internal: Any) -> Task:
        """A new task, not yet updated."""
        task = Task(self, spec, parent, state=TaskState.FUTURE, id=f"{self.instance_id}-{self.next_number}")
        self.next_number += 1
        task.internal_data.update(internal)
        return task

    def enter(self, element_id: str, scope: Task, flow_id: str | None = None) -> None:
        """A token arrives at an element."""
        task = self.spawn(self.spec_of(element_id), scope, **({"flow": flow_id} if flow_id else {}))
        task.task_spec._update(task)

    def spec_of(self, element_id: str) -> "ElementSpec":
        """The compiled element."""
        spec: ElementSpec = self.spec.task_specs[element_id]
        return spec

    def remove(self, task: Task) -> None:
        """Take a task (without children) out of the tree."""
        self.tasks.pop(task.id, None)
        parent = task.parent
        if parent is not None:
            parent._children.remove(task.id)

    def cancel_task(self, task: Task) -> None:
        """End a task and everything inside it before its time, innermost first."""
        for child in list(task.children):
            self.cancel_task(child)
        if task.id not in self.tasks:
            return
        task._set_state(TaskState.CANCELLED)
        task.task_spec._on_cancel(task)
        self.remove(task)

    # -- running -----------------------------------------------------------------------------------------------------

    def start(self, start_element_id: str | None, variables: dict[str, Any]) -> None:
        """Create the root scope with its variables and put the first token on the start event (None: as the process says)."""
        self.open_root(variables)
        self.spec.start.open_scope(self.task_tree, start_element_id)

    def open_root(self, variables: dict[str, Any]) -> None:
        """Create the root scope with its variables and without a token."""
        self.task_tree = self.spawn(self.spec.start, None)
        self.task_tree._set_state(TaskState.STARTED)
        self.task_tree.data.update(variables)

    def run(self) -> None:
        """Run until nothing can go on by itself.

        Raises:
            StepBudgetExceeded: the step runs away; nothing of it may be kept.
        """
        while self.effects.ended is None:
            while self.queue:
                task = self.queue.popleft()
                if task.id in self.tasks and task.has_state(TaskState.READY):
                    self._run_task(task)
            if not self._settle():
                return

    def _run_task(self, task: Task) -> None:
        self.surroundings.budget.spend(task.task_spec.element)
        try:
            task.run()
        except StepBudgetExceeded:
            raise
        except OpsbookError as error:
            self.park(task, error)

    def park(self, task: Task, error: OpsbookError) -> None:
        """The element cannot run: keep the token, open an incident that a person can retry.

        Raises:
            OpsbookError: the same error, if this step is such a retry; its job counts the failure.
        """
        if task.id == self.released or task.id not in self.tasks:
            raise error
        task._set_state(TaskState.READY)
        task.task_spec.open_job(task, kind="continue", state="failed", error=error.text("en"))
        self.report(task, error, kind="job", job_id=task.internal_data["job"])

    def report(self, task: Task, error: OpsbookError, **incident: Any) -> None:
        """Open an incident at an element; without a job somebody has to look and set it aside."""
        element = task.task_spec.element
        said = {"message": error.text("zh"), "message_en": error.text("en"), "detail": error.text("en")}
        found = {"kind": "step", "job_id": None, "element_id": element.id} | said
        self.effects.incidents.append(found | incident)
        self.effects.record("IncidentOpened", element.id, task.id, zh=error.text("zh"), en=error.text("en"), code=error.code)

    def _settle(self) -> bool:
        """When all tokens wait: fire what depends on the whole; true if something moved."""
        for kind in ("inclusive", "conditional"):
            for task in list(self.tasks.values()):
                if task.id in self.tasks and task.task_spec.settles == kind and task.task_spec.settle(task):
                    return True
        self.variables_changed = False
        return bool(self.queue)

    # -- variables ---------------------------------------------------------------------------------------------------

    def context(self, task: Task) -> dict[str, Any]:
        """What an expression of this element may read."""
        context = self.surroundings.base_context()
        context.update(instance_id=self.instance_id, business_key=self.business_key, initiator=self.initiator)
        context.update(variables.visible(task))
        return context

    def assign(
        self, scope: Task, values: dict[str, Any], source: Task | None = None, reason: str | None = None, *, local: bool = False
    ) -> None:
        """Write variables from a scope outward (or into it alone) and record each change, and the element it came from."""
        for name, before, after, holder in variables.assign(scope, values, local=local):
            self.variables_changed = True
            extra = {"reason": reason} if reason else {}
            held_by = None if holder.parent is None else holder.id
            element_id = source.task_spec.element.id if source is not None else None
            source_id = source.id if source is not None else None
            self.effects.record("VariableChanged", element_id, source_id, name=name, before=before, after=after, scope=held_by, **extra)

    def remove_variable(self, scope: Task, name: str, reason: str) -> None:
        """Take a variable out of a scope, and record it."""
        if name in scope.data:
            self.variables_changed = True
            held_by = None if scope.parent is None else scope.id
            before = scope.data.pop(name)
            self.effects.record(
                "VariableChanged", None, None, name=name, before=before, after=None, scope=held_by, removed=True, reason=reason
            )

    # -- ending ------------------------------------------------------------------------------------------------------

    def token_ended(self, scope: Task, end_element_id: str | None = None) -> None:
        """A token of a scope is gone; a scope without tokens is finished."""
        if scope.id not in self.tasks:
            return
        if end_element_id is not None:
            scope.internal_data["end"] = end_element_id
        if not any(is_token(child) for child in scope.children):
            self._scope_finished(scope)

    def _scope_finished(self, scope: Task) -> None:
        for watcher in list(scope.children):
            if not watches_host(watcher):
                self.cancel_task(watcher)
        if scope is self.task_tree:
            self.end(Ended("completed", scope.internal_data.get("end"), variables=dict(scope.data)))
        else:
            scope.task_spec.finish_scope(scope)

    def end(self, ended: Ended) -> None:
        """The instance is over: cancel what is left and remember how it ended."""
        self.effects.ended = ended
        self.queue.clear()
        for child in list(self.task_tree.children):
            self.cancel_task(child)
        self.tasks = {self.task_tree.id: self.task_tree}

    def live(self, where: Callable[[Task], bool]) -> Iterable[Task]:
        """Tasks alive that satisfy a condition."""
        return [task for task in self.tasks.values() if where(task)]


def is_token(task: Task) -> bool:
    """Whether a task keeps its scope alive (watchers of events do not)."""
    return "watch" not in task.internal_data


def watches_host(task: Task) -> bool:
    """Whether a task is a boundary event that watches its parent; it ends with its host, not with what is inside."""
    return not is_token(task) and bool(task.task_spec.element.attached_to)
