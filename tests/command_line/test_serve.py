"""`opsbook serve` as a real process: it comes up, answers, comes up again fast, and stops when it is told to."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from engine.storage.database import Database

PROCEDURES = Path(__file__).parents[1] / "web" / "procedures"
ROOT = Path(__file__).parents[2]
START_S = 60
COMMAND = [sys.executable, "-c", "from web.cli import main; main()", "serve"]


def _environment(folder: Path, port: int) -> dict[str, str]:
    path = os.environ["PATH"]  # noqa: TID251 -- of the process to start
    return {"PATH": path, "PYTHONPATH": str(ROOT), "OPSBOOK_PORT": str(port), "OPSBOOK_PROCESSES_DIR": str(folder / "processes")}


@contextmanager
def _serving(folder: Path, port: int, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        COMMAND, cwd=folder, env=_environment(folder, port) | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait_until_it_answers(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=START_S)
    assert process.returncode == 0, output
    assert "Traceback" not in output


def _wait_until_it_answers(process: "subprocess.Popen[str]", port: int) -> None:
    for _ in range(START_S * 10):
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                pytest.fail(process.communicate()[0])
    pytest.fail("it does not answer")


@pytest.fixture
def port() -> int:
    """A free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        number: int = listening.getsockname()[1]
        return number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty working folder with a small procedure that needs no handler."""
    shutil.copytree(PROCEDURES / "part_request", tmp_path / "processes" / "part_request")
    return tmp_path


def test_it_comes_up_from_nothing_and_again(folder: Path, port: int, empty_database: Database) -> None:
    """Given an empty database of either kind, when it is started, stopped and started again, then each time it is ready and stops cleanly."""
    url = empty_database.url.render_as_string(hide_password=False)
    for _ in range(2):
        with _serving(folder, port, OPSBOOK_DATABASE_URL=url):
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
                assert answer.read() == b"ready\n"
            with urlopen(f"http://127.0.0.1:{port}/login", timeout=10) as answer:
                assert "Opsbook" in answer.read().decode()


def test_many_open_connections_keep_nobody_out(folder: Path, port: int) -> None:
    """Given three hundred programs that are connected and say nothing, when a page is asked for, then it comes."""
    with _serving(folder, port), ExitStack() as connected:
        for _ in range(300):
            connected.enter_context(socket.create_connection(("127.0.0.1", port)))
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            assert answer.read() == b"ready\n"


def test_a_taken_port_is_said(folder: Path) -> None:
    """Somebody else listens there: one sentence that names the setting, no traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = subprocess.run(
            COMMAND,
            cwd=folder,
            env=_environment(folder, taken.getsockname()[1]),
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )

    assert refused.returncode == 1
    assert "OPSBOOK_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr
