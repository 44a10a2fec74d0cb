"""Complaints, what the station head's log says of them, and the case studies that the gravest leave behind."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only
from handlers.constraints import not_negative, one_of

SOURCES = ("customer", "sales", "staff", "suggestion_box", "callback", "survey", "media")
SUBJECTS = ("service", "product", "staff", "other_customer")
NATURES = ("isolated", "careless", "systemic")
OUTCOMES = ("resolved", "resolved_by_third_party", "withdrawn")
LOG_KINDS = ("complaint", "promise", "heard", "incident")


class Complaint(Base):
    """What a customer is not content with, until they have their answer; its class may rise on the way."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index(None, "order_id"),
        Index(None, "matter_id", "received_at"),
        Index(None, "received_at"),
        one_of("source", SOURCES),
        one_of("about", SUBJECTS),
        one_of("nature", NATURES),
        one_of("outcome", OUTCOMES),
        not_negative("repeat_rounds"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name, unique=True)  #: the job that opened it
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    matter_id: Mapped[str] = mapped_column(ForeignKey("matter.id"))
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    source: Mapped[str] = mapped_column(Name)
    about: Mapped[str] = mapped_column(Name)
    facts: Mapped[str] = mapped_column(Text)
    emotion_calmed: Mapped[bool]
    repeated_back: Mapped[bool]
    threatens_public: Mapped[bool]
    in_media: Mapped[bool]
    repeat_rounds: Mapped[int]  #: how often the customer was not content with the answer
    complaint_class: Mapped[int | None]  #: 1 to 3
    class_history: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: class and instant, the first first
    our_fault: Mapped[bool | None]
    promised_answer_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sales_answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    solution: Mapped[str | None] = mapped_column(Text)
    responsible: Mapped[str | None] = mapped_column(Name)
    nature: Mapped[str | None] = mapped_column(Name)
    sanction: Mapped[str | None] = mapped_column(Text)
    root_cause: Mapped[str | None] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)
    answered_customer_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    outcome: Mapped[str | None] = mapped_column(Name)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[str | None] = mapped_column(Name)


class HeadLogEntry(Base):
    """A line of the station head's log; never changed, never removed."""

    __tablename__ = "head_log"
    __table_args__ = (Index(None, "written_at"), Index(None, "order_id"), one_of("kind", LOG_KINDS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name, unique=True)  #: the job that wrote it
    kind: Mapped[str] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    customer_unit: Mapped[str | None] = mapped_column(Name)
    order_id: Mapped[str | None] = mapped_column(Id)
    due_on: Mapped[date | None]
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    written_by: Mapped[str | None] = mapped_column(Name)


keep_append_only(HeadLogEntry.__table__)


class CaseStudy(Base):
    """What the department learns from a complaint of class 3; one per complaint."""

    __tablename__ = "case_study"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), unique=True)
    course: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    handling: Mapped[str] = mapped_column(Text)
    lessons: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcInstant)
    published_by: Mapped[str | None] = mapped_column(Name)
    discussion: Mapped[str | None] = mapped_column(Text)
    discussed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
