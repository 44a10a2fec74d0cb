"""What is done to a user task: claim, give back, assign, complete."""

from engine.errors import Conflict
from web.current import person
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.types import Dto
from web.tasks import actions


class UserIdDto(Dto):
    """A person."""

    user_id: str | None = None


@operation("POST", "/task/{task_id}/claim", tag="task", scope="tasks", refuses=(500,))
def claim(task_id: str, body: UserIdDto) -> None:
    """Claim a task for oneself; 500 when somebody else has it (Camunda's answer)."""
    me = person()
    if body.user_id not in (None, me.id):
        raise Refused(403, "AuthorizationException", "只能为自己认领任务。", "A task can be claimed for oneself only.")
    try:
        actions.claim(me, task_id)
    except Conflict as error:
        if "assignee" not in error.details:
            raise
        raise Refused(
            500, "TaskAlreadyClaimedException", f"Task '{task_id}' 已被同事认领。", f"Task '{task_id}' is already claimed by someone else."
        ) from None
