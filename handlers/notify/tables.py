"""Notices to our own people, and mail to customers; the English of a text is missing where its author wrote none."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of


class Notification(Base):
    """A notice to one person, unread until they have seen it."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index(None, "user_id", "read_at", "sent_at"),
        one_of("severity", ("info", "warning")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(Name)
    severity: Mapped[str] = mapped_column(Name)
    subject: Mapped[str] = mapped_column(Name)
    subject_en: Mapped[str | None] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    order_id: Mapped[str | None] = mapped_column(Id)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    read_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Mail(Base):
    """One e-mail, kept before it is sent: the outbox."""

    __tablename__ = "mail"
    __table_args__ = (
        Index(None, "state", "queued_at"),
        Index(None, "order_id"),
        not_negative("attempts"),
        one_of("state", ("waiting", "sent", "no_address")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name, unique=True)  #: the job's idempotency key
    message_id: Mapped[str] = mapped_column(Name)  #: same for every attempt, so that receivers drop repetitions
    recipient: Mapped[str | None] = mapped_column(Name)
    subject: Mapped[str] = mapped_column(Name)
    subject_en: Mapped[str | None] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    document_ids: Mapped[list[Any]] = mapped_column(Json)
    order_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(Name)
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UtcInstant)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
