"""What is done to a user task: having it, completing it, ending it otherwise."""

from typing import Annotated, Any

from pydantic import Field

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound
from engine.runtime import assignment, delegation, operations, task_errors
from engine.runtime.state import variables_of
from engine.storage.tables import ProcessInstance, UserTask
from web.auth.person import Person
from web.current import database, engine, person
from web.definitions import form
from web.permissions import may_steer_cases, require_may_steer
from web.rest import files
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.types import Dto, Instant, Integer32, Name
from web.rest.undeclared import refuse_undeclared
from web.rest.values import TypedValue, VariableValue
from web.tasks import actions

_TAG = "task"
_REASON = "REST"


class UserIdDto(Dto):
    """A person."""

    user_id: Name | None = None


class VariablesDto(Dto):
    """Variables to go on with."""

    variables: dict[str, TypedValue] = {}
    with_variables_in_return: bool = False


class ErrorCodeDto(Dto):
    """A business error."""

    error_code: Annotated[str, Field(min_length=1)]
    error_message: str | None = None
    variables: dict[str, TypedValue] = {}


class EscalationDto(Dto):
    """An escalation."""

    escalation_code: Annotated[str, Field(min_length=1)]
    variables: dict[str, TypedValue] = {}


class TaskUpdateDto(Dto):
    """What a task shall be; what is left out becomes empty."""

    name: str | None = None
    description: str | None = None
    assignee: Name | None = None
    owner: Name | None = None
    due: Instant | None = None
    follow_up: Instant | None = None
    priority: Integer32 = 50
    delegation_state: str | None = None
    parent_task_id: str | None = None
    tenant_id: str | None = None
    case_instance_id: str | None = None


@operation("POST", "/task/{task_id}/claim", tag=_TAG, scope="tasks", refuses=(500,))
def claim(task_id: str, body: UserIdDto) -> None:
    """Claim a task; 500 when somebody else has it (Camunda's answer).

    Everybody claims for themselves; administrators also for others who may work on it.
    """
    me = person()
    try:
        if body.user_id in (None, me.id):
            actions.claim(me, task_id)
        else:
            _claim_for(me, task_id, body.user_id or "")
    except Conflict as error:
        if "assignee" not in error.details:
            raise
        raise _claimed(task_id) from None


@operation("POST", "/task/{task_id}/unclaim", tag=_TAG, scope="tasks")
def unclaim(task_id: str) -> None:
    """Give a task back to those who may claim it."""
    _give_back(person(), task_id)


@operation("POST", "/task/{task_id}/assignee", tag=_TAG, scope="tasks")
def assign(task_id: str, body: UserIdDto) -> None:
    """Hand the own task to somebody who may work on it, or to nobody; administrators hand over anybody's."""
    me = person()
    if not body.user_id:
        _give_back(me, task_id)
    elif body.user_id == me.id and not me.is_admin:
        actions.claim(me, task_id)
    else:
        actions.assign(me, task_id, body.user_id, _REASON)


@operation("POST", "/task/{task_id}/delegate", tag=_TAG, scope="tasks")
def delegate(task_id: str, body: UserIdDto) -> None:
    """Let somebody else do the own task and give it back."""
    if not body.user_id:
        raise InvalidInput("请给出 userId。", "userId is required.")
    actions.delegate(person(), task_id, body.user_id)


@operation("POST", "/task/{task_id}/resolve", tag=_TAG, scope="tasks")
def resolve(task_id: str, body: VariablesDto) -> None:
    """Give a delegated task back to its owner; only those who may steer cases set variables with it."""
    me = person()
    task = actions.own(me, task_id)
    if body.variables:
        require_may_steer(me)
        _set_variables(me, task.instance_id, body.variables)
    actions.resolve(me, task_id)


@operation("POST", "/task/{task_id}/complete", tag=_TAG, scope="tasks", refuses=(500,))
def complete(task_id: str, body: VariablesDto) -> dict[str, VariableValue] | None:
    """Complete a task; 500 when there is none (Camunda's answer).

    The form's variables are taken under its rules. Whoever may steer cases sets others, too. Mandatory clauses must be ticked.
    """
    try:
        task = _complete(person(), task_id, body.variables)
    except NotFound:
        raise Refused(
            500,
            "RestException",
            f"不能完成任务 {task_id}：没有这个任务。",
            f"Cannot complete task {task_id}: Cannot find task with id {task_id}: task is null",
        ) from None
    return _variables(task) if body.with_variables_in_return else None


