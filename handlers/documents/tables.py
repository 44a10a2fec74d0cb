"""The papers of an order and its archive."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Archive(Base):
    """A closed file: which papers, with their hashes, when and by whom."""

    __tablename__ = "archive"

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"), unique=True)
    contents: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    archived_at: Mapped[datetime] = mapped_column(UtcInstant)
    archived_by: Mapped[str | None] = mapped_column(Name)


class Document(Base):
    """One paper of an order: rendered by us, or handed in as a file.  Locked once it belongs to an archive."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("order_id", "kind", "sha256"),
        UniqueConstraint("kind", "no", "version"),
        Index(None, "order_id", "kind"),
        Index(None, "attachment_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    no: Mapped[str] = mapped_column(Id)
    version: Mapped[int]  #: of the paper with this number
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"))
    kind: Mapped[str] = mapped_column(Name)  #: F-SLIP, F-REPAIR, F-SERVICE, photo …
    name: Mapped[str] = mapped_column(Name)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"))
    sha256: Mapped[str] = mapped_column(Id)
    note: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[str | None] = mapped_column(Name)
    archive_no: Mapped[str | None] = mapped_column(ForeignKey("archive.no"))
