"""Runs migrations on the connection that `engine.storage.schema` hands over; the caller commits."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlalchemy.types import TypeDecorator

from engine.storage.base import Base


def frozen_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write the database's own type into a revision, so that it does not change when our classes do."""
    if kind == "type" and isinstance(item, JSON):
        return "JSON"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    render_item=frozen_type,
)
with context.begin_transaction():
    context.run_migrations()
