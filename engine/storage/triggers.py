"""Triggers that make a table append-only, so that not even an administrator's program rewrites it by accident."""

from typing import Any

from sqlalchemy import Connection, FromClause, event, text


def keep_append_only(table: FromClause) -> None:
    """Protect a table whenever its metadata creates it; its migration has to call `append_only` itself."""

    def protect(_table: Any, connection: Connection, **_options: Any) -> None:
        for statement in append_only(str(table), is_postgres=connection.dialect.name == "postgresql"):
            connection.execute(text(statement))

    event.listen(table, "after_create", protect)


def append_only(table: str, *, is_postgres: bool) -> list[str]:
    """The statements that make a database refuse to change or remove rows of a table."""
    return _postgres(table) if is_postgres else _sqlite(table)


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_refuse_{action.lower()} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for action in ("UPDATE", "DELETE")
    ]


def _postgres(table: str) -> list[str]:
    function = (
        f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    return [
        function,
        f"CREATE TRIGGER {table}_refuse_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()",
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change()",
    ]
