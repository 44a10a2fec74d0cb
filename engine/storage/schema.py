"""Makes the tables: by migrations when Opsbook starts, in one go for tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.errors import IntegrityViolated
from engine.storage.base import Base
from engine.storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version, in one transaction; nothing happens when they are there already.

    Raises:
        IntegrityViolated: rows would refer to others that are not there; nothing is changed.
    """
    with database.rebuilding() as session:
        database.one_at_a_time(session, "migrate")  # processes may start together
        connection = session.connection()
        config = migration_config(connection)
        if MigrationContext.configure(connection).get_current_revision() != ScriptDirectory.from_config(config).get_current_head():
            command.upgrade(config, "head")
            if not database.is_postgres:
                _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise IntegrityViolated(
            f"迁移后表 {broken[0]} 引用了不存在的行，数据库保持原样。",
            f"After the migration the table {broken[0]} would refer to rows that are not there; the database stays as it was.",
            table=broken[0],
        )


def create_schema(database: Database) -> None:
    """Make every imported table in an empty database, faster than the migrations and equal to them (a test compares the two)."""
    with database.transaction() as session:
        Base.metadata.create_all(session.connection())


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration for one connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
