"""What auditors keep: searches for cases, and random samples of what was found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only


class SavedSearch(Base):
    """A search under a name that a person gave it."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(Name)
    asked: Mapped[dict[str, Any]] = mapped_column(Json)  #: the arguments of its address
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)


class CaseSample(Base):
    """A random sample of the cases that a search found at an instant; only ever appended (triggers refuse UPDATE and DELETE).

    Drawn are the cases for which SHA-256 of `seed:case id` is smallest, so that everybody can draw it again.
    """

    __tablename__ = "case_sample"
    __table_args__ = (Index(None, "drawn_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    seed: Mapped[str] = mapped_column(Name)
    asked: Mapped[dict[str, Any]] = mapped_column(Json)  #: the arguments of the search's address
    found: Mapped[int]  #: cases among which it was drawn
    found_sha256: Mapped[str] = mapped_column(Id)  #: of their ids in order, a line each
    root_ids: Mapped[list[str]] = mapped_column(Json)  #: the sample, in the order in which it was drawn
    drawn_by: Mapped[str] = mapped_column(Name)
    drawn_at: Mapped[datetime] = mapped_column(UtcInstant)


keep_append_only(CaseSample.__table__)
