"""A PostgreSQL server of our own for the tests: started from the machine's packages, thrown away at the end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_STARTUP_TRIES = 100
_NOT_DURABLE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def programs() -> Path | None:
    """The folder of the newest installed `initdb` and `postgres`, or None."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


@contextmanager
def running_server(bin_folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Give the URL of the superuser's database on a new server; it listens on a socket only.

    PostgreSQL refuses to run as root, so root lends it the user `postgres`.

    Args:
        bin_folder: where its programs are.
        durable: write commits to the disk as in real use, instead of as fast as can be.
    """
    identity = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="opsbook-pg-"))
    if identity:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    initdb = [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **identity)
    options = [f"-c{option}" for option in ("listen_addresses=", "max_connections=200", *(() if durable else _NOT_DURABLE))]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-k", folder, *options], cwd=folder, stdout=log, stderr=log, **identity
        )
    try:
        _wait_until_ready(folder, server)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # "fast" shutdown
        server.wait(timeout=30)
        shutil.rmtree(folder)


def _wait_until_ready(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(_STARTUP_TRIES):
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            try:
                server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        else:
            return
    message = "PostgreSQL did not start:\n" + (folder / "log").read_text()
    raise RuntimeError(message)
