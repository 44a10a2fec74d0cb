"""Makes the tables: by migrations when Opsbook starts, in one go for tests."""

from sqlalchemy import text

from engine.storage.base import Base
from engine.storage.database import Database
from engine.storage.triggers import append_only


def create_schema(database: Database) -> None:
    """Make every imported table in an empty database, as the migrations would (a test compares the two)."""
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in append_only("event", is_postgres=database.is_postgres):
            connection.execute(text(statement))
