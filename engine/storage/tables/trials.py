"""Scenarios played on drafts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Trial(Base):
    """All scenarios of one process, played on somebody's drafts.  `state`: running, passed, failed (see `scenarios`), broken (see `error`)."""

    __tablename__ = "trial"
    __table_args__ = (Index(None, "user_id", "begun_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name)  #: the diagram's file
    user_id: Mapped[str] = mapped_column(Name)
    drafts: Mapped[dict[str, int]] = mapped_column(Json)  #: which drafts took part, with their revisions
    state: Mapped[str] = mapped_column(Name)
    total: Mapped[int]
    scenarios: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: those that are played: file, name, passed, problems
    coverage: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: at the end, as `opsbook test --json` gives it
    error: Mapped[str | None] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(UtcInstant)
    heard_at: Mapped[datetime] = mapped_column(UtcInstant)  #: when it last told something
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
