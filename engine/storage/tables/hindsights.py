"""Finished cases done again on files that are not live yet."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Hindsight(Base):
    """Some files tried on the last cases of a process, as somebody ordered it; it is over when none of its cases waits."""

    __tablename__ = "hindsight"
    __table_args__ = (Index(None, "key", "created_at"), Index(None, "digest"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name)  #: the diagram's file
    process_key: Mapped[str] = mapped_column(Name)
    files: Mapped[dict[str, str]] = mapped_column(Json)  #: what is tried: names and texts
    digest: Mapped[str] = mapped_column(Id)  #: the same for the same files
    most: Mapped[int]  #: how many cases were asked for
    since: Mapped[date | None]  #: first day on which they ended, by the office's clock
    until: Mapped[date | None]  #: and the last
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[str] = mapped_column(Name)


class HindsightCase(Base):
    """One of its cases.  `state`: waiting, same, steps, other, stuck, refused, failed (see engine.runtime.hindsight.State), or cancelled."""

    __tablename__ = "hindsight_case"
    __table_args__ = (Index(None, "hindsight_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hindsight_id: Mapped[str] = mapped_column(ForeignKey("hindsight.id"))
    root_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    state: Mapped[str] = mapped_column(Name)
    outcome: Mapped[dict[str, Any]] = mapped_column(
        Json
    )  #: engine.runtime.hindsight.Outcome and `already`, or why there is none: {"error": {"zh", "en"}}
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
