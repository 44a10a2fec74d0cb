"""The studio's tables: what owners are drafting, who owns what, and what became of each file."""

import zlib
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from engine.storage.base import Base, Id, Name, UtcInstant
from engine.storage.triggers import keep_append_only


class Compressed(TypeDecorator[bytes]):
    """Bytes that are kept compressed: a diagram of 400 kB takes about 30."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 — SQLAlchemy's signature
        """Compress."""
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 — SQLAlchemy's signature
        """Decompress."""
        return None if value is None else zlib.decompress(value)


class Draft(Base):
    """What one person is making of one file; its content is the revision of the same number."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("key", "user_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)  #: bpmn, dmn or form
    key: Mapped[str] = mapped_column(Name)  #: name of the file, as in deployments
    user_id: Mapped[str] = mapped_column(Name)
    revision: Mapped[int]
    base_resource_id: Mapped[str | None] = mapped_column(ForeignKey("resource.id"))  #: the live file it was begun from; NULL for a new one
    begun_at: Mapped[datetime] = mapped_column(UtcInstant)
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)


class DraftRevision(Base):
    """One saved state of a draft. It outlives the draft, so that nothing is lost by discarding or publishing."""

    __tablename__ = "draft_revision"
    __table_args__ = (Index(None, "key", "user_id", "revision"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    key: Mapped[str] = mapped_column(Name)
    user_id: Mapped[str] = mapped_column(Name)
    revision: Mapped[int]  #: of a refused state the one it was made from
    refused: Mapped[bool]  #: another tab had saved before; the state is kept to be recovered
    content: Mapped[bytes] = mapped_column(Compressed)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    base_resource_id: Mapped[str | None] = mapped_column(ForeignKey("resource.id"))  #: of the draft, as above
    source: Mapped[str] = mapped_column(Name)  #: where it came from: saved, restored, created, imported, folder or fixed


class ProcessOwner(Base):
    """A person who owns a process; a process without any may be edited by every owner."""

    __tablename__ = "process_owner"

    process_key: Mapped[str] = mapped_column(Name, primary_key=True)
    user_id: Mapped[str] = mapped_column(Name, primary_key=True)


class ResourceChange(Base):
    """One thing that was done to a file in the studio: who, when, what and why."""

    __tablename__ = "resource_change"
    __table_args__ = (Index(None, "key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    key: Mapped[str] = mapped_column(Name)  #: name of the file; of a change of owners the process
    action: Mapped[str] = mapped_column(Name)  #: begun, discarded, published, proposed, restored, written or owners
    version: Mapped[int | None]  #: that it has since
    deployment_id: Mapped[str | None] = mapped_column(ForeignKey("deployment.id"))
    note: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(UtcInstant)
    user_id: Mapped[str] = mapped_column(Name)


keep_append_only(ResourceChange.__table__)
