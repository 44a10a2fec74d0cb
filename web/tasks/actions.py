"""What a person does to a task, with every check of who may: pages and the REST interface call these, never the engine itself."""

from datetime import datetime
from typing import Any

from engine.errors import InvalidInput, NotFound
from engine.runtime import assignment, delegation, remarks, user_tasks
from engine.storage.tables import UserTask
from web.auth.person import Person, load_person
from web.current import database, engine
from web.definitions import definition
from web.directory import colleagues
from web.permissions import require_may_add, require_may_plan, require_may_work, require_own, require_task
from web.tasks import guidance

MAX_REASON = 4000
MOST_URGENT = 100


def claim(me: Person, task_id: str) -> None:
    """Take a free task on.

    Raises:
        NotFound, Forbidden, Conflict: not to be seen, not a candidate, or a colleague has it.
    """
    with database().session() as session:
        task = require_task(session, me, task_id)
        require_may_work(session, me, task)
    assignment.claim(engine(), task.id, me.id)


def unclaim(me: Person, task_id: str) -> None:
    """Give the own task back to its groups.

    Raises:
        NotFound, Conflict: not to be seen, or a colleague has it.
    """
    assignment.unclaim(engine(), visible(me, task_id).id, me.id)


def assign(me: Person, task_id: str, user: str, reason: str) -> None:
    """Hand the own task to a colleague who may work on it; administrators hand over anybody's.

    Raises:
        NotFound, Conflict: not to be seen, or not the person's own.
        InvalidInput: without a reason, or to somebody who may not work on it.
    """
    task = visible(me, task_id)
    if not me.is_admin:
        require_own(me, task)
    if not reason:
        raise InvalidInput("请写明转交的原因。", "Please give the reason for handing it over.")
    with database().session() as session:
        if user not in dict(colleagues(session, task.id)):
            raise InvalidInput("只能转交给有权办理这个任务的同事。", "It can only go to a colleague who may work on it.")
    assignment.assign(engine(), task.id, user, me.id, reason[:MAX_REASON])


def delegate(me: Person, task_id: str, user: str) -> None:
    """Let a colleague do the own task and give it back; administrators delegate anybody's.

    Raises:
        NotFound, Conflict: not to be seen, or not the person's own.
        InvalidInput: to somebody who does not exist.
    """
    task = visible(me, task_id)
    if not me.is_admin:
        require_own(me, task)
    with database().session() as session:
        if load_person(session, user) is None:
            raise InvalidInput(f"没有用户“{user}”。", f"There is no user {user!r}.")
    delegation.delegate(engine(), task.id, user, me.id)


def resolve(me: Person, task_id: str) -> None:
    """Give the own delegated task back to its owner.

    Raises:
        NotFound, Conflict: not to be seen, not the person's own, or not delegated.
    """
    delegation.resolve(engine(), own(me, task_id).id, me.id)


def complete(
    me: Person,
    task_id: str,
    submitted: dict[str, Any],
    *,
    variables: dict[str, Any] | None = None,
    free_too: bool = False,
    request_key: str | None = None,
) -> UserTask:
    """Complete the own task with the values of its form, once every mandatory clause is ticked.

    Args:
        me: who completes it.
        task_id: of the task.
        submitted: values of its form; whatever the form does not declare is not taken.
        variables: further variables, from callers that may set any (the caller has checked that).
        free_too: whether a task that nobody has, and that the person may claim, counts as their own.
        request_key: a request that came before is answered again, and nothing is done twice.

    Raises:
        NotFound, Conflict: not to be seen, or not the person's own.
        InvalidInput, FormRejected: a clause is not ticked, or a value breaks the form's rules.
    """
    task = visible(me, task_id)
    if user_tasks.is_repetition(task, me.id, request_key):
        return task
    if free_too:
        task = mine(me, task_id)
    else:
        require_own(me, task)
    with database().session() as session:
        guidance.require_ticks(session, task, definition(session, task.process_definition_id).element(task.element_id))
    user_tasks.complete(engine(), task.id, submitted, me.id, variables=variables, request_key=request_key)
    return task


def plan(me: Person, task_id: str, due_at: datetime | None, priority: int) -> UserTask:
    """Set when a task is due and how urgent it is, whoever has it.

    Raises:
        NotFound, Forbidden, Conflict: its case is not to be seen, the person does not plan, or it is over.
        InvalidInput: the priority is not between 0 and 100.
    """
    with database().session() as session:
        task = require_may_plan(session, me, task_id)
    if not 0 <= priority <= MOST_URGENT:
        raise InvalidInput(f"优先级应在 0 和 {MOST_URGENT} 之间。", f"The priority is between 0 and {MOST_URGENT}.")
    if due_at != (task.due_at.replace(second=0, microsecond=0) if task.due_at else None):  # what the page shows of it
        explanation = {"zh": f"由 {me.name} 设定", "en": f"set by {me.name}", "provisional": False}
        assignment.set_due(engine(), task.id, due_at, me.id, explanation if due_at else None)
    if priority != task.priority:
        assignment.set_priority(engine(), task.id, priority, me.id)
    return task


def comment(me: Person, task_id: str, text: str) -> str:
    """Add a remark to the case; returns its id.

    Raises:
        NotFound, Forbidden, InvalidInput: not to be seen, only to be read, or empty.
    """
    with database().session() as session:
        require_may_add(session, me, require_task(session, me, task_id))
    return remarks.comment(engine(), task_id, text, me.id)


def attach(me: Person, task_id: str, name: str, content: bytes, kind: str) -> str:
    """Add a file to the case; returns the attachment's id.

    Raises:
        NotFound, Forbidden, InvalidInput: not to be seen, only to be read, or a file that is not kept.
    """
    with database().session() as session:
        require_may_add(session, me, require_task(session, me, task_id))
    return remarks.attach(engine(), task_id, name, content, kind, me.id)


def visible(me: Person, task_id: str) -> UserTask:
    """The task, if the person may see it."""
    with database().session() as session:
        return require_task(session, me, task_id)


def mine(me: Person, task_id: str) -> UserTask:
    """The task, if the person has it, or may claim it and nobody has it."""
    with database().session() as session:
        task = require_task(session, me, task_id)
        if task.state != "open":
            raise NotFound("这个任务已经结束。", "This task is over.", state=task.state)
        require_may_work(session, me, task)
    return task


def own(me: Person, task_id: str) -> UserTask:
    """The task, if the person has it."""
    task = visible(me, task_id)
    require_own(me, task)
    return task
