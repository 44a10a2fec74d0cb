"""Batches that replay finished cases and compare them with their history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Verification(Base):
    """One verified replay of many cases, as somebody ordered it; it is over when none of its items waits."""

    __tablename__ = "verification"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    process_key: Mapped[str | None] = mapped_column(Name)  #: none: of every process
    since: Mapped[date | None]  #: first day on which the cases ended, by the office's clock
    until: Mapped[date | None]  #: and the last
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[str | None] = mapped_column(Name)


class VerificationItem(Base):
    """One case of a batch.  `state`: waiting, same, different, failed (it could not be replayed), cancelled."""

    __tablename__ = "verification_item"
    __table_args__ = (Index(None, "verification_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey("verification.id"))
    root_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    state: Mapped[str] = mapped_column(Name)
    inputs: Mapped[int]  #: done again
    events: Mapped[int]  #: compared
    difference: Mapped[dict[str, Any]] = mapped_column(
        Json
    )  #: engine.runtime.replaying.Difference; of one that failed why: {"zh": …, "en": …}
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