@operation("POST", "/task/{task_id}/submit-form", tag=_TAG, scope="tasks")
def submit_form(task_id: str, body: VariablesDto) -> dict[str, VariableValue] | None:
    """Complete a task with the values of its form."""
    task = _complete(person(), task_id, body.variables)
    return _variables(task) if body.with_variables_in_return else None


@operation("POST", "/task/{task_id}/bpmnError", tag=_TAG, scope="tasks")
def bpmn_error(task_id: str, body: ErrorCodeDto) -> None:
    """Report a business error from a task; its error boundary event goes on."""
    me = person()
    task = actions.mine(me, task_id)
    values = _allowed(me, task, body.variables)
    task_errors.throw_error(engine(), task_id, body.error_code, body.error_message or "", values, me.id)


@operation("POST", "/task/{task_id}/bpmnEscalation", tag=_TAG, scope="tasks")
def bpmn_escalation(task_id: str, body: EscalationDto) -> None:
    """Report an escalation from a task."""
    me = person()
    task = actions.mine(me, task_id)
    task_errors.throw_escalation(engine(), task_id, body.escalation_code, _allowed(me, task, body.variables), me.id)


@operation("PUT", "/task/{task_id}", tag=_TAG, scope="operate")
def update(task_id: str, body: TaskUpdateDto) -> None:
    """Set who has a task, when it is due and how urgent it is; what is left out becomes empty. The name is the diagram's."""
    me = person()
    task = actions.visible(me, task_id)
    require_may_steer(me)
    if body.name not in (None, task.name) or body.parent_task_id:
        raise InvalidInput("任务的名称由流程图决定。", "The name of a task is the diagram's; sub tasks are not supported.")
    if body.assignee != task.assignee:
        assignment.assign(engine(), task_id, body.assignee, me.id, _REASON)
    if body.owner != task.owner:
        delegation.set_owner(engine(), task_id, body.owner, me.id)
    if body.due != task.due_at:
        assignment.set_due(engine(), task_id, body.due, me.id)
    if body.follow_up != task.follow_up_at:
        assignment.set_follow_up(engine(), task_id, body.follow_up, me.id)
    if body.priority != task.priority:
        assignment.set_priority(engine(), task_id, body.priority, me.id)


def _claim_for(me: Person, task_id: str, user: str) -> None:
    if not me.is_admin:
        raise Forbidden("只能为自己认领任务。", "A task can be claimed for oneself only.", permissionName="TASK_WORK", resourceId=task_id)
    if actions.visible(me, task_id).assignee is not None:
        raise _claimed(task_id)
    actions.assign(me, task_id, user, _REASON)


def _claimed(task_id: str) -> Refused:
    return Refused(
        500, "TaskAlreadyClaimedException", f"Task '{task_id}' 已被同事认领。", f"Task '{task_id}' is already claimed by someone else."
    )


def _give_back(me: Person, task_id: str) -> None:
    task = actions.visible(me, task_id)
    if me.is_admin and task.assignee != me.id:
        assignment.assign(engine(), task_id, None, me.id, _REASON)
    else:
        actions.unclaim(me, task_id)


def _complete(me: Person, task_id: str, sent: dict[str, TypedValue]) -> UserTask:
    task = actions.mine(me, task_id)
    given = files.keep_variables(sent, me.id)
    files.belong_to(task.instance_id, given)
    declared = _declared(task)
    others = {name: value for name, value in given.items() if name not in declared}
    if not may_steer_cases(me):
        refuse_undeclared(given, declared)
    return actions.complete(me, task_id, {name: given[name] for name in given if name in declared}, variables=others, free_too=True)


def _allowed(me: Person, task: UserTask, sent: dict[str, TypedValue]) -> dict[str, Any]:
    """Variables that go with an error or an escalation: those of the form, or any from those who may steer cases."""
    given = files.keep_variables(sent, me.id)
    if not may_steer_cases(me):
        refuse_undeclared(given, _declared(task))
    files.belong_to(task.instance_id, given)
    return given


def _declared(task: UserTask) -> set[str]:
    """Names of the variables that the task's form gives."""
    if task.form_definition_id is None:
        return set()
    with database().session() as session:
        return {key.partition(".")[0] for key in form(session, task.form_definition_id).fields}


def _set_variables(me: Person, instance_id: str, sent: dict[str, TypedValue]) -> None:
    values = files.keep_variables(sent, me.id)
    files.belong_to(instance_id, values)
    operations.apply(engine(), operations.SetVariables(instance_id, values), actor=me.id, reason=_REASON)


def _variables(task: UserTask) -> dict[str, VariableValue]:
    with database().session() as session:
        found = session.get_one(ProcessInstance, task.instance_id)
        return files.show(session, found.root_id, variables_of(found.runtime_state))
