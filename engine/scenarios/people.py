"""People at their tasks: they start what they may start, claim what is open to them, and fill in forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.errors import Conflict, Forbidden, NotFound
from engine.feel import Environment
from engine.forms import submit
from engine.runtime import assignment, instances, user_tasks
from engine.runtime.engine import Engine
from engine.scenarios.entering import entered
from engine.storage.tables import FormDefinition, Membership, ProcessDefinition, User, UserTask, UserTaskCandidate


def start(engine: Engine, key: str, values: dict[str, Any], business_key: str | None, person: str | None) -> str:
    """Start a process, through its start form where it has one; returns the instance's id.

    Raises:
        NotFound: no such process or person.
        Forbidden: the person is in none of its starter groups.
        FormRejected: the form does not take the values.
    """
    with engine.database.session() as session:
        definition = session.scalars(
            select(ProcessDefinition).where(ProcessDefinition.key == key, ProcessDefinition.state == "live")
        ).one_or_none()
        groups = _groups(session, person) if person is not None else set()
        form = _newest_form(session, definition.start_form) if definition is not None and definition.start_form else None
    if definition is None:
        raise NotFound(f"没有流程“{key}”。", f"There is no process “{key}”.")
    if person is not None and definition.starter_groups and not groups & set(definition.starter_groups):
        raise Forbidden(f"{person} 不能发起“{definition.name}”。", f"{person} may not start “{definition.name}”.")
    if form is not None:
        settings = engine.settings
        environment = Environment(now=engine.clock.now(), time_zone=settings.time_zone, calendar=engine.calendars.get())
        values = submit(form.form_schema, values, {}, environment)
    return instances.start(engine, key, values, business_key, person)


def complete(engine: Engine, task: UserTask, values: dict[str, Any], person: str) -> None:
    """Claim a task where it is still free, and complete it.

    Raises:
        NotFound: no such person.
        Forbidden, Conflict: the person is no candidate, or a colleague has the task.
        FormRejected: the form does not take the values.
    """
    with engine.database.session() as session:
        groups = _groups(session, person)
        candidates = session.execute(
            select(UserTaskCandidate.kind, UserTaskCandidate.name).where(UserTaskCandidate.task_id == task.id)
        ).all()
        form = session.get(FormDefinition, task.form_definition_id) if task.form_definition_id else None
    if task.assignee not in (None, person):
        raise Conflict(f"“{task.name}”在 {task.assignee} 手上。", f"“{task.name}” is with {task.assignee}.")
    if task.assignee is None:
        if not any((kind == "user" and name == person) or (kind == "group" and name in groups) for kind, name in candidates):
            able = "、".join(name for _, name in candidates)
            raise Forbidden(
                f"{person} 不能办“{task.name}”，候选是 {able or '（无人）'}。",
                f"{person} may not do “{task.name}”; candidates: {able or 'nobody'}.",
            )
        assignment.claim(engine, task.id, person)
    sent = values if form is None else entered(engine, task.id, form.form_schema, values, person)
    user_tasks.complete(engine, task.id, sent, person)


def open_tasks(engine: Engine, since: datetime | None = None) -> list[UserTask]:
    """Open tasks, the oldest first."""
    query = select(UserTask).where(UserTask.state == "open").order_by(UserTask.created_at, UserTask.id)
    with engine.database.session() as session:
        return list(session.scalars(query if since is None else query.where(UserTask.created_at >= since)))


def _groups(session: Any, person: str) -> set[str]:
    if session.get(User, person) is None:
        raise NotFound(f"没有人员“{person}”。", f"There is no person “{person}”.")
    return set(session.scalars(select(Membership.group_id).where(Membership.user_id == person)))


def _newest_form(session: Any, key: str) -> Any:
    query = select(FormDefinition).where(FormDefinition.key == key).order_by(FormDefinition.version.desc()).limit(1)
    return session.scalars(query).one_or_none()
