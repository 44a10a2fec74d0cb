"""What belongs to a task: who may do it, remarks, files. Remarks and files are only ever added."""

from typing import Any, Literal, TypeVar

from flask import request
from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime import delegation
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment, Comment, UserTask, UserTaskCandidate
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import tree
from web.rest.answers import Answer, file_answer
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.resources.task.find import find
from web.rest.types import Dto, Instant, Link, Name
from web.tasks import actions

_TAG = "task"
Belonging = TypeVar("Belonging", Comment, Attachment)
_FILE_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "attachment-name": {"type": "string"},
        "attachment-description": {"type": "string"},
        "attachment-type": {"type": "string"},
        "content": {"type": "string", "format": "binary"},
    },
    "required": ["content"],
}


class IdentityLinkDto(Dto):
    """Who has to do with a task, and how."""

    user_id: Name | None = None
    group_id: Name | None = None
    type: Literal["assignee", "candidate", "owner"]


class CommentDto(Dto):
    """A remark."""

    links: list[Link] = []
    id: str
    user_id: str | None = None
    time: Instant
    task_id: str | None = None
    message: str
    removal_time: Instant | None = None
    root_process_instance_id: str | None = None
    process_instance_id: str | None = None


class NewCommentDto(Dto):
    """What to remark."""

    message: str
    process_instance_id: str | None = None


class AttachmentDto(Dto):
    """A file."""

    links: list[Link] = []
    id: str
    name: str | None = None
    description: str | None = None
    task_id: str | None = None
    type: str | None = None
    url: str | None = None
    create_time: Instant
    removal_time: Instant | None = None
    root_process_instance_id: str | None = None


@operation("GET", "/task/{task_id}/identity-links", tag=_TAG)
def identity_links(task_id: str, type: Literal["assignee", "candidate", "owner"] | None = None) -> list[IdentityLinkDto]:  # noqa: A002 -- Camunda's
    """Who has a task, whose it is, and who may claim it."""
    task = find(task_id)
    with database().session() as session:
        candidates = session.scalars(
            select(UserTaskCandidate).where(UserTaskCandidate.task_id == task_id).order_by(UserTaskCandidate.kind, UserTaskCandidate.name)
        )
        found = [IdentityLinkDto(user_id=task.assignee, type="assignee")] if task.assignee else []
        found += [IdentityLinkDto(user_id=task.owner, type="owner")] if task.owner else []
        found += [IdentityLinkDto(**{f"{item.kind}_id": item.name}, type="candidate") for item in candidates]
    return [link for link in found if type in (None, link.type)]


@operation("POST", "/task/{task_id}/identity-links", tag=_TAG, scope="operate")
def add_identity_link(task_id: str, body: IdentityLinkDto) -> None:
    """Let one more person or group claim a task."""
    _require_candidate(body)
    delegation.add_candidate(engine(), find(task_id).id, *_who(body), person().id)


@operation("POST", "/task/{task_id}/identity-links/delete", tag=_TAG, scope="operate")
def remove_identity_link(task_id: str, body: IdentityLinkDto) -> None:
    """Let a person or group no longer claim a task."""
    _require_candidate(body)
    delegation.remove_candidate(engine(), find(task_id).id, *_who(body), person().id)


@operation("GET", "/task/{task_id}/comment", tag=_TAG)
def comments(task_id: str) -> list[CommentDto]:
    """The remarks made at a task."""
    task = find(task_id)
    with database().session() as session:
        found = session.scalars(select(Comment).where(Comment.task_id == task.id).order_by(Comment.written_at, Comment.id))
        return [_comment(item) for item in found]


@operation("GET", "/task/{task_id}/comment/{comment_id}", tag=_TAG)
def comment(task_id: str, comment_id: str) -> CommentDto:
    """One remark."""
    return _comment(_one_comment(find(task_id), comment_id))


