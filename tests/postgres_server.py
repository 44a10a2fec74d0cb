"""A PostgreSQL server of our own for the tests: started from the machine's packages, thrown away at the end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_STARTUP_TRIES = 200
_NOT_DURABLE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def programs() -> Path | None:
    """The folder of the newest installed `initdb` and `postgres`, or None."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


class Server:
    """A PostgreSQL server that can be stopped in every way and started again with what it had.

    It listens on a socket only. PostgreSQL refuses to run as root, so root lends it the user `postgres`.
    """

    def __init__(self, bin_folder: Path, folder: Path, *, durable: bool = False) -> None:
        """Make an empty cluster.

        Args:
            bin_folder: where its programs are.
            folder: for its data, its log and its socket.
            durable: write commits to the disk as in real use, instead of as fast as can be.
        """
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._folder = folder
        self._identity: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.own(folder)
        data = folder / "data"
        initdb: list[str | Path] = [
            bin_folder / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **self._identity)
        options = [f"-c{option}" for option in ("listen_addresses=", "max_connections=200", *(() if durable else _NOT_DURABLE))]
        self._command: list[str | Path] = [bin_folder / "postgres", "-D", data, "-k", folder, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def own(self, folder: Path) -> None:
        """Give a folder to the user that the server runs as."""
        if self._identity:
            shutil.chown(folder, "postgres", "postgres")

    def start(self) -> None:
        """Start, and return when it answers; what a killed one left behind may need some tries.

        Raises:
            RuntimeError: it does not start.
        """
        for _ in range(_STARTUP_TRIES):
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=log, stderr=log, **self._identity)
            if self._answers():
                return
        message = "PostgreSQL did not start:\n" + (self._folder / "log").read_text()
        raise RuntimeError(message)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is its fast shutdown, SIGQUIT the immediate one, which recovers at the next start, SIGKILL nobody's choice."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=60)

    def _answers(self) -> bool:
        """Until it takes connections; False when it has ended instead."""
        assert self._process is not None
        for _ in range(_STARTUP_TRIES):
            try:
                psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres").close()
            except psycopg.OperationalError:
                try:
                    self._process.wait(timeout=0.1)
                except subprocess.TimeoutExpired:
                    continue
                return False
            return True
        return False


@contextmanager
def server(bin_folder: Path, *, durable: bool = False) -> Iterator[Server]:
    """A running server, thrown away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="opsbook-pg-"))
    made = Server(bin_folder, folder, durable=durable)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@contextmanager
def running_server(bin_folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of the superuser's database on a running server."""
    with server(bin_folder, durable=durable) as made:
        yield made.url
