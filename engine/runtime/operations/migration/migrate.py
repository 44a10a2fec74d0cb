"""Migrating one instance: its tokens go on in the new version, with the tasks, timers, jobs and subscriptions they have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, case, select, update

from engine.errors import Conflict
from engine.runtime.execution import moving
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.execution.execution import Execution
from engine.runtime.execution.rehousing import rehouse
from engine.runtime.instances import refuse_reserved
from engine.runtime.operations.migration.mapping import MigrationPlan
from engine.runtime.operations.migration.validation import MigrationRefused, problems_of_case, problems_of_plan
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import ElementInstance, EventSubscription, Incident, Job, Timer, UserTask

#: Tables whose living rows name the element they belong to, and the states in which a row lives.
_LIVING = (
    (ElementInstance.__table__, ("active",)),
    (UserTask.__table__, ("open",)),
    (Timer.__table__, ("waiting", "given to a job")),
    (Job.__table__, ("ready", "leased", "failed")),
    (Incident.__table__, ("open",)),
    (EventSubscription.__table__, ()),
)


@dataclass(frozen=True)
class Migrate:
    """Moves one instance to another version of its process; what it called stays in its own version.

    Claims, drafts, attachments, deadlines, due timers, jobs and subscriptions are kept; the plan says for which triggers a new time or message is
    computed. Events the new version watches in addition begin to be watched, those it has no more stop. Also suspended instances are
    migrated, if nothing has to move for it.
    """

    instance_id: str
    migration: MigrationPlan
    batch_id: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)  #: written to the instance in its new version

    def carry_out(self, step: Step, reason: str) -> None:
        """Migrate and run on.

        Raises:
            Conflict: the instance has ended or runs another version.
            MigrationRefused: all problems at once.
            InvalidInput: a reserved name among the variables.
        """
        refuse_reserved(dict(self.variables))
        instance, plan = step.open(self.instance_id), self.migration
        row, old = instance.row, instance.execution
        self._require_source(row)
        target: ProcessSpec = step.surroundings.catalog.process(plan.target_definition_id).spec
        problems = list(problems_of_plan(old.spec.process, target.process, plan)) or list(problems_of_case(old, target.process, plan))
        if problems:
            raise MigrationRefused(problems)
        alive = {task.task_spec.element.id for task in old.tasks.values()} & plan.targets.keys()
        told = old.effects.record(
            "CaseMigrated",
            reason=reason,
            source=plan.source_definition_id,
            target=plan.target_definition_id,
            mapping=plan.targets,
            renewed=sorted(item.source for item in plan.instructions if item.update_trigger),
            before=moving.positions(old),
            batch_id=self.batch_id,
        ).data
        instance.execution = rehouse(old, target, plan.targets, frozenset(item.source for item in plan.instructions if item.update_trigger))
        row["process_definition_id"] = plan.target_definition_id
        self._stay_suspended(instance)
        instance.execution.assign(instance.execution.task_tree, dict(self.variables), reason=reason)
        step.run()
        told["after"] = moving.positions(instance.execution)
        _rename_rows(step, self.instance_id, {source: plan.targets[source] for source in alive if plan.targets[source] != source})
        _change_tasks(step, instance, plan)

    def _require_source(self, row: dict[str, Any]) -> None:
        if row["ended_at"] is not None:
            raise Conflict("这个案例已经结束。", "This case has ended.", id=self.instance_id)
        if row["process_definition_id"] != self.migration.source_definition_id:
            raise Conflict(
                f"这个案例现在用的是版本 {row['process_definition_id']}，不是 {self.migration.source_definition_id}。",
                f"This case runs {row['process_definition_id']}, not {self.migration.source_definition_id}.",
                id=self.instance_id,
            )

    def _stay_suspended(self, instance: OpenInstance) -> None:
        if instance.row["state"] != "suspended":
            return
        if instance.execution.queue:
            raise Conflict(
                "这个案例已挂起，而迁移会让它往前走；请先恢复。",
                "This case is suspended, and migrating would move it on; resume it first.",
                id=self.instance_id,
            )
        for timer in instance.execution.effects.timers.values():
            timer["suspended"] = True


def _rename_rows(step: Step, instance_id: str, renamed: dict[str, str]) -> None:
    """Let the living rows of an instance name the elements of the new version."""
    if not renamed:
        return
    for table, states in _LIVING:
        statement = update(table).where(table.c.instance_id == instance_id, table.c.element_id.in_(renamed))
        if states:
            statement = statement.where(table.c.state.in_(states))
        step.session.execute(statement.values(element_id=case(renamed, value=table.c.element_id)))


def _change_tasks(step: Step, instance: OpenInstance, plan: MigrationPlan) -> None:
    """Give the open user tasks the names, and unless the plan keeps them the forms, of the new version."""
    tasks = UserTask.__table__
    execution: Execution = instance.execution
    found = step.session.execute(
        select(tasks.c.id, tasks.c.form_definition_id).where(tasks.c.instance_id == instance.row["id"], tasks.c.state == "open")
    ).all()
    values = []
    for row in found:
        token = execution.tasks.get(row.id)
        if token is not None:
            form = token.task_spec.form(execution)
            keeps = plan.forms == "keep"
            values.append(
                {
                    "task_id": row.id,
                    "new_name": token.task_spec.title(execution, execution.context(token)),
                    "new_form": row.form_definition_id if keeps else form.id if form else None,
                }
            )
    if values:
        step.session.connection().execute(
            update(tasks)
            .where(tasks.c.id == bindparam("task_id"))
            .values(
                name=bindparam("new_name"),
                form_definition_id=bindparam("new_form"),
                process_definition_id=plan.target_definition_id,
                revision=tasks.c.revision + 1,
            ),
            values,
        )
