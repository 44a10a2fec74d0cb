"""Callbacks, surveys and what is to be done better."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of

CALLBACK_STATES = ("queued", "reached", "unreached", "closed")
REASONS = ("speed", "skill", "attitude", "part", "price", "product", "other")
#: Who is asked (manual M3, 2.4.2): customers, others outside, and people of our own.
RESPONDENTS = ("customer", "prospect", "former_staff", "agent", "staff", "management")


class Callback(Base):
    """The call after a service: one per order."""

    __tablename__ = "callback"
    __table_args__ = (Index(None, "state", "due_at"), not_negative("attempts"), one_of("state", CALLBACK_STATES), one_of("about", REASONS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"), unique=True)
    completed_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    state: Mapped[str] = mapped_column(Name)
    attempts: Mapped[int]
    called_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    called_by: Mapped[str | None] = mapped_column(Name)
    use_normal: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    about: Mapped[str | None] = mapped_column(Name)
    reason: Mapped[str | None] = mapped_column(Text)
    suggestion: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    root: Mapped[str | None] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)


class Survey(Base):
    """Answers of a customer, or of somebody else who was asked: one set per subject, tool and day."""

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("subject", "tool", "asked_on"),
        Index(None, "order_id"),
        Index(None, "round_no"),
        one_of("respondent", RESPONDENTS),
        one_of("band", ("high", "middle", "low")),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("repurchase_p BETWEEN 0 AND 1", name="repurchase_p"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(Name)  #: the order asked about, else who was asked
    order_id: Mapped[str | None] = mapped_column(ForeignKey("service_order.id"))
    respondent: Mapped[str] = mapped_column(Name)
    round_no: Mapped[str | None] = mapped_column(Id)  #: the survey by sample that it belongs to
    tool: Mapped[str] = mapped_column(Name)
    asked_on: Mapped[date]
    satisfied: Mapped[bool | None]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    score: Mapped[float | None]  #: mean of the answers, 1 to 5
    repurchase_p: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(Name)
    named_employee: Mapped[str | None] = mapped_column(Name)
    improvement: Mapped[str | None] = mapped_column(Text)


class ImprovementItem(Base):
    """Something to be done better, with a person and a day; without an order where it follows from many. What was tried stands in `improvement_measure`."""

    __tablename__ = "improvement_item"
    __table_args__ = (UniqueConstraint("order_id", "source"), Index(None, "due_on"), Index(None, "closed_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("service_order.id"))
    source: Mapped[str] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    root: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Name)
    due_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    case_id: Mapped[str | None] = mapped_column(Id)  #: the case that carries it out; NULL: no meeting has taken it up yet
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
