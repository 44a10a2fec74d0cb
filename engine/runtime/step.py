"""A step: lock the case, load it, run it until it waits, write what happened; the caller commits once (design: one step, one transaction)."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.task import Task
from sqlalchemy import ColumnElement, Select, Table, bindparam, select, update
from sqlalchemy.orm import Session

from engine.errors import Conflict, IntegrityViolated, NotFound, StepBudgetExceeded
from engine.ids import new_id
from engine.runtime import state, writing
from engine.runtime.catalog import CompiledProcess, newest_edition
from engine.runtime.execution import throwing
from engine.runtime.execution.deadlocks import report_deadlocks
from engine.runtime.execution.effects import Call, Ended
from engine.runtime.execution.execution import Execution
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import ProcessInstance, Timer, UserTask

_TASKS, _TIMERS, _INSTANCES = UserTask.__table__, Timer.__table__, ProcessInstance.__table__


def _with_case(table: Table, *conditions: ColumnElement[bool], skip_locked: bool = False) -> Select[Any]:
    """A row by its `row_id`, its case's row locked, and the newest edition."""
    found = select(table, _INSTANCES, newest_edition()).join(_INSTANCES, _INSTANCES.c.id == table.c.root_id)
    return found.where(table.c.id == bindparam("row_id"), *conditions).with_for_update(of=_INSTANCES, skip_locked=skip_locked)


#: Built once, since every click asks the first, and every timer the second.
_TASK_AND_CASE = _with_case(_TASKS)
_TIMER_AND_CASE = _with_case(_TIMERS, _TIMERS.c.state == "waiting", skip_locked=True)


class CaseSuspended(Conflict):
    """The case is suspended: nothing moves until it is resumed."""

    code = "OPS-403"


@dataclass
class OpenInstance:
    """An instance a step works on."""

    row: dict[str, Any]  #: columns of process_instance, without the runtime state
    execution: Execution
    is_new: bool = False


