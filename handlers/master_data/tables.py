"""What becomes of master data: every change, every look at a customer, every import that waits for its owner's word."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only
from handlers.constraints import one_of


class MasterDataChange(Base):
    """One row of master data was made, changed or removed; never changed, never removed itself (triggers refuse it)."""

    __tablename__ = "master_data_change"
    __table_args__ = (
        Index(None, "kind", "key", "changed_at"),
        Index(None, "changed_at"),
        one_of("action", ("created", "changed", "removed")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    key: Mapped[str] = mapped_column(Name)  #: its columns with a blank between
    action: Mapped[str] = mapped_column(Name)
    changes: Mapped[list[dict[str, str]]] = mapped_column(Json)  #: column, before, after (plain texts)
    reason: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Id)  #: the import or correction it belongs to
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)
    changed_by: Mapped[str] = mapped_column(Name)


class CustomerAccess(Base):
    """Somebody looked at a customer's data, or was refused; never changed, never removed (triggers refuse it)."""

    __tablename__ = "customer_access"
    __table_args__ = (
        Index(None, "customer_id", "looked_at"),
        Index(None, "user_id", "looked_at"),
        Index(None, "looked_at"),
        one_of("way", ("listed", "opened", "exported", "refused")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Name)
    customer_id: Mapped[str | None] = mapped_column(Id)  #: NULL when refused before anything was read
    kind: Mapped[str] = mapped_column(Name)  #: of the data: customers, contacts, devices, contracts
    way: Mapped[str] = mapped_column(Name)
    looked_at: Mapped[datetime] = mapped_column(UtcInstant)


class MasterDataImport(Base):
    """A file that was uploaded and shown to its owner before anything is written."""

    __tablename__ = "master_data_import"
    __table_args__ = (Index(None, "uploaded_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    file_name: Mapped[str] = mapped_column(Name)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  #: NULL once it was carried out
    reason: Mapped[str | None] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(UtcInstant)
    uploaded_by: Mapped[str] = mapped_column(Name)
    done: Mapped[dict[str, Any] | None] = mapped_column(Json)  #: number of the import and how many rows of each outcome


keep_append_only(MasterDataChange.__table__)
keep_append_only(CustomerAccess.__table__)
