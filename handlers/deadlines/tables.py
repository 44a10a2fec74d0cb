"""Promises made to customers, and deadlines that were missed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of


class Promise(Base):
    """Something a customer was told would happen; open ones keep an order from closing."""

    __tablename__ = "promise"
    __table_args__ = (
        Index(None, "order_id", "state"),
        Index(None, "state", "due_at"),
        one_of("state", ("open", "kept", "waived", "replaced")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id)  #: an order, or the business key of a case that has none yet
    kind: Mapped[str] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    owner_role: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[str | None] = mapped_column(Name)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    evidence: Mapped[str | None] = mapped_column(Text)
    evidence_en: Mapped[str | None] = mapped_column(Text)


class Breach(Base):
    """A deadline that passed, and who was told."""

    __tablename__ = "breach"
    __table_args__ = (
        UniqueConstraint("process_key", "activity", "order_id", "due_at"),
        Index(None, "order_id"),
        Index(None, "noticed_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    process_key: Mapped[str] = mapped_column(Name)
    activity: Mapped[str] = mapped_column(Name)
    activity_en: Mapped[str | None] = mapped_column(Name)
    order_id: Mapped[str] = mapped_column(Id)  #: as in Promise
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"))
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    noticed_at: Mapped[datetime] = mapped_column(UtcInstant)
    notices: Mapped[int]  #: how often people were told
    notified: Mapped[list[str]] = mapped_column(Json)  #: user ids
    note: Mapped[str | None] = mapped_column(Text)
    note_en: Mapped[str | None] = mapped_column(Text)
