"""Emergencies, from the alarm to the report."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of

TRIGGERS = ("safety_accident", "major_production_loss", "system_paralysis")


class Emergency(Base):
    """One emergency: the order that raised it, the command, the report at its end."""

    __tablename__ = "emergency"
    __table_args__ = (Index(None, "opened_at"), one_of("trigger_kind", TRIGGERS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    # the command
    trigger_kind: Mapped[str | None] = mapped_column(Name)
    commander: Mapped[str | None] = mapped_column(Name)
    taken_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    assessment: Mapped[str | None] = mapped_column(Text)
    hazard: Mapped[str | None] = mapped_column(Text)
    people_at_risk: Mapped[bool | None]
    first_measures: Mapped[str | None] = mapped_column(Text)
    # the report
    stabilised_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    cause: Mapped[str | None] = mapped_column(Text)
    course: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)  #: what happened when: `at`, `event`
    losses: Mapped[str | None] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)
    prevention: Mapped[str | None] = mapped_column(Text)
    lessons: Mapped[str | None] = mapped_column(Text)
    reported_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reported_by: Mapped[str | None] = mapped_column(Name)