@operation("POST", "/task/{task_id}/comment/create", tag=_TAG, scope="tasks")
def create_comment(task_id: str, body: NewCommentDto) -> CommentDto:
    """Add a remark."""
    task = find(task_id)
    made = _comment(_one_comment(task, actions.comment(person(), task_id, body.message)))
    return made.model_copy(update={"links": [Link(method="GET", href=f"{tree.root()}/task/{task_id}/comment/{made.id}", rel="self")]})


@operation("GET", "/task/{task_id}/attachment", tag=_TAG)
def attachments(task_id: str) -> list[AttachmentDto]:
    """The files added at a task."""
    task = find(task_id)
    with database().session() as session:
        found = session.scalars(select(Attachment).where(Attachment.task_id == task.id).order_by(Attachment.added_at, Attachment.id))
        return [_attachment(item) for item in found]


@operation("GET", "/task/{task_id}/attachment/{attachment_id}", tag=_TAG)
def attachment(task_id: str, attachment_id: str) -> AttachmentDto:
    """One file, without its content."""
    return _attachment(_one_attachment(find(task_id), attachment_id))


@operation("GET", "/task/{task_id}/attachment/{attachment_id}/data", tag=_TAG, media_type="application/octet-stream")
def attachment_data(task_id: str, attachment_id: str) -> Answer:
    """The content of a file."""
    found = _one_attachment(find(task_id), attachment_id)
    return file_answer(ContentStore(engine().settings).get(found.sha256), found.name, found.media_type)


@operation("POST", "/task/{task_id}/attachment/create", tag=_TAG, scope="tasks", multipart=_FILE_BODY)
def create_attachment(task_id: str) -> AttachmentDto:
    """Add a file."""
    task, sent = find(task_id), request.files.get("content")
    if sent is None:
        raise InvalidInput(
            "没有收到文件（content）；不支持只有网址的附件。", "No 'content' was sent; attachments by URL are not supported."
        )
    name = request.form.get("attachment-name") or sent.filename or ""
    attachment_id = actions.attach(person(), task_id, name[-200:], sent.read(), "file")
    return _attachment(_one_attachment(task, attachment_id))


def _require_candidate(link: IdentityLinkDto) -> None:
    require_may_steer(person())
    if link.type != "candidate" or (link.user_id is None) == (link.group_id is None):
        raise InvalidInput(
            "只能增减一个候选人或候选组；办理人和负责人另有调用。",
            "Give either userId or groupId, and type 'candidate': assignee and owner are set by their own calls.",
        )


def _who(link: IdentityLinkDto) -> tuple[Literal["user", "group"], str]:
    return ("user", link.user_id) if link.user_id is not None else ("group", link.group_id or "")


def _one_comment(task: UserTask, comment_id: str) -> Comment:
    return _one(Comment, task, comment_id, "备注", "comment")


def _one_attachment(task: UserTask, attachment_id: str) -> Attachment:
    return _one(Attachment, task, attachment_id, "附件", "attachment")


def _one(kind: type[Belonging], task: UserTask, its_id: str, zh: str, en: str) -> Belonging:
    with database().session() as session:
        found = session.scalar(select(kind).where(kind.id == its_id, kind.task_id == task.id))
    if found is None:
        raise Refused(
            404, "InvalidRequestException", f"没有这个{zh}。", f"Task {en} with id {its_id} does not exist for task id '{task.id}'."
        )
    return found


def _comment(found: Comment) -> CommentDto:
    return CommentDto(
        id=found.id,
        user_id=found.written_by,
        time=found.written_at,
        task_id=found.task_id,
        message=found.text,
        root_process_instance_id=found.root_id,
        process_instance_id=found.instance_id,
    )


def _attachment(found: Attachment) -> AttachmentDto:
    return AttachmentDto(
        id=found.id,
        name=found.name,
        task_id=found.task_id,
        type=found.media_type,
        create_time=found.added_at,
        root_process_instance_id=found.root_id,
    )
