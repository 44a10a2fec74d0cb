"""Escalations and the decisions on them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of, positive

TOPICS = (
    "dispute",
    "abnormal_demand",
    "drawing_change",
    "delivery_cycle",
    "outsourced_equipment",
    "spare_parts",
    "internal",
    "unsolved_fault",
)


class Escalation(Base):
    """Something the people on site cannot settle; `id` is the case that carries it upwards."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index(None, "order_id"),
        one_of("topic", TOPICS),
        one_of("state", ("open", "settled", "decided")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    topic: Mapped[str] = mapped_column(Name)
    facts: Mapped[str] = mapped_column(Text)
    customer_position: Mapped[str | None] = mapped_column(Text)
    our_position: Mapped[str | None] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text)
    attachment_ids: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Name)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    opened_by: Mapped[str | None] = mapped_column(Name)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    result: Mapped[str | None] = mapped_column(Text)  #: what was agreed in private


class EscalationDecision(Base):
    """What one level decided, and whether it was accepted."""

    __tablename__ = "escalation_decision"
    __table_args__ = (UniqueConstraint("escalation_id", "level"), positive("level"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    level: Mapped[int]
    target: Mapped[str] = mapped_column(Name)  #: the group that was asked
    decision: Mapped[str] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)
    answer_for_customer: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(Name)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    accepted: Mapped[bool | None]
