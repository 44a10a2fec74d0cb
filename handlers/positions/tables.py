"""Norms of posts, and checks of people against them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class PostNorm(Base):
    """How the work of a post is done (M3-3.2-0); a new version whenever the manual's table of the post has changed."""

    __tablename__ = "post_norm"

    post: Mapped[str] = mapped_column(Name, primary_key=True)  #: group of those who do the work
    version: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: in the manual's order: clause, item, standard, and both in English
    since: Mapped[datetime] = mapped_column(UtcInstant)


class PositionCheck(Base):
    """One person, checked once against the norm of their post."""

    __tablename__ = "position_check"
    __table_args__ = (
        ForeignKeyConstraint(["post", "norm_version"], ["post_norm.post", "post_norm.version"]),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        Index(None, "employee_id", "opened_at"),
        Index(None, "request_key"),
        Index(None, "checked_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("employee.user_id"))
    post: Mapped[str] = mapped_column(Name)
    norm_version: Mapped[int]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: items of the norm, once checked with `ok` and `note`
    request_key: Mapped[str] = mapped_column(Name)  #: of the round that opened it
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    checked_by: Mapped[str | None] = mapped_column(Name)
    checker_sig: Mapped[str | None] = mapped_column(Id)  #: attachment of the signature
    score: Mapped[float | None]  #: share of the items that were in order
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    agreed: Mapped[bool | None]  #: whether the person agrees with what was seen
    comment: Mapped[str | None] = mapped_column(Text)
    employee_sig: Mapped[str | None] = mapped_column(Id)
