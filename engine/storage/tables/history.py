"""The history: events that are only ever appended (triggers refuse UPDATE and DELETE)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only


def _index_of(name: str, condition: str, *columns: str) -> Index:
    """An index of some events only, for finding cases by what happened in them."""
    return Index(f"ix_event_{name}", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class Event(Base):
    """One thing that happened in one instance; `sequence` counts 1, 2, 3 … without a gap."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "root_id", "happened_at"),
        Index(None, "type", "happened_at"),
        _index_of("flow_taken", "type = 'FlowTaken'", "element_id", "instance_id"),
        _index_of("changed_by_hand", "type = 'VariableChanged' AND element_id IS NULL", "type", "element_id", "root_id"),
    )

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[str] = mapped_column(Id)
    type: Mapped[str] = mapped_column(Name)
    happened_at: Mapped[datetime] = mapped_column(UtcInstant)
    actor: Mapped[str | None] = mapped_column(Name)
    element_id: Mapped[str | None] = mapped_column(Name)
    element_instance_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]] = mapped_column(Json)


keep_append_only(Event.__table__)


class HistoryReading(Base):
    """Somebody played a case, or verified or exported cases; only ever appended, like the events (triggers refuse UPDATE and DELETE)."""

    __tablename__ = "history_reading"
    __table_args__ = (Index(None, "read_at"), Index(None, "root_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str | None] = mapped_column(Name)  #: none from the command line, when nobody is named
    way: Mapped[str] = mapped_column(Name)  #: replay, verification, or the format of an export
    root_id: Mapped[str | None] = mapped_column(Id)  #: the one case, or none for a selection
    selection: Mapped[dict[str, Any]] = mapped_column(Json)  #: what was asked for: filters, and whether pseudonyms were
    cases: Mapped[int]  #: how many
    read_at: Mapped[datetime] = mapped_column(UtcInstant)


keep_append_only(HistoryReading.__table__)


class ExportRun(Base):
    """How far somebody's download of histories is; kept for a day, the lasting record of it is HistoryReading."""

    __tablename__ = "export_run"

    id: Mapped[str] = mapped_column(Id, primary_key=True)  #: chosen by the page that asks for the download
    user_id: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)  #: running, done, cancelled or failed
    cases: Mapped[int]  #: how many there were when it began
    done: Mapped[int]  #: of them
    bytes: Mapped[int] = mapped_column(BigInteger)  #: that were sent
    begun_at: Mapped[datetime] = mapped_column(UtcInstant)


class CaseTrace(Base):
    """What mining keeps of an instance, folded from its events; may be emptied at any time, since it is made again."""

    __tablename__ = "case_trace"
    __table_args__ = (Index(None, "process_key", "path"),)

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    process_key: Mapped[str] = mapped_column(Name)
    event_count: Mapped[int]  #: of the instance when it was folded; fewer than it has now: out of date
    path: Mapped[str] = mapped_column(Id)  #: its variant, see engine.history.mining.trace
    content: Mapped[bytes] = mapped_column(LargeBinary)
