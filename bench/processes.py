"""Opsbook's own processes as an operator runs them, and what CPU they use."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench import linear
from engine.clock import monotonic_s

#: Seconds of CPU that one tick of /proc counts for.
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_STARTUP_S = 120
_OFFICE_HOURS = b"working_hours: {default: {monday: ['09:00-17:00']}}"


@dataclass(frozen=True)
class Server:
    """A running `opsbook serve`."""

    address: str
    pid: int

    def cpu_s(self) -> float:
        """CPU time it has used so far."""
        return cpu_s(self.pid)


@contextmanager
def serving(url: str, folder: Path, *, assignee: str = "") -> Iterator[Server]:
    """`opsbook serve` on a database, with the linear process in its processes folder."""
    for name, content in (linear.files(assignee) | {"manuals/parameters.yaml": _OFFICE_HOURS}).items():
        path = folder / "processes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    port = _free_port()
    settings = {
        "DATABASE_URL": url, "PORT": str(port), "PROCESSES_DIR": str(folder / "processes"), "FILES_DIR": str(folder / "files"), "DEMO": "0",
        "SECRET_KEY": "bench",
    }  # fmt: skip
    environment = os.environ | {f"OPSBOOK_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 -- ourselves
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/readyz")
        yield Server(address, process.pid)
    finally:
        process.kill()
        process.wait()


def cpu_s(pid: int) -> float:
    """CPU time of a process with its children, in seconds; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) * _TICK_S


def _wait_for(url: str) -> None:
    until = monotonic_s() + _STARTUP_S
    while True:
        try:
            urlopen(url, timeout=5).read()  # noqa: S310 -- our own server
        except (URLError, ConnectionError):
            if monotonic_s() > until:
                raise
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
