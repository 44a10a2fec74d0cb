"""Who may see which task and which case. Every query of the web goes through these two conditions; what they hide answers 404."""

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.errors import Conflict, Forbidden, NotFound
from engine.storage.tables import ProcessInstance, UserTask, UserTaskCandidate
from web.auth.person import Person


def is_candidate(person: Person, task: type[UserTask] = UserTask) -> ColumnElement[bool]:
    """Whether the person, or a group of theirs, may claim the task."""
    return exists(
        select(UserTaskCandidate.task_id).where(
            UserTaskCandidate.task_id == task.id,
            or_(
                and_(UserTaskCandidate.kind == "group", UserTaskCandidate.name.in_(sorted(person.groups))),
                and_(UserTaskCandidate.kind == "user", UserTaskCandidate.name == person.id),
            ),
        )
    )


def visible_tasks(person: Person) -> ColumnElement[bool]:
    """Condition on UserTask: the person's own, done by them, or open to a group of theirs. Whoever sees a task sees its case."""
    if person.sees_everything:
        return true()
    return or_(UserTask.assignee == person.id, UserTask.completed_by == person.id, and_(UserTask.state == "open", is_candidate(person)))


def visible_cases(person: Person) -> ColumnElement[bool]:
    """Condition on ProcessInstance (any instance of a case): the person started the case, has or had a task in it, or could claim an open one."""
    if person.sees_everything:
        return true()
    task = aliased(UserTask)
    root = aliased(ProcessInstance)
    has_task = exists(
        select(task.id).where(
            task.root_id == ProcessInstance.root_id,
            or_(task.assignee == person.id, task.completed_by == person.id, and_(task.state == "open", is_candidate(person, task))),
        )
    )
    started = exists(select(root.id).where(root.id == ProcessInstance.root_id, root.started_by == person.id))
    return or_(has_task, started)


def require_task(session: Session, person: Person, task_id: str) -> UserTask:
    """The task, if the person may see it.

    Raises:
        NotFound: it does not exist, or is not for this person.
    """
    task = session.scalar(select(UserTask).where(UserTask.id == task_id, visible_tasks(person)))
    if task is None:
        raise NotFound("没有这个任务，或者您无权查看。", "There is no such task, or you may not see it.")
    return task


def require_may_work(session: Session, person: Person, task: UserTask) -> None:
    """Let those pass who may take the task on: it is theirs, or free and open to them; administrators may take any free one.

    Raises:
        Forbidden: for somebody who may only read it.
        Conflict: a colleague has it.
    """
    if task.assignee == person.id:
        return
    if task.assignee is not None:
        raise Conflict("这个任务正由同事办理。", "A colleague is working on this task.", assignee=task.assignee)
    if not person.is_admin and not session.scalar(select(UserTask.id).where(UserTask.id == task.id, is_candidate(person))):
        raise Forbidden("您不在这个任务的候选人之中。", "You are not among the candidates of this task.")


def require_may_add(session: Session, person: Person, task: UserTask) -> None:
    """Let everybody pass who sees the task, except those who only read.

    Raises:
        Forbidden: for an auditor who has no part in the task.
    """
    if (
        person.is_auditor
        and task.assignee != person.id
        and not session.scalar(select(UserTask.id).where(UserTask.id == task.id, is_candidate(person)))
    ):
        raise Forbidden("审计只能查看。", "An auditor may only read.")


def require_own(person: Person, task: UserTask) -> None:
    """Let only the person pass who has the task.

    Raises:
        Conflict: nobody or somebody else has it, or it is over; says which.
    """
    if task.state != "open":
        raise Conflict("这个任务已经结束。", "This task is over.", state=task.state)
    if task.assignee is None:
        raise Conflict("请先认领这个任务。", "Claim this task first.")
    if task.assignee != person.id:
        raise Conflict("这个任务已转由同事办理。", "This task is now with a colleague.", assignee=task.assignee)


def require_may_plan(session: Session, person: Person, task_id: str) -> UserTask:
    """The open task, if the person plans and may see its case; whose task it is does not matter.

    Raises:
        NotFound: it does not exist, or its case is not for this person.
        Forbidden: for somebody who does not plan.
        Conflict: it is over.
    """
    in_sight = exists(select(ProcessInstance.id).where(ProcessInstance.id == UserTask.instance_id, visible_cases(person)))
    task = session.scalar(select(UserTask).where(UserTask.id == task_id, in_sight))
    if task is None:
        raise NotFound("没有这个任务，或者您无权查看。", "There is no such task, or you may not see it.")
    if not person.plans:
        raise Forbidden(
            "只有计划调度、流程负责人和管理员可以改期限和优先级。",
            "Only planners, process owners and administrators change deadlines and priorities.",
        )
    if task.state != "open":
        raise Conflict("这个任务已经结束。", "This task is over.", state=task.state)
    return task


def require_case(session: Session, person: Person, instance_id: str) -> ProcessInstance:
    """The instance, if the person may see its case.

    Raises:
        NotFound: it does not exist, or is not for this person.
    """
    instance = session.scalar(select(ProcessInstance).where(ProcessInstance.id == instance_id, visible_cases(person)))
    if instance is None:
        raise NotFound("没有这个案例，或者您无权查看。", "There is no such case, or you may not see it.")
    return instance


def may_steer_cases(person: Person) -> bool:
    """Whether the person may cancel, suspend and resume cases."""
    return person.is_admin or person.is_owner


def may_read_figures(person: Person) -> bool:
    """Whether the person reads the indicators: who sees every case, and the heads of offices."""
    return person.sees_everything or "office_head" in person.groups


def require_figures_page(person: Person) -> None:
    """Let only those pass who read the indicators.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not may_read_figures(person):
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def may_publish(person: Person) -> bool:
    """Whether what the person deploys goes live."""
    return person.is_admin or person.is_owner


def require_may_publish(person: Person) -> None:
    """Let only those pass who may publish.

    Raises:
        Forbidden: for everybody else.
    """
    if not may_publish(person):
        raise Forbidden("只有流程负责人和管理员可以发布流程。", "Only process owners and administrators may publish processes.")


def require_admin(person: Person) -> None:
    """Let only administrators pass.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not person.is_admin:
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def require_sees_everything(person: Person) -> None:
    """Let only those pass from whom no case is hidden: figures of many cases tell of each of them.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not person.sees_everything:
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def require_steering_page(person: Person) -> None:
    """Let only those see a page for steering cases who may do so.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not may_steer_cases(person):
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def require_may_steer(person: Person) -> None:
    """Let only those pass who may cancel, suspend and resume.

    Raises:
        Forbidden: for everybody else who can see the case.
    """
    if not may_steer_cases(person):
        raise Forbidden("只有流程负责人和管理员可以这样做。", "Only process owners and administrators may do this.")
