"""Batches that migrate cases to another version of their process."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class MigrationBatch(Base):
    """One migration of many cases, as somebody ordered it; it is over when none of its items waits."""

    __tablename__ = "migration_batch"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    plan: Mapped[dict[str, Any]] = mapped_column(Json)  #: engine.runtime.operations.migration.MigrationPlan
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[str | None] = mapped_column(Name)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class MigrationItem(Base):
    """One case of a batch.  `state`: waiting, migrated, refused (see `problems`; the case stayed as it was), cancelled."""

    __tablename__ = "migration_item"
    __table_args__ = (Index(None, "batch_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("migration_batch.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    state: Mapped[str] = mapped_column(Name)
    problems: Mapped[list[dict[str, str]]] = mapped_column(Json)  #: [{"zh": …, "en": …}]
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
