"""What instances wait for: jobs, timers, messages; and the incidents that wait for a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Job(Base):
    """Work for the executor.

    `kind`: handler (a service task), continue (asyncBefore/After), message (deliver a thrown message), signal, start and timer
    (the same for those), migrate (one case of a migration batch), verify (replay one case of a verification),
    hindsight (do one finished case again on files that are not live yet).
    `state`: ready, leased, failed (an incident holds it), done, cancelled.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "available_at"), Index(None, "instance_id"), Index(None, "topic", "state"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    topic: Mapped[str | None] = mapped_column(Name)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str | None] = mapped_column(Id)
    element_instance_id: Mapped[str | None] = mapped_column(Id)
    element_id: Mapped[str | None] = mapped_column(Name)
    input: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Name)
    suspended: Mapped[bool]
    priority: Mapped[int]
    retries: Mapped[int]  #: attempts left
    retry_cycle: Mapped[str | None] = mapped_column(Name)  #: failedJobRetryTimeCycle
    attempt: Mapped[int]  #: attempts begun; fences out a worker whose lease was lost
    available_at: Mapped[datetime] = mapped_column(UtcInstant)
    leased_by: Mapped[str | None] = mapped_column(Name)
    leased_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    actor: Mapped[str | None] = mapped_column(Name)
    error: Mapped[str | None] = mapped_column(Text)
    error_detail: Mapped[str | None] = mapped_column(Text)


class Timer(Base):
    """A waiting timer of an instance.  `state`: waiting, fired, cancelled."""

    __tablename__ = "timer"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "instance_id", "state"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    suspended: Mapped[bool]
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    explanation: Mapped[dict[str, Any]] = mapped_column(
        Json
    )  #: {"zh": …, "en": …, "provisional": bool, "clock": working or calendar, none for a date}
    cycle: Mapped[str | None] = mapped_column(Name)  #: ISO 8601 repetition, if it repeats
    remaining: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class EventSubscription(Base):
    """An instance that waits for a message or a signal."""

    __tablename__ = "event_subscription"
    __table_args__ = (Index(None, "kind", "name", "correlation_key"), Index(None, "instance_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)  #: message or signal
    name: Mapped[str] = mapped_column(Name)
    correlation_key: Mapped[str | None] = mapped_column(Name)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class Message(Base):
    """A thrown or received message.  `state`: waiting (nobody matches yet), correlated, expired."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "state", "name", "correlation_key"), Index(None, "state", "expires_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    correlation_key: Mapped[str | None] = mapped_column(Name)
    variables: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Name)
    thrown_by_instance_id: Mapped[str | None] = mapped_column(Id)
    received_by_instance_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    actor: Mapped[str | None] = mapped_column(Name)


class Incident(Base):
    """Something that needs a person.  `state`: open, resolved."""

    __tablename__ = "incident"
    __table_args__ = (Index(None, "state", "opened_at"), Index(None, "instance_id"), Index(None, "job_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)  #: job, step or join
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str | None] = mapped_column(Id)
    job_id: Mapped[str | None] = mapped_column(Id)
    element_id: Mapped[str | None] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    message: Mapped[str] = mapped_column(Text)
    message_en: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    resolved_by: Mapped[str | None] = mapped_column(Name)
