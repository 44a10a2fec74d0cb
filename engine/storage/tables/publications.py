"""Changes on their way from a draft to everybody's work, and who has read of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Publication(Base):
    """One line of the update log (M3-upd-2): what changed, why, who proposed it, who let it go live, from when on.

    `state`: proposed, approved (waits for its date), live, rejected, withdrawn.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("deployment_id"), Index(None, "state"), Index(None, "proposed_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))  #: the candidate
    title: Mapped[str] = mapped_column(Name)
    note: Mapped[str] = mapped_column(Text)  #: why
    changes: Mapped[dict[str, Any]] = mapped_column(Json)  #: file to its changes, as engine.difference tells them
    migrations: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: engine.runtime.publishing.MigrationChoice
    groups: Mapped[list[str]] = mapped_column(Json)  #: whom it concerns
    must_read: Mapped[bool]  #: whether each of them has to confirm
    effective_at: Mapped[datetime | None] = mapped_column(UtcInstant)  #: None: as soon as it is approved
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    proposed_by: Mapped[str | None] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(Name)
    decision: Mapped[str | None] = mapped_column(Text)  #: what was said when it was approved or rejected
    live_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    live_deployment_id: Mapped[str | None] = mapped_column(ForeignKey("deployment.id"))


class PublicationReader(Base):
    """One person whom a publication concerns."""

    __tablename__ = "publication_reader"
    __table_args__ = (Index(None, "user_id", "read_at"),)

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcInstant)
    read_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class PublicationBatch(Base):
    """A migration that a publication ordered."""

    __tablename__ = "publication_batch"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("migration_batch.id"), primary_key=True)