class Step:
    """One command on one case: a root instance and the instances it called."""

    def __init__(self, session: Session, surroundings: Surroundings) -> None:
        """Args: session: in a transaction that the caller commits."""
        self.session = session
        self.surroundings = surroundings
        self.instances: dict[str, OpenInstance] = {}
        self.makes_work = False
        self._finished = False
        self._locked: set[str | None] = set()

    # -- opening -----------------------------------------------------------------------------------------------------

    def open(self, instance_id: str, root_id: str | None = None) -> OpenInstance:
        """Lock the case of an instance and load the instance.

        Raises:
            NotFound: no such instance.
        """
        if instance_id in self.instances:
            return self.instances[instance_id]
        if root_id is None:
            root_id = self.session.scalars(select(ProcessInstance.root_id).where(ProcessInstance.id == instance_id)).one_or_none()
        table = _INSTANCES
        found: Any = None
        if root_id not in self._locked:  # the root's row is the lock of the whole case
            found = self.session.execute(select(table).where(table.c.id == root_id).with_for_update()).one_or_none()
            self._locked.add(root_id)
        if found is None or found.id != instance_id:
            found = self.session.execute(select(table).where(table.c.id == instance_id)).one_or_none()
        if found is None:
            raise NotFound(f"没有流程实例 {instance_id}。", f"There is no process instance {instance_id}.", id=instance_id)
        return self._load(found._asdict())

    def open_by_task(self, task_id: str) -> tuple[Any, OpenInstance] | None:
        """Lock the case of a user task and load its instance, all by one statement; (the task's row, the instance), None without such a task.

        The task's row may be as old as the wait for the lock was long: change it only if its revision still holds.
        """
        return self._open_with(_TASK_AND_CASE, _TASKS, task_id)

    def open_by_timer(self, timer_id: str) -> tuple[Any, OpenInstance] | None:
        """Lock the case of a waiting timer and load its instance, all by one statement; (the timer's row, the instance).

        None without such a timer, or while somebody else is at work on its case. What the row says may have changed since: compare when writing.
        """
        return self._open_with(_TIMER_AND_CASE, _TIMERS, timer_id)

    def _open_with(self, statement: Select[Any], table: Table, row_id: str) -> tuple[Any, OpenInstance] | None:
        found = self.session.execute(statement, {"row_id": row_id}).one_or_none()
        if found is None:
            return None
        *columns, edition = found
        asked = SimpleNamespace(**dict(zip(table.c.keys(), columns, strict=False)))
        row = columns[len(table.c) :]
        self.surroundings.catalog.edition = edition
        self._locked.add(asked.root_id)
        if asked.instance_id != asked.root_id:
            return asked, self.open(asked.instance_id, asked.root_id)
        return asked, self._load(dict(zip(_INSTANCES.c.keys(), row, strict=True)))

    def _load(self, row: dict[str, Any]) -> OpenInstance:
        content = row.pop("runtime_state")
        compiled = self.surroundings.catalog.process(row["process_definition_id"])
        execution = state.load(content, compiled.spec, row["id"], row["business_key"], self.surroundings)
        self.instances[row["id"]] = OpenInstance(row, execution)
        return self.instances[row["id"]]

    def open_active(self, instance_id: str, root_id: str | None = None) -> OpenInstance:
        """Like `open`, for commands that need a running instance.

        Raises:
            Conflict: it is suspended or has ended.
        """
        instance = self.open(instance_id, root_id)
        self.require_active(instance)
        return instance

    def require_active(self, instance: OpenInstance) -> None:
        """Raises: Conflict: the instance is suspended or has ended."""
        if instance.row["state"] == "suspended":
            raise CaseSuspended("这个案例已挂起，请先恢复。", "This case is suspended; resume it first.", id=instance.row["id"])
        if instance.row["state"] != "active":
            raise Conflict("这个案例已经结束。", "This case has ended.", id=instance.row["id"])

    def start(
        self,
        compiled: CompiledProcess,
        variables: dict[str, Any],
        business_key: str | None,
        start_element_id: str | None,
        parent: tuple[OpenInstance, str] | None = None,
        instance_id: str | None = None,
    ) -> OpenInstance:
        """A new instance, its first token waiting to run."""
        instance = self.create(compiled, variables, business_key, parent, instance_id)
        instance.execution.start(start_element_id, variables)
        return instance

    def create(
        self,
        compiled: CompiledProcess,
        variables: dict[str, Any],
        business_key: str | None,
        parent: tuple[OpenInstance, str] | None = None,
        instance_id: str | None = None,
        **told: Any,
    ) -> OpenInstance:
        """A new instance without a token; the caller starts its execution. `told` goes into the first event."""
        instance_id = instance_id or new_id()
        surroundings = self.surroundings
        execution = Execution(compiled.spec, instance_id, business_key, surroundings)
        execution.initiator = parent[0].execution.initiator if parent else surroundings.actor
        row = {
            "id": instance_id,
            "root_id": parent[0].row["root_id"] if parent else instance_id,
            "parent_id": parent[0].row["id"] if parent else None,
            "parent_element_instance_id": parent[1] if parent else None,
            "process_definition_id": compiled.definition.id,
            "process_key": compiled.definition.key,
            "business_key": business_key,
            "state": "active",
            "end_element_id": None,
            "started_at": surroundings.now,
            "started_by": surroundings.actor,
            "ended_at": None,
            "revision": 0,
            "event_count": 0,
        }
        instance = OpenInstance(row, execution, is_new=True)
        self.instances[instance_id] = instance
        execution.effects.record(
            "InstanceStarted",
            definition=compiled.definition.id,
            business_key=business_key,
            parent=row["parent_id"],
            variables=variables,
            **told,
        )
        return instance

    # -- running and writing -----------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Run every open instance until the whole case waits, then write; once finished, a step stays finished.

        Raises:
            StepBudgetExceeded: the step runs away.
            IntegrityViolated: an instance would be left without anything that could move it.
        """
        if self._finished:
            return
        self._finished = True
        self.run()
        for instance in self.instances.values():
            self._check(instance)
            if instance.row["state"] == "active":
                report_deadlocks(instance.execution)
            self._name_case(instance)
        self.makes_work |= writing.write(self.session, self.surroundings, list(self.instances.values()))

    def forget(self) -> None:
        """Drop what was done to the instances in memory, so that nothing of it is written; their case stays locked."""
        self.instances.clear()

    def run(self) -> None:
        """Run every open instance until all of them wait.

        Raises:
            StepBudgetExceeded: the step runs away.
        """
        settled = False
        while not settled:
            settled = True
            for instance in list(self.instances.values()):
                if instance.row["state"] != "active":
                    continue
                instance.execution.run()
                if self._follow_up(instance):
                    settled = False

    def _follow_up(self, instance: OpenInstance) -> bool:
        """Start and cancel called instances, and tell the caller when an instance ends; true if something moved."""
        effects = instance.execution.effects
        calls, effects.calls = effects.calls, []
        for call in calls:
            if call.task_id in instance.execution.tasks:
                try:
                    self._call(instance, call)
                except NotFound as error:
                    instance.execution.park(instance.execution.tasks[call.task_id], error)
        cancelled, effects.called_cancelled = effects.called_cancelled, []
        for task_id in cancelled:
            self._cancel_called(task_id, instance.row["root_id"])
        escalations, effects.escalations = effects.escalations, []
        for code in escalations:
            self._escalate(instance, code)
        if effects.ended is not None and instance.row["ended_at"] is None:
            self._end(instance, effects.ended)
        return bool(calls or cancelled or escalations or effects.ended)

    def _escalate(self, instance: OpenInstance, code: str) -> None:
        if instance.row["parent_id"] is None:
            return
        caller = self.open(instance.row["parent_id"], instance.row["root_id"])
        task = caller.execution.tasks.get(instance.row["parent_element_instance_id"])
        if task is not None:  # an interrupting handler may have ended the call already
            throwing.throw_escalation(task, code)

    def _call(self, caller: OpenInstance, call: Call) -> None:
        depth, current = 0, caller
        while current.row["parent_id"] is not None:
            depth, current = depth + 1, self.open(current.row["parent_id"], caller.row["root_id"])
        if depth >= self.surroundings.budget.call_depth:
            element = caller.execution.spec_of(call.element_id).element
            raise StepBudgetExceeded(
                f"“{element.label}”的调用嵌套超过 {self.surroundings.budget.call_depth} 层，请检查流程是否调用了自己。",
                f"“{element.label}” calls more than {self.surroundings.budget.call_depth} levels deep; does the process call itself?",
                element_id=call.element_id,
            )
        deployment_id = caller.execution.spec.deployment_id if call.deployment_bound else None
        compiled = self.surroundings.catalog.process_by_key(call.process_key, call.version, deployment_id)
        called_id = self._id_of_called(caller, call.task_id)
        called = self.start(compiled, call.variables, call.business_key, None, (caller, call.task_id), called_id)
        caller.execution.effects.record(
            "CalledInstanceStarted", call.element_id, call.task_id, instance_id=called.row["id"], process=compiled.definition.id
        )

    def _id_of_called(self, _caller: OpenInstance, _call_id: str) -> str:
        """The id of the instance that a call activity's run starts next."""
        return new_id()

    def _cancel_called(self, element_instance_id: str, root_id: str) -> None:
        opened = [item.row["id"] for item in self.instances.values() if item.row["parent_element_instance_id"] == element_instance_id]
        is_called = (ProcessInstance.parent_element_instance_id == element_instance_id, ProcessInstance.ended_at.is_(None))
        for instance_id in opened or self.session.scalars(select(ProcessInstance.id).where(*is_called)).all():
            called = self.open(instance_id, root_id)
            if called.row["state"] in ("active", "suspended"):
                called.execution.end(Ended("cancelled"))
                self._follow_up(called)

    def _end(self, instance: OpenInstance, ended: Ended) -> None:
        row, effects = instance.row, instance.execution.effects
        if self._is_interrupted(instance):
            ended = Ended("cancelled")
        row.update(state=ended.state, end_element_id=ended.end_element_id, ended_at=self.surroundings.now)
        kind = {"completed": "InstanceCompleted", "cancelled": "InstanceCancelled", "failed": "InstanceFailed"}[ended.state]
        effects.record(kind, ended.end_element_id, error_code=ended.error_code, message=ended.error_message)
        if row["parent_id"] is None or ended.state == "cancelled":
            return
        caller = self.open(row["parent_id"], row["root_id"])
        task = caller.execution.tasks.get(row["parent_element_instance_id"])
        if task is None:
            raise IntegrityViolated("被调用流程结束时，调用它的活动已不在。", "The calling activity is gone.", instance_id=row["id"])
        if ended.state == "completed":
            task.task_spec.returned(task, ended.variables, ended.end_element_id)
        elif not throwing.throw_error(task, ended.error_code or "", ended.error_message, ended.variables):
            throwing.fail_instance(task, ended.error_code or "", ended.error_message, ended.variables)

    def _is_interrupted(self, instance: OpenInstance) -> bool:
        """Whether this step has cancelled the calling activity: an instance that ended meanwhile came too late."""
        if instance.row["parent_id"] is None:
            return False
        caller = self.open(instance.row["parent_id"], instance.row["root_id"])
        return instance.row["parent_element_instance_id"] in caller.execution.effects.called_cancelled

    def throw_error(self, instance: OpenInstance, task: Task, code: str, message: str, variables: dict[str, Any]) -> bool:
        """Hand an error to the innermost handler, if need be of a calling process, whose call then has failed; False if nobody catches it."""
        if throwing.throw_error(task, code, message, variables):
            return True
        current = instance
        while current.row["parent_id"] is not None:
            caller = self.open(current.row["parent_id"], current.row["root_id"])
            if throwing.catches_error(caller.execution.tasks[current.row["parent_element_instance_id"]], code):
                throwing.fail_instance(task, code, message, variables)
                return True
            current = caller
        return False

    def _name_case(self, instance: OpenInstance) -> None:
        """Give an instance that started without a business key the one its process derives from the variables (`opsbook:businessKey`)."""
        expression = instance.execution.spec.process.properties.get("opsbook:businessKey")
        if expression is None or instance.row["business_key"] is not None:
            return
        key = self.surroundings.evaluate_json(expression, instance.execution.context(instance.execution.task_tree))
        if isinstance(key, str) and key:
            instance.row["business_key"] = instance.execution.business_key = key
            instance.execution.effects.record("BusinessKeySet", business_key=key)
            self.session.execute(update(_TASKS).where(_TASKS.c.instance_id == instance.row["id"]).values(business_key=key))

    def _check(self, instance: OpenInstance) -> None:
        """An active instance has something alive; an ended one has nothing (the invariant SpiffWorkflow itself lacks)."""
        if instance.row["state"] == "active" and len(instance.execution.tasks) < 2:
            raise IntegrityViolated(
                "实例仍在运行却没有任何令牌。", "The instance is active without a token.", instance_id=instance.row["id"]
            )
