"""What people add to a case: comments and attachments."""

from sqlalchemy import insert

from engine.errors import InvalidInput
from engine.ids import new_id
from engine.runtime.engine import Engine
from engine.runtime.user_tasks import open_task
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment, Comment

MAX_COMMENT = 4_000
KINDS = frozenset(("photo", "signature", "document", "file"))


def comment(engine: Engine, task_id: str, text: str, actor: str) -> str:
    """Write a remark on a task's case; returns its id.

    Raises:
        InvalidInput: empty or too long.
        NotFound, Conflict: no such task, or no longer open.
    """
    text = text.strip()
    if not text or len(text) > MAX_COMMENT:
        raise InvalidInput(f"意见应有 1 到 {MAX_COMMENT} 个字。", f"A comment has 1 to {MAX_COMMENT} characters.", length=len(text))
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        comment_id = new_id()
        values = {"id": comment_id, "root_id": task.root_id, "instance_id": task.instance_id, "task_id": task_id}
        step.session.execute(insert(Comment.__table__), values | {"written_at": step.surroundings.now, "written_by": actor, "text": text})
        instance.execution.effects.record("CommentAdded", task.element_id, task_id, text=text)
    return comment_id


def attach(engine: Engine, task_id: str, name: str, content: bytes, kind: str, actor: str) -> str:
    """Attach a file to a task's case; returns the attachment's id.

    Raises:
        InvalidInput: a refused type, too big, or not what its name says.
        NotFound, Conflict: no such task, or no longer open.
    """
    if kind not in KINDS:
        raise InvalidInput(f"附件种类“{kind}”不认识。", f"Unknown kind of attachment “{kind}”.", kind=kind)
    stored = ContentStore(engine.settings).put(name, content)
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        attachment_id = new_id()
        values = {
            "id": attachment_id,
            "root_id": task.root_id,
            "instance_id": task.instance_id,
            "task_id": task_id,
            "name": name,
            "kind": kind,
        }
        values |= {"media_type": stored.media_type, "size_bytes": stored.size_bytes, "sha256": stored.sha256}
        step.session.execute(insert(Attachment.__table__), values | {"added_at": step.surroundings.now, "added_by": actor})
        instance.execution.effects.record(
            "AttachmentAdded", task.element_id, task_id, id=attachment_id, name=name, kind=kind, sha256=stored.sha256
        )
    return attachment_id
