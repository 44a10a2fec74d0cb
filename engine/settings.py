"""Settings from `OPSBOOK_*` environment variables: the only reader of the environment. The table in docs/settings.md is tested against this class."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parent.parent


def setting(default: object, doc: str) -> object:
    """A field with its default and one sentence for the settings table."""
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """How this Opsbook runs; every field is the variable `OPSBOOK_<FIELD IN CAPITALS>`."""

    database_url: str = setting("sqlite:///var/opsbook.db", "SQLAlchemy URL of the database, SQLite or PostgreSQL (psycopg).")  # type: ignore[assignment]
    host: str = setting("127.0.0.1", "Address the server binds to.")  # type: ignore[assignment]
    port: int = setting(8000, "Port the server listens on.")  # type: ignore[assignment]
    processes_dir: Path = setting(_REPOSITORY / "processes", "Folder of diagrams, forms and decision tables deployed at start.")  # type: ignore[assignment]
    files_dir: Path = setting(Path("var/files"), "Folder of attachments, stored by content hash.")  # type: ignore[assignment]
    secret_key: str = setting("", "Key that signs sessions; made and kept under var/ when empty.")  # type: ignore[assignment]
    demo: bool = setting(False, "Demo mode: demo people with the password demo, demo data, a clock that can be advanced.")  # type: ignore[assignment]
    time_zone: str = setting("Asia/Shanghai", "Time zone of the office: days and working hours are reckoned in it.")  # type: ignore[assignment]
    smtp_url: str = setting("", "Mail server, smtp://user:password@host:port; without it mail waits in the outbox.")  # type: ignore[assignment]
    mail_from: str = setting("opsbook@localhost", "Sender of mail.")  # type: ignore[assignment]
    worker_threads: int = setting(4, "Threads of the embedded job executor; 0 for none (then run `opsbook worker`).")  # type: ignore[assignment]
    external_topics: str = setting(
        "", "Topics of embedded handlers that are left to external workers, comma separated; topics without a handler are theirs anyway."
    )  # type: ignore[assignment]
    external_waits: int = setting(
        200, "Requests for external tasks that may wait at the same time, each in a thread of its own; more are answered at once."
    )  # type: ignore[assignment]
    external_longest_wait_ms: int = setting(
        1_800_000, "Longest that a request for external tasks waits, in milliseconds, whatever it asks for; less than a proxy's patience."
    )  # type: ignore[assignment]
    broker_url: str = setting("", "RabbitMQ whose Celery workers do the handlers' jobs, amqp://user:password@host:port//; empty for none.")  # type: ignore[assignment]
    web_threads: int = setting(16, "Threads that answer requests.")  # type: ignore[assignment]
    https: bool = setting(
        False, "Whether people reach the server by https: cookies are then only sent encrypted, and browsers remember it."
    )  # type: ignore[assignment]
    proxies: int = setting(0, "How many reverse proxies stand before the server; their X-Forwarded headers are believed, nobody else's.")  # type: ignore[assignment]
    trusted_hosts: str = setting(
        "", "Host names the server answers to, comma separated; empty means itself on a loopback address, any otherwise."
    )  # type: ignore[assignment]
    max_upload_mb: int = setting(20, "Largest attachment, in megabytes.")  # type: ignore[assignment]

    four_eyes: bool = setting(
        False, "Whether a change of a procedure needs a second person: whoever proposed it may not approve it, whatever way it came."
    )  # type: ignore[assignment]
    rest_calls_per_minute: int = setting(
        1200, "REST calls that one token or person may make a minute, counted by each server process; 0 for no limit."
    )  # type: ignore[assignment]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the variables; a value of the wrong type is an error that names the variable.

        Raises:
            ValueError: a variable that cannot be converted.
        """
        source = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for item in fields(cls):
            name = f"OPSBOOK_{item.name.upper()}"
            if name in source:
                values[item.name] = _convert(name, source[name], type(item.default))
        return cls(**values)  # type: ignore[arg-type]


def _convert(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("", "0", "false", "no", "off"):
            return False
        message = f"{name} must be true or false, not {text!r}"
        raise ValueError(message)
    if kind is int:
        try:
            return int(text)
        except ValueError:
            message = f"{name} must be a whole number, not {text!r}"
            raise ValueError(message) from None
    return Path(text) if issubclass(kind, Path) else text
