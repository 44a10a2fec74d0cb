"""User tasks, who may do them, and what people add to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


def _of_queue(order: str, *columns: Any) -> Index:
    """An index that has the tasks of a queue in an order, with all that a list asks before it shows a task."""
    return Index(f"ix_user_task_queue_by_{order}", "state", "queue", *columns, "id", "assignee", "suspended")


class UserTask(Base):
    """One duty of one person.  `state`: open, completed, cancelled."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index(None, "assignee", "state", "due_at", "suspended"),
        Index("ix_user_task_by_due", "state", "due_at", text("priority DESC"), "created_at", "id", "suspended"),
        Index(None, "instance_id", "state", "element_id", "ended_at"),
        Index(None, "root_id"),
        Index(None, "state", "created_at"),
        Index(None, "completed_by", "root_id"),
        Index("ix_user_task_late", "root_id", sqlite_where=text("ended_at > due_at"), postgresql_where=text("ended_at > due_at")),
        _of_queue("due", "due_at", text("priority DESC"), "created_at"),
        _of_queue("priority", text("priority DESC"), "due_at", "created_at"),
        _of_queue("age", "created_at"),
        _of_queue("name", "name", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)  #: the element instance's id
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str] = mapped_column(Id)
    process_key: Mapped[str] = mapped_column(Name)
    process_definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    element_id: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    business_key: Mapped[str | None] = mapped_column(Name)
    queue: Mapped[str] = mapped_column(Id, default="")  #: see engine.runtime.queues
    state: Mapped[str] = mapped_column(Name)
    suspended: Mapped[bool]
    assignee: Mapped[str | None] = mapped_column(Name)
    assignment_reason: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Name)  #: who delegated it and gets it back
    delegation_state: Mapped[str | None] = mapped_column(Name)  #: PENDING or RESOLVED
    priority: Mapped[int]
    form_definition_id: Mapped[str | None] = mapped_column(ForeignKey("form_definition.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    due_explanation: Mapped[dict[str, Any] | None] = mapped_column(Json)  #: see Timer; None when a person set it
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    follow_up_explanation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    completed_by: Mapped[str | None] = mapped_column(Name)
    request_key: Mapped[str | None] = mapped_column(Id)  #: hash of the key of the request that completed it
    revision: Mapped[int]
    draft: Mapped[dict[str, Any] | None] = mapped_column(Json)  #: form values saved but not submitted
    draft_by: Mapped[str | None] = mapped_column(Name)
    draft_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class UserTaskCandidate(Base):
    """A person or group who may claim a user task."""

    __tablename__ = "user_task_candidate"
    __table_args__ = (Index(None, "kind", "name", "task_id"),)

    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Name, primary_key=True)  #: user or group
    name: Mapped[str] = mapped_column(Name, primary_key=True)


class Comment(Base):
    """A remark of a person on a case."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "root_id", "written_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    root_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("user_task.id"))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    written_by: Mapped[str] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)


class Attachment(Base):
    """A file of a case; its content lies in the content store under its hash."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "root_id"), Index(None, "sha256"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    root_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("user_task.id"))
    name: Mapped[str] = mapped_column(Name)
    kind: Mapped[str] = mapped_column(Name)  #: photo, signature, document or file
    media_type: Mapped[str] = mapped_column(Name)
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(Id)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    added_by: Mapped[str | None] = mapped_column(Name)
