"""Running and finished process instances, and the runs of their elements."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Name, UtcInstant


class ProcessInstance(Base):
    """One execution of a process definition.

    A called process is an instance of its own; `root_id` names the top of the hierarchy, whose row is what a step locks.
    `state`: active, suspended, completed, cancelled or failed (an error end event nobody caught).
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        Index(None, "root_id"),
        Index(None, "parent_element_instance_id"),
        Index(None, "business_key"),
        Index(None, "process_key", "state"),
        Index(None, "started_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    root_id: Mapped[str] = mapped_column(Id)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    parent_element_instance_id: Mapped[str | None] = mapped_column(Id)
    process_definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(Name)
    business_key: Mapped[str | None] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    end_element_id: Mapped[str | None] = mapped_column(Name)  #: the end event that ended it
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    started_by: Mapped[str | None] = mapped_column(Name)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revision: Mapped[int]
    event_count: Mapped[int]  #: sequence number of the last event
    runtime_state: Mapped[bytes] = mapped_column(LargeBinary)  #: variables and what is alive, see engine.runtime.state


class ElementInstance(Base):
    """One run of one flow element.  `state`: active, completed, cancelled."""

    __tablename__ = "element_instance"
    __table_args__ = (Index(None, "instance_id", "state"), Index(None, "element_id", "instance_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)  #: `instance id-number`
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    parent_id: Mapped[str | None] = mapped_column(Id)  #: the sub-process run it belongs to
    element_id: Mapped[str] = mapped_column(Name)
    element_type: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)
    entered_at: Mapped[datetime] = mapped_column(UtcInstant)
    left_at: Mapped[datetime | None] = mapped_column(UtcInstant)
