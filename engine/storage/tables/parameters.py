"""What the office set otherwise than the parameter file."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only


class JsonValue(TypeDecorator[Any]):
    """Any JSON value, wrapped in an object: SQLite would make numbers of texts that look like one."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> dict[str, Any]:  # noqa: ARG002 — SQLAlchemy's signature
        """Wrap it."""
        return {"value": value}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 — SQLAlchemy's signature
        """Unwrap it."""
        return value["value"]


class ParameterChange(Base):
    """One change of a parameter by a person; the newest of a name counts."""

    __tablename__ = "parameter_change"
    __table_args__ = (Index(None, "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    before: Mapped[Any] = mapped_column(JsonValue)
    after: Mapped[Any] = mapped_column(JsonValue)
    restored: Mapped[bool]  #: from now on as the file says, also when the file is changed
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)
    changed_by: Mapped[str] = mapped_column(Name)


keep_append_only(ParameterChange.__table__)
